"""What lies on disk says nothing about anybody: no number, name or text in clear, in no file of a data folder or of a backup; and
what each command says where the master key is missing, of another folder, or new."""
import shutil

from harness import Case

# Of two residents, a suspect and what was said and noted; each planted by another way.
PERSONAL = ["13900001111", "13900002222", "85261234567", "您的账户涉嫌洗钱，请将资金转入安全账户", "本人称已转账给王某某",
            "青年路三号", "疑似冒充公检法", "39ab0007", "李秀英家属"]
CONTROL = "Quanzu-control-7f3a"  # the name of a feed, which is nobody's: found, so the search can find


def forms_of(text):
    """As it may lie in a file: UTF-8, in JSON with escapes, UTF-16."""
    yield text.encode()
    if not text.isascii():
        yield text.encode("unicode_escape")
    yield text.encode("utf-16-le")


class VaultTest(Case):
    def setUp(self):
        super().setUp()
        self.key = self.data / "master.key"
        self.tokens = {name: self.add_user(name, role)
                       for name, role in {CONTROL: "feed", "li": "operator", "chen": "supervisor"}.items()}

    def work(self, *options):
        """A day at the desk that leaves each of PERSONAL somewhere; ended by a kill, so that the write-ahead log stays."""
        server = self.serve("--snapshot-every", "1", *options)
        self.send(server, self.tokens[CONTROL], [
            {"kind": "sms", "resident.number": "13900001111", "peer.number": "0085261234567", "text": PERSONAL[3]},
            {"kind": "sms", "resident.number": "39ab0007", "text": PERSONAL[3]},  # a reject
            {"kind": "sms", "resident.number": "13900001111", "text": "青年路三号 明天停水"},  # matches nothing
            {"kind": "instruction", "resident.number": "13900002222", "instruction.id": "YJ-1", "level": "high",
             "issued_at": "2026-11-24T10:00:00+08:00", "fraud.type": "impersonate_police", "text": "疑似冒充公检法"}])
        li = server.api(self.tokens["li"])
        claimed = li.call("Cases/ClaimNext", {"types": ["call"]})
        li.call("Cases/RecordAttempt", {
            "task_id": claimed["task"]["task_id"], "version": claimed["case"]["version"], "result": "reached",
            "identity": "called_back", "line_cut": True, "stopped_by": "operator", "note": "本人称已转账给王某某"})
        li.call("Cases/Open", {"place": "青年路三号", "kind": "fraud", "level": "low", "text": "李秀英家属", "source": "hotline"})
        while server.metrics()["quanzu_snapshots_total"] == 0:
            li.call("Cases/Open", {"number": "13900002222", "kind": "fraud", "level": "low", "text": "x", "source": "hotline"})
        return server

    def found_in(self, root, text):
        """Files that hold it, in any of its forms."""
        files = [root] if root.is_file() else [path for path in root.rglob("*") if path.is_file()]
        self.assertTrue(files)
        return [path.name for path in files if any(form in path.read_bytes() for form in forms_of(text))]

    def test_no_file_holds_a_number_a_name_or_a_text_in_clear(self):
        server = self.work()
        backup = self.folder / "monday.backup"
        self.run_json("quanzud", "backup", "--data", self.data, "--to", backup)
        server.kill9()
        self.assertTrue(list((self.data / "snapshots").iterdir()))
        self.assertTrue(self.found_in(self.data, CONTROL), "the search finds nothing at all")
        self.assertTrue(self.found_in(backup, CONTROL), "the search finds nothing at all")
        for text in PERSONAL:
            self.assertEqual(self.found_in(self.data, text), [], text)
            self.assertEqual(self.found_in(backup, text), [], text)
            self.assertEqual(self.found_in(server.log, text), [], text)
        # It is all there, for who has the key.
        server = self.serve()
        told = "".join(str(case) for case in server.api(self.tokens["li"]).cases())
        for text in (PERSONAL[3], "本人称已转账给王某某", "青年路三号", "李秀英家属"):
            self.assertIn(text, told)
        self.assertEqual(server.stop(), 0)
        self.verify()
        self.run_json("quanzud", "verify", "--data", self.data, "--deep")

    def every_reader(self, *key):
        """Each command that reads what is encrypted."""
        data = ("--data", self.data, *key)
        yield "quanzud", "serve", *data, "--http", "127.0.0.1:0", "--feed", "127.0.0.1:0"
        yield "quanzud", "verify", *data
        yield "quanzud", "verify", "--deep", *data
        yield "quanzud", "journal", *data
        yield "quanzud", "measures", "rebuild", *data
        yield "quanzud", "user", "list", *data
        yield "quanzud", "user", "add", "wang", "--role", "operator", *data
        yield "quanzu", "backtest", "--rules", self.build.parents[1] / "tests/e2e/packs", *data

    def test_without_the_key_every_command_says_which_is_missing_and_where_it_should_be(self):
        self.work().kill9()
        away = self.folder / "usb-stick"
        shutil.move(self.key, away)
        for command in self.every_reader():
            with self.subTest(" ".join(str(word) for word in command[:3])):
                refused = self.run_command(*command, exit_code=3)
                self.assertIn("the data is encrypted under master key ", refused.stderr)
                self.assertIn(f"which is to be in {self.key}", refused.stderr)
                self.assertIn("--key-file", refused.stderr)
        self.assertFalse(self.key.exists(), "a new key would only hide that the old one is gone")
        doctor = self.run_json("quanzud", "doctor", "--data", self.data, exit_code=1)
        finding, = [each for each in doctor["findings"] if each["name"] == "folder.key"]
        self.assertEqual(finding["verdict"], "bad")
        # A backup needs no key, and its restore needs the old one.
        backup = self.folder / "tuesday.backup"
        self.run_json("quanzud", "backup", "--data", self.data, "--to", backup)
        refused = self.run_command("quanzud", "restore", "--from", backup, "--data", self.folder / "new", exit_code=3)
        self.assertIn("the data is encrypted under master key ", refused.stderr)
        self.assertFalse((self.folder / "new").exists(), "nothing is made that can't be read")
        for command in list(self.every_reader("--key-file", away))[1:]:
            self.run_command(*command)
        restored = self.run_json("quanzud", "restore", "--from", backup, "--data", self.folder / "other", "--key-file", away)
        self.assertTrue(restored["ok"])
        self.run_command("quanzud", "verify", "--data", self.data, env={"QUANZU_KEY_FILE": str(away)})

    def test_the_key_of_another_folder_is_called_that(self):
        self.work().kill9()
        key = self.folder / "other.key"
        self.run_command("quanzud", "user", "add", "wang", "--role", "operator", "--data", self.folder / "other", "--key-file", key)
        for command in self.every_reader("--key-file", key):
            with self.subTest(" ".join(str(word) for word in command[:3])):
                self.assertIn("it is the key of another folder", self.run_command(*command, exit_code=3).stderr)
        self.verify()

    def test_a_new_master_key_opens_all_and_the_file_keeps_the_old_one_for_old_backups(self):
        server = self.work()
        backup = self.folder / "old.backup"
        self.run_json("quanzud", "backup", "--data", self.data, "--to", backup)
        refused = self.run_command("quanzud", "keys", "rotate", "--data", self.data, exit_code=3)
        self.assertIn("stop that one first", refused.stderr)
        self.assertEqual(server.stop(), 0)
        digest = self.verify()["journal_digest"]
        old = {each["master"] for each in self.run_json("quanzud", "keys", "list", "--data", self.data)["keys"]}
        self.assertEqual(len(old), 1)
        fresh = self.run_json("quanzud", "keys", "rotate", "--data", self.data)["master"]
        keys = self.run_json("quanzud", "keys", "list", "--data", self.data)["keys"]
        self.assertEqual({each["master"] for each in keys}, {fresh})
        self.assertNotIn(fresh, old)
        self.assertEqual(self.verify()["journal_digest"], digest)
        server = self.serve()
        self.assertEqual(server.stop(), 0)
        restored = self.run_json("quanzud", "restore", "--from", backup, "--data", self.folder / "r", "--key-file", self.key)
        self.assertTrue(restored["ok"])

    def test_a_clone_of_a_folder_never_encrypts_under_a_key_of_the_original(self):
        self.work().kill9()
        clone = self.folder / "clone"
        shutil.copytree(self.data, clone, ignore=lambda folder, names: [name for name in names if name.endswith(".sock")])
        for data in (self.data, clone):
            self.assertEqual(self.serve(data=data).stop(), 0)
        ours, theirs = ({key for key, in self.rows("SELECT key_id FROM keys", data=data)} for data in (self.data, clone))
        self.assertEqual(len(ours - theirs), 1)
        self.assertEqual(len(theirs - ours), 1)
