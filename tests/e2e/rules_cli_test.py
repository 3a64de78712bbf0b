"""What a rule author sees: every verb of `quanzu rules`, its exits, and the shapes that scripts read."""
import json
import subprocess

from harness import PACKS, Case

RULE = """\
title: Safe account
name: safe_account
description: For tests.
logsource: {product: quanzu, category: sms}
detection:
  words:
    text|contains: [安全账户, 刷单]
  filter_advice:
    text|contains: 谨防
  condition: words and not filter_advice
antifraud: {version: "1.0", owner: e2e, fraud_type: impersonate_police, stage: hook, weight: 45, half_life: 14d}
tests:
  - name: fires
    events: [{kind: sms, text: "转到安全账户"}, {kind: sms, text: "今天刷单"}]
    expect: [{count: 2}]
  - name: silent
    events: [{kind: sms, text: "谨防刷单"}]
    expect: []
"""

CORRELATION = """\
---
title: Three from one caller
name: three_from_one
correlation:
  type: event_count
  rules: [safe_account]
  group-by: [peer.number]
  timespan: 10m
  condition: {%s}
antifraud: {version: "1.0", owner: e2e, fraud_type: impersonate_police, stage: hook, weight: 60, half_life: 14d}
tests:
  - name: fires
    events:
      - {kind: sms, at: +0s, peer.number: "95588", text: "刷单"}
      - {kind: sms, at: +1m, peer.number: "95588", text: "刷单"}
      - {kind: sms, at: +2m, peer.number: "95588", text: "刷单"}
    expect: [{at: "%s", group: "95588"}]
"""


class RulesTest(Case):
    def setUp(self):
        super().setUp()
        self.pack = self.folder / "pack"
        self.pack.mkdir()
        self.write("pack/probe.yml", RULE)

    def write(self, name, text, encoding="utf-8"):
        path = self.folder / name
        path.write_bytes(text.encode(encoding))
        return path

    def rules(self, verb, *arguments, exit_code=0):
        return self.run_command("quanzu", "rules", verb, *arguments, exit_code=exit_code)

    def test_check_says_what_is_wrong_where_and_for_whom(self):
        self.assertIn("0 errors", self.rules("check", self.pack).stdout)
        self.write("pack/broken.yml", RULE.replace("safe_account", "broken").replace("text|contains: 谨防", "texte|contains: 谨防"))
        shown = self.rules("check", self.pack, exit_code=1).stdout
        self.assertRegex(shown, r"broken\.yml:9:\d+: error: 'texte")
        problems = json.loads(self.rules("check", self.pack, "--format", "json", exit_code=1).stdout)["problems"]
        self.assertEqual([set(problem) for problem in problems],
                         [{"severity", "file", "line", "column", "text", "reason", "suggestion"}] * len(problems))
        self.assertEqual((problems[0]["severity"], problems[0]["line"]), ("error", 9))
        sarif = json.loads(self.rules("check", self.pack, "--format", "sarif", exit_code=1).stdout)
        found = sarif["runs"][0]["results"][0]
        self.assertEqual((sarif["version"], found["level"]), ("2.1.0", "error"))
        self.assertEqual(found["locations"][0]["physicalLocation"]["region"]["startLine"], 9)
        self.rules("check", self.pack, "--schema", "any")
        self.assertIn("does not exist", self.rules("check", self.folder / "nowhere", exit_code=1).stderr)
        self.rules("check", self.pack, "--format", "xml", exit_code=2)

    def test_inline_tests_have_a_line_each_and_a_diff_where_one_differs(self):
        lines = self.rules("test", self.pack).stdout.splitlines()
        self.assertEqual(lines, ["ok    safe_account: fires", "ok    safe_account: silent", "2 passed, 0 failed, 0 skipped"])
        self.write("pack/probe.yml", RULE.replace("count: 2", "count: 3").replace("谨防刷单", "刷单"))
        shown = self.rules("test", self.pack, exit_code=1).stdout
        self.assertIn("FAIL  safe_account: fires", shown)
        self.assertIn("- expected 3 alerts, got 2", shown)
        self.assertIn("an alert that is not expected, on '刷单'", shown)
        self.assertEqual(shown.splitlines()[-1], "0 passed, 2 failed, 0 skipped")
        self.write("pack/probe.yml", RULE[:RULE.index("tests:")])
        self.assertIn("has tests", self.rules("test", self.pack, exit_code=1).stderr)

    def test_match_prints_a_line_an_event_in_input_order(self):
        events = self.write("events.jsonl", '{"kind":"sms","text":"轉到安全賬戶"}\n\n{"kind":"call","text":"刷单"}\n'
                                            '{"kind":"sms","nonsense":1}\n{"kind":"sms","text":"今天刷單"}\n')
        done = self.rules("match", "--rules", self.pack, "--events", events, exit_code=1)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([(line["n"], line["rules"], line["alerts"]) for line in lines],
                         [(0, ["safe_account"], []), (1, [], []), (2, [], []), (3, ["safe_account"], [])])
        self.assertIn("nonsense", lines[2]["error"])
        self.assertIn("events.jsonl:4:", done.stderr)

    def test_match_takes_events_of_any_schema(self):
        (self.folder / "any").mkdir()
        self.write("any/probe.yml", "title: T\nid: 6b0d4a6c-2f0e-4a51-8c5e-6f1d5a3b7c01\nlogsource: {category: process_creation}\n"
                                    "detection:\n  s:\n    Image|endswith: '\\cmd.exe'\n    Level|gte: 4\n  condition: s\n")
        events = self.write("events.jsonl", '{"Image":"C:\\\\Windows\\\\CMD.EXE","Level":4}\n{"Image":"cmd.exe","Level":4}\n')
        done = self.rules("match", "--rules", self.folder / "any", "--events", events, "--schema", "any")
        self.assertEqual([json.loads(line)["rules"] for line in done.stdout.splitlines()],
                         [["6b0d4a6c-2f0e-4a51-8c5e-6f1d5a3b7c01"], []])

    def test_correlations_raise_alerts_at_events_and_when_windows_close(self):
        self.write("pack/probe.yml", RULE + CORRELATION % ("gte: 3", "+2m"))
        self.assertIn("ok    three_from_one: fires", self.rules("test", self.pack).stdout)
        rows = [{"kind": "sms", "at": f"2026-03-01T00:0{minute}:00Z", "peer.number": "95588", "text": "刷单"} for minute in range(3)]
        rows.append({"kind": "sms", "text": "刷单"})
        events = self.write("events.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
        done = self.rules("match", "--rules", self.pack, "--events", events)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([line["n"] for line in lines], [0, 1, 2, 3])
        self.assertEqual([line["alerts"] for line in lines],
                         [[], [], [{"rule": "three_from_one", "group": {"peer.number": "95588"}}], []])
        self.assertIn("1 event has no time", done.stderr)

        self.write("pack/probe.yml", RULE + CORRELATION % ("lt: 4", "+10m"))
        self.rules("test", self.pack)
        done = self.rules("match", "--rules", self.pack, "--events", events)
        self.assertEqual(json.loads(done.stdout.splitlines()[-1]),
                         {"at": "2026-03-01T00:10:00Z",
                          "alerts": [{"rule": "three_from_one", "group": {"peer.number": "95588"}}]})

    def test_explain_shows_the_matched_words_and_what_was_missing(self):
        event = '{"kind":"sms","text":"請轉到安全賬戶"}'
        shown = self.rules("explain", "--rules", self.pack, "--event", event).stdout
        self.assertIn("safe_account holds", shown)
        self.assertIn("<- '安全賬戶'", shown)
        told = self.run_json("quanzu", "rules", "explain", "--rules", self.pack, "--event", event)["rules"][0]
        word = told["conditions"][0]["children"][0]["children"][0]["words"][0]
        text = "請轉到安全賬戶".encode()
        self.assertEqual(text[word["begin"]:word["end"]].decode(), "安全賬戶")
        event = '{"kind":"sms","text":"你好"}'
        self.assertIn("no rule holds", self.rules("explain", "--rules", self.pack, "--event", event).stdout)
        shown = self.rules("explain", "--rules", self.pack, "--event", event, "--rule", "safe_account").stdout
        self.assertIn("does not hold", shown)
        self.assertIn("no   words", shown)
        self.rules("explain", "--rules", self.pack, "--event", "{", exit_code=1)
        self.rules("explain", "--rules", self.pack, "--event", event, "--rule", "absent", exit_code=1)

    def test_normalize_takes_a_line_and_gives_a_line(self):
        def lines(*arguments):
            done = subprocess.run([self.build / "quanzu", "rules", "normalize", *arguments], capture_output=True,
                                  input="請 下載 ＡＰＰ\n\n㈶ ﬁ\n".encode(), timeout=60, check=True)
            return done.stdout.decode().splitlines()
        self.assertEqual(lines(), ["请下载app", "", "(财) fi"])
        self.assertEqual(lines("--form", "nfkc_cf"), ["請 下載 app", "", "(財) fi"])

    def test_eval_counts_by_label_and_rule_and_leaves_broken_rows_out(self):
        corpus = self.write("c.tsv", "class\tbody\nfraud\t转到安全账户\nfraud\t你好\nham\t刷单吗\nham\t晚安\nbroken\nham\t谨防刷单\n")
        options = ["--rules", self.pack, "--corpus", corpus, "--text-column", "body", "--label-column", "class"]
        wrong, missed = self.folder / "wrong.tsv", self.folder / "missed.tsv"
        got = self.run_json("quanzu", "rules", "eval", *options, "--positive", "fraud", "--false-positives", wrong, "--misses", missed)
        self.assertEqual([got[key] for key in ("n", "tp", "fp", "fn", "tn", "precision", "recall", "skipped")],
                         [5, 1, 1, 1, 2, 0.5, 0.5, 1])
        self.assertEqual(got["skipped_rows"][0]["line"], 6)
        self.assertEqual({(row["label"], row["n"], row["alerted"]) for row in got["per_label"]}, {("fraud", 2, 1), ("ham", 3, 1)})
        self.assertEqual([(row["rule"], row["tp"], row["fp"]) for row in got["per_rule"]], [("safe_account", 1, 1)])
        low, high = got["recall_interval"]
        self.assertLess(low, 0.5)
        self.assertGreater(high, 0.5)
        self.assertEqual(wrong.read_text().splitlines()[1:], ["4\tham\tsafe_account\t刷单吗"])
        self.assertEqual(missed.read_text().splitlines()[1:], ["3\tfraud\t\t你好"])

        texts = self.write("ham.txt", "刷单吗\n晚安\n")
        got = self.run_json("quanzu", "rules", "eval", "--rules", self.pack, "--corpus", texts, "--ham")
        self.assertEqual((got["fp"], got["tn"], got["fpr"], got["recall"]), (1, 1, 0.5, None))
        self.rules("eval", *options, exit_code=2)  # neither --positive nor --ham
        self.assertIn("no row has the label", self.rules("eval", *options, "--positive", "fruad", exit_code=1).stderr)

    def test_eval_names_a_corpus_in_another_encoding(self):
        corpus = self.write("c.tsv", "label\ttext\nfraud\t转到安全账户\n", "gb18030")
        done = self.rules("eval", "--rules", self.pack, "--corpus", corpus, "--positive", "fraud", exit_code=1)
        self.assertIn("iconv -f GB18030", done.stderr)

    def test_the_packs_of_these_tests_are_well_formed(self):
        self.rules("check", PACKS)
