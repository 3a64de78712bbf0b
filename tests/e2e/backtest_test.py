"""quanzu backtest: what other rules would have made of signals that were. Expected figures are counted by hand from the rows."""
import json
import shutil

from harness import Case

RULE = """\
title: Words {word}
name: {name}
logsource: {{product: quanzu, category: sms}}
detection:
  words: {{text|contains: {word}}}
  condition: words
antifraud: {{version: "1", owner: e2e, fraud_type: brushing, stage: hook, weight: {weight}, half_life: 14d}}
"""
MANY = """\
title: One peer and two residents
name: many
correlation:
  type: value_count
  rules: [one]
  group-by: [peer.number]
  timespan: 1h
  condition: {gte: 2, field: resident.number}
  generate: true
antifraud: {version: "1", owner: e2e, fraud_type: brushing, stage: hook, weight: 30, half_life: 14d}
"""
ANNA, BO, CHEN, DING = (f"1390000111{n}" for n in range(4))


def sms(resident, text, peer="13800000001", at="2026-11-24T10:00:00+08:00"):
    return {"kind": "sms", "at": at, "resident.number": resident, "peer.number": peer, "text": text}


# Of the live pack: `one` (刷单, 45 points, a case at low) holds for Anna and Bo, `two` (兼职, 45) for Chen, neither for Ding.
ROWS = [sms(ANNA, "刷单日结"), sms(BO, "招人刷单", at="2026-11-24T10:05:00+08:00"),
        sms(CHEN, "周末兼职", at="2026-11-24T10:10:00+08:00"), sms(DING, "点赞返钱", at="2026-11-24T10:15:00+08:00"),
        {"kind": "sms", "resident.number": "12", "text": "a number that is none"}]


class BacktestTest(Case):
    def pack(self, name, **rules):
        root = self.folder / name
        shutil.rmtree(root, ignore_errors=True)
        (root / "probe").mkdir(parents=True)
        for rule, text in rules.items():
            (root / "probe" / f"{rule}.yml").write_text(text)
        return root

    def live_pack(self):
        return self.pack("live", one=RULE.format(name="one", word="刷单", weight=45),
                         two=RULE.format(name="two", word="兼职", weight=45), many=MANY)

    def other_pack(self):
        """Without `two`, and with one for Ding's message that is worth a case at high."""
        return self.pack("other", one=RULE.format(name="one", word="刷单", weight=45),
                         three=RULE.format(name="three", word="点赞", weight=75), many=MANY)

    def history(self):
        """A server that took ROWS under the live pack; it still serves."""
        token = self.add_user("telecom", "feed")
        server = self.serve("--clock", "manual:2026-11-24T10:20:00+08:00", packs=self.live_pack())
        report = self.send(server, token, ROWS)
        self.assertEqual((report["acked"], report["rejected"]), (5, 1))
        return server

    def backtest(self, *options, exit_code=0):
        if exit_code:
            return self.run_command("quanzu", "backtest", *options, exit_code=exit_code).stderr
        return self.run_json("quanzu", "backtest", *options)

    def test_the_live_pack_against_itself_gains_and_loses_nobody_and_raises_what_was_raised(self):
        self.history()
        said = self.backtest("--data", self.data, "--rules", self.folder / "live")
        raised = [rule for rule, in self.rows("SELECT rule FROM alerts")]
        self.assertEqual(sorted(raised), ["many", "one", "one", "two"])
        self.assertEqual(said["alerts_by_rule"], {"many": 1, "one": 2, "two": 1})
        self.assertEqual(said["against"]["alerts_by_rule"], said["alerts_by_rule"])
        self.assertEqual((said["signals"], said["unusable"], said["gone"]), (4, 1, 0))
        self.assertEqual((said["residents_gained"], said["residents_lost"]), ([], []))
        self.assertEqual(said["cases"], len(self.rows("SELECT 1 FROM cases")))

    def test_another_pack_names_whom_it_gains_and_loses_and_why(self):
        server = self.history()
        said = self.backtest("--data", self.data, "--rules", self.other_pack())
        self.assertEqual((said["alerts"], said["cases"], said["residents"]), (4, 3, 3))
        gained, = said["residents_gained"]
        self.assertEqual((gained["resident"], gained["level"], gained["score"]), ("139****1113", "high", 75))
        self.assertEqual([(why["rule"], why["points"]) for why in gained["reasons"]], [("three", 75)])
        lost, = said["residents_lost"]
        self.assertEqual((lost["resident"], lost["level"]), ("139****1112", "low"))
        self.assertEqual([why["rule"] for why in lost["reasons"]], ["two"])
        # Nothing was changed, and the server serves.
        self.assertEqual(sorted(rule for rule, in self.rows("SELECT rule FROM alerts")), ["many", "one", "one", "two"])
        server.stop()
        self.verify()

    def test_what_people_decided_since_gives_precision_and_recall(self):
        server = self.history()
        zhao = server.api(self.add_user("zhao", "supervisor"))
        decided = {"139****1110": "confirmed", "139****1111": "refuted", "139****1112": "confirmed"}
        api = server.api(self.add_user("li", "operator"))
        for case in api.cases():
            task = next(task for task in case["tasks"] if task["state"] == "waiting")
            claimed = api.call("Cases/Claim", {"task_id": task["task_id"], "version": case["version"]})["case"]
            case = api.call("Cases/RecordAttempt", {"task_id": task["task_id"], "version": claimed["version"],
                                                    "result": "reached", "line_cut": True})["case"]
            api.call("Cases/Close", {"case_id": case["case_id"], "version": case["version"], "reason": "self_recognised"})
            truth = decided[case["subject"]["name"]]
            criterion = "peer_confirmed_by_police" if truth == "confirmed" else "named_proof_of_false"
            zhao.call("Truth/Decide", {"case_id": case["case_id"], "truth": truth, "criteria": [criterion]})
        said = self.backtest("--data", self.data, "--rules", self.other_pack())
        # Anna and Bo still have a case, of whom Anna is confirmed; Chen, confirmed too, would have none.
        self.assertEqual((said["confirmed"], said["refuted"], said["confirmed_residents"]), (1, 1, 2))
        self.assertEqual((said["precision"], said["recall"]), (1 / 2, 1 / 2))
        self.assertEqual((said["against"]["precision"], said["against"]["recall"]), (2 / 3, 1))
        self.assertEqual(said["residents_lost"][0]["truth"], "confirmed")

    def test_only_part_of_the_history_counts_where_that_is_asked(self):
        self.history()
        said = self.backtest("--data", self.data, "--rules", self.folder / "live", "--from", "2026-11-24T10:20:01+08:00")
        self.assertEqual((said["signals"], said["alerts"], said["from"]), (0, 0, None))

    def test_a_file_of_signals_is_a_history_too(self):
        place = self.folder / "made"
        place.mkdir()
        rows = ROWS + [{"kind": "sms", "resident.number": ANNA, "text": "刷单, nobody says when"}]
        (place / "signals.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows) + "broken\n")
        said = self.backtest("--journal", place, "--rules", self.live_pack())
        self.assertEqual((said["signals"], said["unusable"]), (4, 3))
        self.assertEqual(said["alerts_by_rule"], {"many": 1, "one": 2, "two": 1})
        self.assertIsNone(said["against"])
        self.assertEqual(len(said["residents_gained"]), 3)

    def test_the_report_needs_no_network_and_shows_no_number(self):
        self.history()
        report = self.folder / "report.html"
        shown = self.run_command("quanzu", "backtest", "--data", self.data, "--rules", self.other_pack(), "--report",
                                 report).stdout
        page = report.read_text()
        for text in (page, shown):
            self.assertIn("139****1113", text)
            for number in (ANNA, BO, CHEN, DING, "点赞返钱"):
                self.assertNotIn(number, text)
        self.assertNotIn("http", page)
        self.assertNotIn("<script", page)

    def test_what_is_wrong_is_said(self):
        rules = self.live_pack()
        self.assertIn("neither a journal", self.backtest("--data", self.folder / "none", "--rules", rules, exit_code=3))
        self.assertIn("--data DIR or --journal DIR", self.backtest("--rules", rules, exit_code=2))
        self.history()
        (rules / "probe" / "bad.yml").write_text("title: [")
        self.assertIn("bad.yml:1", self.backtest("--data", self.data, "--rules", rules, exit_code=1))
        self.assertIn("is no time", self.backtest("--data", self.data, "--rules", rules, "--from", "now", exit_code=2))
