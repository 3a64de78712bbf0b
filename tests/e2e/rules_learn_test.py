"""What a rule author measures and learns from a corpus: `train`, models in rules, `diff`, `eval --obfuscate`, from outside."""
import json

from harness import Case

FRAUD = ["请把钱转到安全账户", "交保证金才能放款", "点链接领取补贴", "加群跟导师赚钱"]
LAWFUL = ["今晚一起吃饭吗", "快递放在门口了", "明天上午开家长会", "你的书到图书馆了"]
NAMES = "王李张刘陈杨黄赵周吴徐孙"

RULE = """\
title: Learned
name: learned
logsource: {product: quanzu}
detection:
  words:
    text|contains: [转, 交, 点, 加]
  likely:
    model.scam|gte: 0.7
  condition: words and likely
"""
WORDS = RULE.replace("    model.scam|gte: 0.7", "    text|contains: [账户, 放款, 补贴]")


def corpus():
    lines = ["label\ttext"]
    for i in range(240):
        texts, label = (FRAUD, "fraud") if i % 3 == 0 else (LAWFUL, "ham")
        name, other = NAMES[i % 12], NAMES[i // 12 % 12]
        lines.append(f"{label}\t{name}{other}，{texts[i // 3 % 4]}，{other}{NAMES[i // 7 % 12]}{name}说的")
    return "\n".join(lines) + "\n"


class LearnTest(Case):
    def setUp(self):
        super().setUp()
        self.corpus = self.folder / "texts.tsv"
        self.corpus.write_text(corpus())
        self.pack = self.folder / "pack"
        (self.pack / "models").mkdir(parents=True)
        self.model = self.pack / "models" / "scam.model"
        (self.pack / "rule.yml").write_text(RULE)

    def rules(self, verb, *arguments, exit_code=0):
        return self.run_command("quanzu", "rules", verb, *arguments, exit_code=exit_code)

    def train(self, *arguments, exit_code=0):
        return self.rules("train", "--corpus", self.corpus, *arguments, exit_code=exit_code)

    def test_a_model_is_trained_and_a_rule_asks_it(self):
        out = json.loads(self.train("--positive", "fraud", "--out", self.model, "--curve", "--json").stdout)
        self.assertEqual((out["n"], out["folds"], out["seed"], out["skipped"]), (240, 5, 1, 0))
        self.assertGreater(out["outputs"][0]["f1"], 0.9)
        self.assertEqual([point["percent"] for point in out["curve"]], [10, 30, 100])
        self.assertIn(f"corpus {out['corpus_sha256']} rows 240 skipped 0\n", self.model.read_text())
        self.rules("check", self.pack)
        event = json.dumps({"kind": "sms", "text": "赵先生，请把钱转到安全账户"})
        why = self.rules("explain", "--rules", self.pack, "--event", event).stdout
        self.assertRegex(why, r"model\.scam\|gte: 0\.7   \(is 0\.\d{3}\)   <- '")
        evaluated = json.loads(self.rules("eval", "--rules", self.pack, "--corpus", self.corpus, "--label-column", "label",
                                          "--positive", "fraud", "--obfuscate", "1", "--json").stdout)
        self.assertGreater(evaluated["recall"], 0.9)
        self.assertEqual(evaluated["per_rule"][0]["tp_alone"], evaluated["tp"])
        self.assertEqual(evaluated["redundant"], [])
        kinds = {one["mutation"]: one for one in evaluated["obfuscated"]["mutations"]}
        self.assertEqual(len(kinds), 10)
        self.assertEqual(kinds["zero_width"]["points_lost"], 0)
        self.assertEqual(kinds["spaces"]["points_lost"], 0)
        self.assertGreater(kinds["marks"]["changed"], 0)

    def test_a_model_that_is_not_whole_is_named_with_what_to_do(self):
        self.assertIn("no file models/scam.model", self.rules("check", self.pack, exit_code=1).stdout)
        self.train("--positive", "fraud", "--out", self.model)
        self.model.write_text(self.model.read_text()[:200])
        self.assertIn("was cut: copy it again, or train it again", self.rules("check", self.pack, exit_code=1).stdout)

    def test_what_teaches_nothing_is_refused(self):
        self.assertIn('name some of "fraud", "ham"', self.train("--positive", "spam", "--curve", exit_code=1).stderr)
        self.train("--positive", "fraud", exit_code=2)  # neither --out nor --curve
        self.train("--positive", "fraud", "--out", self.folder / "a.b.model", exit_code=2)
        self.corpus.write_text("label\ttext\nfraud\tone\nfraud\ttwo\nfraud\n")
        refused = self.train("--positive", "fraud", "--curve", exit_code=1).stderr
        self.assertIn("texts.tsv:4: left out: it has 1 cells, the header 2", refused)
        self.assertIn("all rows are of one class", refused)

    def test_without_positive_labels_each_label_is_an_output(self):
        out = json.loads(self.train("--out", self.model, "--json").stdout)
        self.assertEqual([output["label"] for output in out["outputs"]], ["fraud", "ham"])
        self.assertGreater(out["weighted_f1"], 0.9)
        self.assertIn("the model says something of each label", self.rules("check", self.pack, exit_code=1).stdout)
        (self.pack / "rule.yml").write_text(RULE.replace("model.scam|", "model.scam.fraud|"))
        self.rules("check", self.pack)

    def test_diff_says_what_fires_more_and_less(self):
        self.train("--positive", "fraud", "--out", self.model)
        words = self.folder / "words.yml"
        words.write_text(WORDS)
        out = json.loads(self.rules("diff", words, self.pack, "--corpus", self.corpus, "--label-column", "label",
                                    "--json").stdout)
        fraud = next(label for label in out["per_label"] if label["label"] == "fraud")
        self.assertEqual(fraud["before"], 60)  # those of which the words say nothing are the model's
        self.assertGreater(fraud["gained"], 10)
        self.assertEqual(out["per_rule"][0]["rule"], "learned")
        self.assertEqual(out["gained_rows"][0]["label"], "fraud")
        self.assertLess(fraud["after_interval"][0], fraud["after"] / fraud["n"])
        shown = self.rules("diff", words, self.pack, "--corpus", self.corpus, "--examples", "1").stdout
        self.assertIn("rows that begin to alert, 1 of", shown)
        self.assertIn("no rule holds for more or fewer rows",
                      self.rules("diff", words, words, "--corpus", self.corpus).stdout)
