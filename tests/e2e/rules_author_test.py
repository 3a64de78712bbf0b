"""What a rule author writes with: `fmt`, `new`, costs and the schema, from outside."""

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
