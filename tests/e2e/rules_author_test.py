"""What a rule author writes with: `fmt`, `new`, costs and the schema, from outside."""
import json

from harness import ROOT, Case

UNTIDY = """\
# head
title:   Safe account
name: safe_account
logsource: { product: quanzu,category: sms }
detection:
    words:
        text|contains:
        - 安全账户   # said in every script
        -   刷单
    condition: words
"""
TIDY = """\
# head
title: Safe account
name: safe_account
logsource: {product: quanzu, category: sms}
detection:
  words:
    text|contains:
      - 安全账户   # said in every script
      - 刷单
  condition: words
"""


class AuthorTest(Case):
    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    def rules(self, verb, *arguments, exit_code=0):
        return self.run_command("quanzu", "rules", verb, *arguments, exit_code=exit_code)

    def test_fmt_writes_the_one_layout_and_check_only_names_files(self):
        file = self.write("pack/a.yml", UNTIDY)
        self.write("pack/b.yml", TIDY)
        self.assertEqual(self.rules("fmt", self.folder / "pack", "--check", exit_code=1).stdout, f"{file}\n")
        shown = self.rules("fmt", self.folder / "pack", "--diff", exit_code=1).stdout
        self.assertIn("  2 - title:   Safe account\n", shown)
        self.assertIn("  + title: Safe account\n", shown)
        self.assertEqual(file.read_text(), UNTIDY)
        self.assertEqual(self.rules("fmt", self.folder / "pack").stdout, f"{file}\n")
        self.assertEqual(file.read_text(), TIDY)
        self.assertEqual(self.rules("fmt", self.folder / "pack", "--check").stdout, "")

    def test_fmt_leaves_alone_what_it_can_not_lay_out(self):
        text = "title: T\n? name\n: probe\n"
        file = self.write("pack/odd.yml", text)
        self.assertIn("odd.yml:2:1: error: '? name'", self.rules("fmt", file, exit_code=1).stderr)
        self.assertEqual(file.read_text(), text)
        self.write("pack/odd.yml", "title: [\n")
        self.assertIn("no valid YAML", self.rules("fmt", file, exit_code=1).stderr)
        self.assertIn("does not exist", self.rules("fmt", self.folder / "nowhere", exit_code=1).stderr)

    def test_the_packs_that_ship_are_in_the_layout(self):
        self.rules("fmt", ROOT / "rules/packs", "--check")

    def test_new_writes_a_rule_that_passes_its_tests_and_keeps_what_is_there(self):
        shown = self.rules("new", "loan", "--id", "mine", "--lang", "zh").stdout
        self.assertIn("\nname: mine\n", shown)
        self.assertIn("title: 先交费后放款的贷款", shown)
        for name in ("loan", "correlation"):
            file = self.folder / f"{name}.yml"
            self.rules("new", name, "--out", file)
            self.assertIn("2 passed, 0 failed", self.rules("test", file).stdout)
            self.rules("fmt", file, "--check")
            written = file.read_text()
            self.assertIn("is there already", self.rules("new", name, "--out", file, exit_code=1).stderr)
            self.assertEqual(file.read_text(), written)
        self.rules("new", "loans", exit_code=2)
        self.assertIn("is no id", self.rules("new", "loan", "--id", "a b: c", exit_code=2).stderr)
        self.rules("new", "loan", "--out", self.folder / "nowhere/a.yml", exit_code=3)

    def test_check_tells_costs_and_the_cheaper_form(self):
        dear = TIDY.replace("    text|contains:\n      - 安全账户   # said in every script\n      - 刷单\n",
                            "    text|re: '安.?全.?账.?户'\n")
        self.assertIn("text|re", dear)
        file = self.write("pack/a.yml", dear)
        self.assertIn("a.yml:7:14: warning: '安.?全.?账.?户': this shape (character gaps) is dear to match; "
                      "write text|contains: 安全账户", self.rules("check", file).stdout)
        self.rules("check", file, "--strict", exit_code=1)
        self.assertIn("safe_account", self.rules("check", file, "--costs").stdout.splitlines()[-1])
        told = json.loads(self.rules("check", file, "--costs", "--format", "json").stdout)["costs"][0]
        self.assertEqual((told["rule"], told["patterns"][0]["shape"]), ("safe_account", "character gaps"))
        self.assertGreater(told["ns"], 0)
        self.assertNotIn("costs", json.loads(self.rules("check", file, "--format", "json").stdout))

    def test_check_strict_names_what_is_ours(self):
        (self.folder / "pack/lists").mkdir(parents=True)
        self.write("pack/lists/hosts.txt", "a.example\n")
        self.write("pack/a.yml", "title: T\nname: t\nlogsource: {product: quanzu, category: url}\n"
                                 "detection:\n  s:\n    url.host|in_list: hosts\n  condition: s\n")
        self.assertIn("0 warnings", self.rules("check", self.folder / "pack").stdout)
        self.assertIn("'in_list': a modifier of ours",
                      self.rules("check", self.folder / "pack", "--strict", exit_code=1).stdout)

    def test_sarif_has_the_shape_that_code_hosts_read(self):
        file = self.write("pack/a.yml", TIDY.replace("text|contains", "测试|contians"))
        sarif = json.loads(self.rules("check", file, "--format", "sarif", exit_code=1).stdout)
        self.assertEqual((sarif["$schema"].rsplit("/", 1)[1], sarif["version"]), ("sarif-2.1.0.json", "2.1.0"))
        run, = sarif["runs"]
        driver = run["tool"]["driver"]
        rules = {rule["id"] for rule in driver["rules"]}
        self.assertTrue(driver["name"] and driver["version"] and run["columnKind"] == "unicodeCodePoints")
        self.assertGreater(len(run["results"]), 0)
        for result in run["results"]:
            self.assertIn(result["ruleId"], rules)
            self.assertIn(result["level"], ("error", "warning"))
            self.assertTrue(result["message"]["text"])
            place = result["locations"][0]["physicalLocation"]
            self.assertEqual(place["artifactLocation"]["uri"], str(file))
            self.assertGreaterEqual(min(place["region"]["startLine"], place["region"]["startColumn"]), 1)
        self.assertEqual(run["results"][0]["locations"][0]["physicalLocation"]["region"]["startColumn"], 8)

    def test_parse_prints_correlations_and_filters_as_well(self):
        new = self.rules("new", "correlation", "--id", "watch").stdout
        file = self.write("pack/a.yml", new + "---\ntitle: F\nname: f\nlogsource: {product: quanzu}\nfilter:\n"
                                              "  rules: [watch_event]\n  s: {direction: out}\n  condition: not s\n")
        rows = [json.loads(line) for line in self.rules("parse", file, "--json").stdout.splitlines()]
        self.assertEqual([(row["id"], sorted(set(row) - {"path", "id"})) for row in rows],
                         [("watch_event", ["conditions"]), ("watch", ["correlation"]), ("f", ["filter"])])
        self.assertEqual(rows[1]["correlation"]["condition"], {"gte": 3})

    def test_explain_follows_a_correlation_over_a_file(self):
        file = self.folder / "a.yml"
        self.rules("new", "correlation", "--id", "watch", "--out", file)
        call = {"kind": "call", "resident.number": "13900001111", "peer.number": "0085261234567"}
        rows = [dict(call, at=f"2026-03-01T00:0{minute}:00Z") for minute in range(3)]
        del rows[1]["resident.number"]
        rows.append(dict(call, at="2026-03-01T00:05:00Z"))
        events = self.write("pack/events.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
        options = ["--rules", file, "--rule", "watch", "--events", events]
        shown = self.rules("explain", *options).stdout
        self.assertIn("watch needs gte 3 events within 3600 s", shown)
        self.assertIn("not counted without resident.number", shown)
        told = self.run_json("quanzu", "rules", "explain", *options)
        self.assertEqual([[group["held"] for group in event["groups"]] for event in told["events"]],
                         [["1 event"], [], ["2 events"], ["3 events"]])
        self.assertEqual([event["groups"][0]["alert"] for event in told["events"] if event["groups"]],
                         [False, False, True])
        self.rules("explain", "--rules", file, "--rule", "watch", exit_code=2)
        self.assertIn("is it 'watch'?", self.rules("explain", "--rules", file, "--rule", "wathc", "--events", events,
                                                   exit_code=1).stderr)

    def test_bench_tells_stages_and_the_dearest_rules(self):
        file = self.write("pack/a.yml", TIDY)
        corpus = self.write("pack/texts.txt", "请转到安全账户\n你好\n")
        told = self.run_json("quanzu", "rules", "bench", "--rules", file, "--corpus", corpus, "--against", file)
        self.assertEqual((told["signals"], told["rules"], told["measured_alone"]), (2, 1, 1))
        self.assertEqual(set(told["ns"]), {"total", "normalize", "scan", "rules"})
        self.assertEqual([rule["rule"] for rule in told["dearest"]], ["safe_account"])
        self.assertEqual(set(told) - {"against"}, set(told["against"]))
        self.assertIn("ns a signal", self.rules("bench", "--rules", file, "--corpus", corpus).stdout)
        self.rules("bench", "--rules", file, "--corpus", self.folder / "absent.tsv", exit_code=1)
        self.rules("bench", "--rules", file, "--corpus", self.write("pack/texts.xyz", "a"), exit_code=2)
