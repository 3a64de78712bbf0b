"""`quanzud serve --config`: what the file says, what the command line says over it, and what is wrong with a file."""
from pathlib import Path

from harness import PACKS, ROOT, Case, Server


class ConfigFile(Case):
    def write(self, text):
        path = self.folder / "quanzud.toml"
        path.write_text(text)
        return path

    def threads(self, server, name):
        tasks = Path(f"/proc/{server.process.pid}/task")
        return sum((task / "comm").read_text().startswith(name) for task in tasks.iterdir())

    def refused(self, *arguments):
        return self.run_command("quanzud", "serve", *arguments, exit_code=2).stderr

    def test_a_file_says_what_the_command_line_does_not(self):
        token = self.add_user("ann", "admin")
        config = self.write(f'# ours\ndata = "{self.data}"\nprofile = "street"\nhttp = "127.0.0.1:1"\nfeed = "127.0.0.1:0"\n'
                            f'packs = "{self.folder / "none"}"\nworkers = 1\n')
        for name, options in (("first", ["--config", config, "--http", "127.0.0.1:0"]),
                              ("last", ["--http", "127.0.0.1:0", "--config", config])):
            with self.subTest(name):
                server = Server(self.build, self.data, PACKS, *options)
                self.addCleanup(server.end)
                server.start()  # --packs and --feed of the command line go first too
                self.assertEqual(self.threads(server, "match"), 1)  # of two cores: the file's
                self.assertEqual(server.api(token).call("Admin/ListUsers")["users"][0]["name"], "ann")
                self.assertEqual(server.stop(), 0)

    def test_the_file_alone_is_enough_and_the_shipped_one_is_read(self):
        shipped = (ROOT / "packaging/quanzud.toml").read_text()
        config = self.write(shipped.replace("/var/lib/quanzu", str(self.data)).replace("/usr/share/quanzu", str(self.folder))
                            .replace(":8080", ":0").replace(":7400", ":0"))
        said = self.run_command("quanzud", "serve", "--config", config, exit_code=3).stderr
        self.assertIn(str(self.folder / "packs"), said)  # read: the folder of packs that it names is not there

    def test_a_wrong_file_is_refused_by_name(self):
        self.assertIn('"dat" is no option of serve', self.refused("--config", self.write('dat = "x"\n')))
        self.assertIn('"serve.data" is no option of serve', self.refused("--config", self.write('[serve]\ndata = "x"\n')))
        self.assertIn("--data is required", self.refused("--config", self.write("workers = 1\n")))
        self.assertIn("workers", self.refused("--config", self.write(f'data = "{self.data}"\nworkers = 0\n')))
        for text, why in ((f'data = "{self.data}#b"\n', "a # inside quotes"), (f"data = {self.data},b\n", "has one value"),
                          (f'data = "{self.data}"\ndata = "{self.data}"\n', "has one value"),
                          (f'data = "{self.data}"\nworkers = 1\ndata = "{self.data}"\n', "stands there twice")):
            self.assertIn(why, self.refused("--config", self.write(text)))
        self.assertIn("--http is given twice", self.refused("--data", self.data, "--http", "127.0.0.1:0", "--http", "127.0.0.1:0"))
        self.assertIn("none.toml", self.refused("--config", self.folder / "none.toml"))
        self.assertFalse(self.data.exists())
