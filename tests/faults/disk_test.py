"""What a failing disk does to a real server, fault by fault: what the operator is told, and that nothing acked is lost."""
import contextlib
import json
import sqlite3
import subprocess

import shim
from harness import ENVIRONMENT, Case, PACKS, Server

COUNT = 3000


class DiskTest(Case):
    def setUp(self):
        super().setUp()
        self.feed = self.add_user("telecom", "feed")
        self.shim = shim.build(self.folder)

    def faulty(self, fault, *options):
        server = Server(self.build, self.data, PACKS, *options)
        server.env = shim.environment(self.shim, self.folder, fault, ENVIRONMENT["ASAN_OPTIONS"])
        self.addCleanup(server.end)
        return server.start()

    def load(self, server, count=COUNT, patience_s=120):
        """The sender's exit code, once so many more are acked or its patience has ended."""
        texts = self.folder / "texts.txt"
        texts.write_text("".join(f"明天下午第{n}次家长会\n" for n in range(20)) + "您的资金请转入安全账户\n")
        return subprocess.run(
            [self.build / "quanzu", "load", "--feed", server.feed, "--count", str(count), "--stream", "disk", "--acked-log",
             self.folder / "acked", "--text", texts, "--patience", str(patience_s)],
            env={**ENVIRONMENT, "QUANZU_TOKEN": self.feed}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            timeout=self.limit_s).returncode

    def acked(self):
        log = self.folder / "acked"
        lines = log.read_text().split("\n")[:-1] if log.exists() else []
        return max((int(line.split(" ")[1]) for line in lines), default=0)

    def says(self, server, *words):
        log = server.log.read_text()
        for word in words:
            self.assertIn(word, log)

    def hit(self, fault):
        self.assertEqual((self.folder / "fault").read_text(), fault + "\n", "the fault never came")

    def goes_on(self):
        """A sound server takes the folder: nothing acked is lost, the sender goes on to the end, all is there once."""
        acked = self.acked()
        kept = len(self.journal("--raw"))
        self.assertGreaterEqual(kept, acked)
        server = self.serve()
        if kept < COUNT:
            self.assertEqual(self.load(server, COUNT - kept), 0)
        self.assertEqual(server.stop(), 0)
        lines = self.journal("--raw")
        self.assertEqual((len(lines), len(set(lines))), (COUNT, COUNT))
        self.verify()

    def ends(self, fault, *words):
        """The fault ends the server with exit 3, and its log says why."""
        server = self.faulty(fault)
        self.assertNotEqual(self.load(server, patience_s=2), 0)
        self.assertEqual(server.process.wait(60), 3, server.log.read_text()[-2000:])
        server.process.stdout.close()
        self.hit(fault)
        self.says(server, "a write failed, nothing more is taken", *words)
        self.goes_on()

    def test_a_full_disk_ends_the_server_which_says_to_free_space(self):
        self.ends("log.write:30:enospc", "full", "free space on this disk, then start again")

    def test_a_write_error_ends_the_server_which_says_to_check_the_disk(self):
        self.ends("log.write:30:eio", "disk I/O error", "check the disk and its cable or volume")

    def test_a_failed_flush_ends_the_server_and_the_next_start_settles_what_was_written(self):
        self.ends("log.flush:6:eio", "disk I/O error", "check the disk and its cable or volume")

    def test_a_torn_write_of_the_log_loses_nothing_that_was_acked(self):
        fault = "log.write:40:torn"
        server = self.faulty(fault)
        self.load(server, patience_s=2)
        server.process.wait(60)
        self.hit(fault)
        self.goes_on()

    def test_a_power_cut_loses_nothing_that_was_acked(self):
        fault = "log.flush:6:power"
        server = self.faulty(fault)
        self.load(server, patience_s=2)
        server.process.wait(60)
        self.hit(fault)
        self.goes_on()

    def test_a_disk_that_lies_about_flushes_loses_the_end_of_the_journal_and_no_more(self):
        server = self.faulty("log.flush:6:lie")
        self.load(server, patience_s=2)
        server.process.wait(60)
        self.hit("log.flush:6:lie")
        kept = len(self.journal("--raw"))
        self.assertLess(kept, COUNT)
        self.assertEqual(self.verify()["signals"], kept)
        server = self.serve()
        self.assertEqual(server.stop(), 0)

    def test_a_snapshot_that_finds_no_room_is_told_and_nothing_else_happens(self):
        server = self.faulty("snapshot.write:1:enospc", "--snapshot-every", "1")
        self.assertEqual(self.load(server), 0)
        self.wait_for_snapshot(server)
        self.hit("snapshot.write:1:enospc")
        self.says(server, "snapshots/", "No space left on device; free space on this disk")
        self.assertEqual(server.metrics()["quanzu_snapshots_failed_total"], 1)
        self.assertEqual(server.stop(), 0)
        self.verify()

    def wait_for_snapshot(self, server):
        """Until the follower has come to a snapshot after the one that failed; each sender opens a stream, an event."""
        for number in range(200):
            if server.metrics()["quanzu_snapshots_total"] > 0:
                return
            self.send(server, self.feed, [{"kind": "sms", "resident": "13900001111", "peer": "95588", "text": "x"}],
                      stream=f"more-{number}")
        self.fail("no snapshot came")

    def test_a_bit_flipped_in_a_snapshot_is_found_before_it_is_used(self):
        fault = "snapshot.write:1:flip"
        server = self.faulty(fault, "--snapshot-every", "1")
        self.assertEqual(self.load(server), 0)
        self.wait_for_snapshot(server)
        self.hit(fault)
        damaged = sorted((self.data / "snapshots").glob("*.snapshot"))
        server.kill9()
        verified = subprocess.run([self.build / "quanzud", "verify", "--data", self.data, "--json"], capture_output=True,
                                  env=ENVIRONMENT, timeout=self.limit_s)
        report = json.loads(verified.stdout)
        server = self.serve()
        passed_over = server.metrics()["quanzu_snapshots_passed_over_total"]
        self.assertEqual(server.stop(), 0)
        # It may be gone already: two newer ones take its place.
        self.assertIn(len(damaged), (1, 2))
        if not report["ok"]:
            self.assertIn("the snapshot is damaged: its bytes differ from its hash", report["first_difference"])
            self.assertLessEqual(passed_over, 1)

    def test_a_bit_flipped_in_the_journal_stops_the_start_and_verify_at_the_block(self):
        server = self.serve()
        self.assertEqual(self.load(server), 0)
        self.assertEqual(server.stop(), 0)
        with contextlib.closing(sqlite3.connect(self.data / "quanzu.db")) as database, database:
            (block,), = database.execute("SELECT max(block) - 1 FROM journal")
            (events,), = database.execute("SELECT events FROM journal WHERE block = ?", (block,))
            flipped = bytearray(events)
            flipped[len(flipped) // 2] ^= 0x10
            database.execute("UPDATE journal SET events = ? WHERE block = ?", (bytes(flipped), block))
        told = f"journal block {block}: events differs from its hash: it was changed after it was written"
        self.assertEqual(self.run_json("quanzud", "verify", "--data", self.data, exit_code=1)["first_difference"], told)
        refused = self.run_command("quanzud", "serve", "--data", self.data, "--http", "127.0.0.1:0", "--feed",
                                   "127.0.0.1:0", exit_code=3)
        self.assertIn(told, json.dumps(refused.stderr))
