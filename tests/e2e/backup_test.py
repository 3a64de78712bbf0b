"""A backup beside a running server, and what is restored from it; snapshots, and what a restart does with them."""
import contextlib
import shutil
import sqlite3
import subprocess

from harness import ENVIRONMENT, Case

COUNT = 8000


class BackupTest(Case):
    def setUp(self):
        super().setUp()
        self.feed = self.add_user("telecom", "feed")
        self.file = self.folder / "monday.backup"
        self.key = self.data / "master.key"  # a backup has none of its own

    def start_load(self, server, count=COUNT, stream="load"):
        texts = self.folder / "texts.txt"
        texts.write_text("".join(f"明天下午第{n}次家长会\n" for n in range(50)) + "您的资金请转入安全账户\n")
        load = subprocess.Popen(
            [self.build / "quanzu", "load", "--feed", server.feed, "--count", str(count), "--connections", "1",
             "--stream", stream, "--acked-log", self.folder / "acked", "--text", texts, "--residents", "500"],
            env={**ENVIRONMENT, "QUANZU_TOKEN": self.feed}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.addCleanup(load.kill)
        return load

    def load(self, server, count, stream="load"):
        _, errors = self.start_load(server, count, stream).communicate(timeout=self.limit_s)
        self.assertNotIn(b"error", errors)

    def acked(self):
        log = self.folder / "acked"
        lines = log.read_text().split("\n")[:-1] if log.exists() else []
        return max((int(line.split(" ")[1]) for line in lines), default=0)

    def back_up(self, **options):
        return self.run_json("quanzud", "backup", "--data", self.data, "--to", self.file, **options)

    def restore(self, to, exit_code=0):
        return self.run_json("quanzud", "restore", "--from", self.file, "--data", to, "--key-file", self.key,
                             exit_code=exit_code)

    def test_a_backup_under_load_holds_all_that_was_acked_before_it_and_serves_again(self):
        server = self.serve("--snapshot-every", "20")
        load = self.start_load(server)
        while self.acked() == 0:
            self.assertIsNone(load.poll(), "the load ended before anything was acked")
        acked = self.acked()
        made = self.back_up()
        load.communicate(timeout=self.limit_s)
        self.assertEqual(load.returncode, 0)
        self.assertEqual(server.stop(), 0)

        other = self.folder / "restored"
        restored = self.restore(other)
        self.assertTrue(restored["ok"], restored)
        self.assertEqual((restored["blocks"], restored["sequence"]), (made["blocks"], made["sequence"]))
        self.assertGreaterEqual(restored["signals"], acked)
        shutil.copy(self.key, other)
        self.assertEqual(restored["journal_digest"], self.verify(data=other)["journal_digest"])
        self.assertTrue(list((other / "packs").iterdir()), "a rollback needs the packs")
        if made["snapshot"]:
            self.assertEqual([int(each.stem) for each in (other / "snapshots").iterdir()], [made["snapshot"]])
        again = self.serve(data=other)
        self.load(again, COUNT - restored["signals"])  # the sender goes on behind what the backup holds
        self.assertEqual(again.stop(), 0)
        self.assertEqual(self.verify(data=other)["signals"], COUNT)

    def test_a_backup_without_a_server_is_the_folder_and_nothing_is_overwritten(self):
        server = self.serve()
        self.load(server, 300)
        self.assertEqual(server.stop(), 0)
        self.back_up()
        refused = self.run_command("quanzud", "backup", "--data", self.data, "--to", self.file, exit_code=1)
        self.assertIn("overwrites nothing", refused.stderr)
        other = self.folder / "restored"
        restored = self.restore(other)
        self.assertEqual(restored["journal_digest"], self.verify()["journal_digest"])
        refused = self.run_command("quanzud", "restore", "--from", self.file, "--data", other, exit_code=1)
        self.assertIn("is not empty", refused.stderr)
        self.run_command("quanzud", "backup", "--data", self.folder / "nowhere", "--to", self.folder / "x", exit_code=3)

    def test_a_damaged_backup_is_named(self):
        server = self.serve()
        self.load(server, 300)
        self.back_up()
        self.assertEqual(server.stop(), 0)
        whole = self.file.read_bytes()
        for number, (damage, named) in enumerate({
                "UPDATE cases SET score = score + 1": "column score",
                "UPDATE journal SET events = zeroblob(9) WHERE block = 2": "journal block 2: events differs from its hash",
        }.items()):
            self.file.write_bytes(whole)
            with contextlib.closing(sqlite3.connect(self.file)) as database, database:
                database.execute(damage)
            restored = self.restore(self.folder / f"restored{number}", exit_code=1)
            self.assertFalse(restored["ok"])
            self.assertIn(named, restored["first_difference"])
        self.file.write_bytes(b"no database of ours" * 400)
        self.run_command("quanzud", "restore", "--from", self.file, "--data", self.folder / "other", exit_code=3)

    def begun_with(self, server):
        line = [line for line in server.log.read_text().splitlines() if "serving with" in line][-1]
        return line.split(" from ")[1].split(" in ")[0]

    def test_a_restart_begins_with_the_newest_good_snapshot_and_comes_to_the_same(self):
        server = self.serve("--snapshot-every", "5")
        for number in range(100):
            self.load(server, 300, f"s{number}")
            if server.metrics()["quanzu_snapshots_total"] >= 3:
                break
        self.assertEqual(server.metrics()["quanzu_state_differs"], 0)
        server.kill9()
        snapshots = sorted((self.data / "snapshots").glob("*.snapshot"))
        self.assertEqual(len(snapshots), 2)
        server = self.serve()
        self.assertEqual(self.begun_with(server), f"the snapshot after block {int(snapshots[1].stem)}")
        server.kill9()

        damaged = bytearray(snapshots[1].read_bytes())
        damaged[len(damaged) // 2] ^= 1
        snapshots[1].write_bytes(damaged)
        server = self.serve()
        self.assertEqual(self.begun_with(server), f"the snapshot after block {int(snapshots[0].stem)}")
        self.assertEqual(server.metrics()["quanzu_snapshots_passed_over_total"], 1)
        self.assertIn(f"{snapshots[1]}: the snapshot is damaged", server.log.read_text())
        server.kill9()

        shutil.rmtree(self.data / "snapshots")
        server = self.serve()
        self.assertEqual(self.begun_with(server), "the journal's begin")
        self.assertEqual(server.stop(), 0)
        self.verify()
