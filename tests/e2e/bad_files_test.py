"""What commands and folders give for bad input: files, rules, tables, a second server, a wrong command line, a tampered store."""
import contextlib
import json
import socket
import sqlite3

from harness import PACKS, Case, Server

RULE = """\
title: Probe
name: probe
description: For tests.
logsource: {product: quanzu, category: sms}
detection:
  words:
    text|contains: %s
  condition: %s
antifraud: {version: "1.0", owner: e2e, fraud_type: brushing, stage: hook, weight: 45, half_life: 14d}
"""


class FilesTest(Case):
    def start(self, *options, **more):
        self.feed = self.add_user("telecom", "feed")
        self.chen = self.add_user("chen", "supervisor")
        return self.serve(*options, **more)

    def fails_to_serve(self, exit_code, *words, packs=PACKS, http="127.0.0.1:0", feed="127.0.0.1:0"):
        done = self.run_command("quanzud", "serve", "--data", self.data, "--http", http, "--feed", feed, "--packs", packs,
                                exit_code=exit_code)
        self.assertEqual(done.stdout, "")
        for word in words:
            self.assertIn(word, done.stderr)

    def write_rule(self, word, condition="words"):
        pack = self.folder / "packs" / "probe"
        pack.mkdir(parents=True, exist_ok=True)
        (pack / "probe.yml").write_text(RULE % (word, condition))
        return pack.parent

    def alerts(self):
        return self.rows("SELECT rule, seq FROM alerts ORDER BY seq")

    # Rules.

    def test_a_rule_that_does_not_parse_stops_the_start_and_is_named(self):
        packs = self.write_rule("刷单", "words and")
        self.fails_to_serve(1, "probe.yml:8:23", "name is missing", packs=packs)
        packs = self.write_rule("[刷单")
        self.fails_to_serve(1, "probe.yml:", packs=packs)
        self.fails_to_serve(3, "no-such-folder", packs=self.folder / "no-such-folder")

    def test_a_rule_that_does_not_parse_at_reload_leaves_the_old_ones_live(self):
        packs = self.write_rule("刷单")
        server = self.start(packs=packs)
        row = {"kind": "sms", "resident.number": "13900001111", "text": "刷单", "peer.number": "13800002222"}
        self.send(server, self.feed, [row], stream="a")
        self.write_rule("兼职", "words and")
        done = self.run_command("quanzud", "packs", "reload", "--data", self.data, exit_code=1)
        self.assertIn("probe.yml:8", done.stderr)
        self.send(server, self.feed, [row], stream="b")
        self.assertEqual(self.alerts(), [("probe", 1)] * 2)
        self.write_rule("兼职")
        self.run_command("quanzud", "packs", "reload", "--data", self.data)
        self.send(server, self.feed, [row, {**row, "text": "兼职"}], stream="c")
        self.assertEqual(self.alerts(), [("probe", 1)] * 2 + [("probe", 2)])
        self.assertEqual(server.stop(), 0)
        self.verify()

    # Tables and the spool.

    def test_broken_rows_of_a_table_are_kept_as_rejects_and_the_others_are_taken(self):
        server = self.start()
        table = self.folder / "broken.csv"
        table.write_text('kind,resident.number,text,duration_s\n'
                         'sms,13900001111,请转入安全账户,\n'
                         'sms,13900001111\n'
                         'call,13900001111,喂,soon\n'
                         'sms,13900001111,"never closed,\n'
                         'fax,13900001111,x,\n'
                         'sms,13900002222,请转入安全账户,\n', encoding="utf-8")
        sent = self.run_json("quanzu", "send", "--feed", server.feed, "--stream", "t", table,
                             env={"QUANZU_TOKEN": self.feed})
        self.assertEqual((sent["acked"], sent["rejected"]), (6, 4))
        rejects = server.api(self.chen).call("Feed/Rejects")["rejects"]
        details = {each["seq"]: each["detail"] for each in rejects}
        self.assertEqual({each["reason"] for each in rejects}, {"unreadable"})
        for seq, words in {2: ["line 3", "2 cells", "4"], 3: ["line 4", "duration_s", "soon"],
                           4: ["line 5", "never closed"], 5: ["line 6", "fax"]}.items():
            for word in words:
                self.assertIn(word, details[seq])
        self.assertEqual([seq for _, seq in self.alerts()], [1, 6])

    def test_a_table_whose_header_is_wrong_is_not_sent_at_all(self):
        server = self.start()
        table = self.folder / "wrong.csv"
        for text, word in [("kind,resident.nummer\nsms,13900001111\n", "resident.nummer"), ("text\nx\n", "no column kind"),
                           ("", "no header")]:
            table.write_text(text)
            done = self.run_command("quanzu", "send", "--feed", server.feed, "--token", self.feed, table, exit_code=1)
            self.assertIn(word, done.stderr)
        self.assertEqual(server.metrics()["quanzu_signals_total"], 0)

    def test_a_spool_file_is_taken_once_moved_and_reported(self):
        server = self.start()
        row = {"kind": "sms", "resident.number": "13900001111", "text": "请转入安全账户"}
        draft = self.folder / "night.jsonl"
        draft.write_text(json.dumps(row) + "\n{broken\n" + json.dumps({**row, "resident.number": "12ab"}) + "\n")
        spool = self.data / "spool"
        draft.rename(spool / "night.jsonl")
        report = spool / "done" / "night.jsonl.report"
        self.wait_for(server, lambda: report.exists() and not (spool / "night.jsonl").exists())
        told = json.loads(report.read_text())
        self.assertEqual((told["accepted"], told["rejected"]), (1, 2))
        self.assertEqual([(each["line"], each["reason"]) for each in told["rejects"]],
                         [(2, "unreadable"), (3, "bad_number")])
        self.assertTrue((spool / "done" / "night.jsonl").exists())
        self.assertEqual(len(self.alerts()), 1)
        # The same content under another name is the same stream: nothing is taken twice.
        (self.folder / "again.jsonl").write_text((spool / "done" / "night.jsonl").read_text())
        (self.folder / "again.jsonl").rename(spool / "again.jsonl")
        self.wait_for(server, (spool / "done" / "again.jsonl").exists)
        self.assertEqual(len(self.alerts()), 1)
        self.assertEqual(server.stop(), 0)
        self.verify()

    def wait_for(self, server, condition):
        while not condition():  # the test's limit bounds it; asking the server meanwhile leaves it room to work
            server.metrics()

    # Folders, ports and command lines.

    def test_a_second_server_on_a_folder_says_who_has_it(self):
        server = self.start()
        self.fails_to_serve(3, str(self.data), "in use by process", str(server.process.pid))
        self.assertEqual(server.metrics()["quanzu_signals_total"], 0)  # the first goes on

    def test_a_port_that_is_taken_is_named(self):
        self.add_user("chen", "supervisor")
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = "127.0.0.1:%d" % taken.getsockname()[1]
            self.fails_to_serve(3, address, http=address)
            self.fails_to_serve(3, address, feed=address)

    def test_a_public_address_without_tls_is_refused(self):
        self.fails_to_serve(2, "0.0.0.0", "listen on 127.0.0.1", http="0.0.0.0:0")
        self.fails_to_serve(2, "0.0.0.0", "listen on 127.0.0.1", feed="0.0.0.0:0")

    def test_a_folder_of_another_program_is_left_alone(self):
        self.data.mkdir()
        with contextlib.closing(sqlite3.connect(self.data / "quanzu.db", isolation_level=None)) as other:
            other.execute("CREATE TABLE theirs(x)")
            other.execute("PRAGMA user_version = 7")
        self.fails_to_serve(1, "not written by quanzud", "another data folder")

    def test_a_wrong_command_line_exits_2_and_tries_nothing(self):
        for program, *arguments in [
                ("quanzud",), ("quanzud", "sreve"), ("quanzud", "serve"), ("quanzud", "serve", "--data"),
                ("quanzud", "serve", "--data", self.data, "--clock", "manual:yesterday"),
                ("quanzud", "serve", "--data", self.data, "--profile", "village"),
                ("quanzud", "serve", "--data", self.data, "--http", "nowhere"),
                ("quanzud", "serve", "--data", self.data, "--workers", "none"),
                ("quanzud", "user", "add", "li", "--data", self.data),
                ("quanzud", "user", "add", "li", "--role", "king", "--data", self.data),
                ("quanzud", "verify"), ("quanzud", "verify", "--data", self.data, "--no-such-option"),
                ("quanzu",), ("quanzu", "sned"), ("quanzu", "send", "--feed", "127.0.0.1:1"),
                ("quanzu", "send", "--feed", "nowhere", "--token", "t", "x.jsonl"),
                ("quanzu", "send", "--feed", "127.0.0.1:1", "x.jsonl"),
                ("quanzu", "load", "--feed", "127.0.0.1:1", "--count", "0", "--token", "t")]:
            with self.subTest(program=program, arguments=arguments):
                done = self.run_command(program, *arguments, exit_code=2, env={"QUANZU_TOKEN": ""})
                self.assertEqual(done.stdout, "")
                self.assertNotEqual(done.stderr, "")
                self.assertFalse(self.data.exists(), "a refused command made the folder")

    def test_help_is_there_on_every_level_and_both_programs_tell_their_version(self):
        for program, *path in [("quanzud",), ("quanzud", "serve"), ("quanzud", "user"), ("quanzud", "user", "add"),
                               ("quanzud", "verify"), ("quanzud", "measures", "rebuild"), ("quanzud", "journal"),
                               ("quanzu",), ("quanzu", "send"), ("quanzu", "load"), ("quanzu", "simulate")]:
            with self.subTest(program=program, path=path):
                self.assertIn("--help", self.run_command(program, *path, "--help").stdout)
        for program in ("quanzud", "quanzu"):
            self.assertRegex(self.run_command(program, "--version").stdout, rf"^{program} \d+\.\d+\.\d+\n$")

    def test_accounts_and_senders_at_fault_exit_1_and_an_absent_server_3(self):
        server = self.start()
        done = self.run_command("quanzud", "user", "add", "chen", "--role", "operator", "--data", self.data, exit_code=1)
        self.assertIn("chen", done.stderr)
        rows = self.folder / "rows.jsonl"
        rows.write_text('{"kind":"sms","resident.number":"13900001111"}\n')
        done = self.run_command("quanzu", "send", "--feed", server.feed, "--token", "wrong", rows, exit_code=1)
        self.assertIn("token is unknown", done.stderr)
        self.assertEqual(server.stop(), 0)
        done = self.run_command("quanzu", "send", "--feed", server.feed, "--token", self.feed, "--patience", "0", rows,
                                exit_code=3)
        self.assertIn(server.feed, done.stderr)

    def test_accounts_are_made_beside_a_running_server_and_serve_at_once(self):
        server = self.start()
        token = self.add_user("wang", "operator")
        self.assertEqual(server.api(token).call("Auth/Me")["name"], "wang")
        self.run_command("quanzud", "user", "disable", "wang", "--data", self.data)
        with self.refused("unauthenticated", "disabled"):
            server.api(token).call("Auth/Me")


class TamperTest(Case):
    def setUp(self):
        super().setUp()
        feed = self.add_user("telecom", "feed")
        server = self.serve()
        self.send(server, feed, [{"kind": "sms", "resident.number": f"1390000{n:04}", "text": "请转入安全账户"}
                                 for n in range(50)])
        self.assertEqual(server.stop(), 0)
        self.verify()

    def change(self, statement):
        with contextlib.closing(sqlite3.connect(self.data / "quanzu.db", isolation_level=None)) as database:
            self.assertEqual(database.execute(statement).rowcount, 1)

    def test_a_changed_value_is_named_by_table_row_and_column(self):
        self.change("UPDATE cases SET score = score + 1 WHERE case_id = 7")
        told = self.verify(exit_code=1)["first_difference"]
        for word in ("cases", "7", "score"):
            self.assertIn(word, told)

    def test_a_deleted_row_is_named(self):
        self.change("DELETE FROM exposures WHERE case_id = 9")
        told = self.verify(exit_code=1)["first_difference"]
        for word in ("exposures", "9"):
            self.assertIn(word, told)

    def test_a_flipped_byte_of_the_journal_is_named_by_its_block(self):
        (block, events), = self.rows("SELECT block, events FROM journal WHERE signals > 0 LIMIT 1")
        events = bytearray(events)
        events[len(events) // 2] ^= 1
        self.change(f"UPDATE journal SET events = x'{events.hex()}' WHERE block = {block}")
        self.assertIn(f"block {block}", self.verify(exit_code=1)["first_difference"])
        server = Server(self.build, self.data, PACKS)
        self.addCleanup(server.end)
        with self.assertRaisesRegex(AssertionError, f"block {block}"):  # nor does a server build on it
            server.start()
