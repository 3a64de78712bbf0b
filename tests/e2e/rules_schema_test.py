"""docs/schema/quanzu-rule.schema.json, which editors read: it takes every rule that ships or stands on a page, and refuses what
`quanzu rules check` refuses for its shape.
"""
import json
import re

import jsonschema
import yaml
from harness import PACKS, ROOT, Case

SCHEMA = ROOT / "docs/schema/quanzu-rule.schema.json"


class Core(yaml.SafeLoader):
    """YAML 1.2's core schema, with digits behind a leading zero as text: what the engine and editors read."""

    yaml_implicit_resolvers = {}


for tag, pattern in [("bool", r"true|True|TRUE|false|False|FALSE"), ("int", r"[-+]?(0|[1-9][0-9]*)"),
                     ("float", r"[-+]?(0|[1-9][0-9]*)?\.[0-9]+"), ("null", r"~|null|Null|NULL|")]:
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), None)

RULE = """\
title: T
name: probe
logsource: {product: quanzu, category: sms}
detection:
  words: {text|contains: 安全账户}
  condition: words
antifraud: {version: "1.0", owner: me, fraud_type: loan, stage: hook, weight: 45, half_life: 14d}
tests:
  - name: fires
    events: [{kind: sms, text: 安全账户}]
    expect: [{count: 1}]
"""
CORRELATION = """\
title: C
name: watch
correlation:
  type: value_count
  rules: [probe]
  group-by: [resident.number]
  timespan: 1h
  condition: {field: peer.number, gte: 3}
"""
FILTER = """\
title: F
name: sieve
logsource: {product: quanzu}
filter:
  rules: [probe]
  words: {text|contains: 提醒}
  condition: not words
"""
# Each is one of the three above with one change, and is wrong.
BROKEN = [
    (RULE, "title: T\n", ""),
    (RULE, "logsource: {product: quanzu, category: sms}\n", ""),
    (RULE, "product: quanzu", "produkt: quanzu"),
    (RULE, "{product: quanzu, category: sms}", "{definition: prose}"),
    (RULE, "  condition: words\n", ""),
    (RULE, "  condition: words\n", "  condition: words\n  timeframe: 5m\n"),
    (RULE, "text|contains: 安全账户", "text|contians: 安全账户"),
    (RULE, "text|contains: 安全账户", "text|contains: []"),
    (RULE, "{text|contains: 安全账户}", "安全账户"),
    (RULE, "{text|contains: 安全账户}", "{}"),
    (RULE, "fraud_type: loan", "fraud_type: loans"),
    (RULE, "stage: hook", "stage: hok"),
    (RULE, "weight: 45", "weight: 4500"),
    (RULE, "weight: 45", "weight: heavy"),
    (RULE, "half_life: 14d", "half_life: 3M"),
    (RULE, "owner: me", "ownr: me"),
    (RULE, "owner: me", "max_alerts_per_day: 0"),
    (RULE, "owner: me", "suppress: {by: [peer.number]}"),
    (RULE, "owner: me", "window: {mode: tumbling}"),
    (RULE, "owner: me", "since: yesterday"),
    (RULE, "name: probe\n", "name: probe\nlevel: urgent\n"),
    (RULE, "name: probe\n", "name: probe\nstatus: fine\n"),
    (RULE, "name: probe\n", "name: probe\ngenerate: true\n"),
    (RULE, "name: probe\n", "name: probe\ntimeframe: 5m\n"),
    (RULE, "    expect: [{count: 1}]\n", ""),
    (RULE, "expect: [{count: 1}]", "expect: [{cuont: 1}]"),
    (RULE, "expect: [{count: 1}]", "expect: 1"),
    (RULE, "kind: sms, text", "kind: smss, text"),
    (RULE, "kind: sms, text", "kind: sms, at: noon, text"),
    (RULE, "events: [{kind: sms, text: 安全账户}]", "events: []"),
    (RULE, "  - name: fires\n    events", "  - events"),
    (CORRELATION, "value_count", "value_cuont"),
    (CORRELATION, "group-by", "group_by"),
    (CORRELATION, "timespan: 1h", "timespan: 1y"),
    (CORRELATION, "  timespan: 1h\n", ""),
    (CORRELATION, "  rules: [probe]\n", ""),
    (CORRELATION, "rules: [probe]", "rules: []"),
    (CORRELATION, "  condition: {field: peer.number, gte: 3}\n", ""),
    (CORRELATION, "field: peer.number, gte: 3", "gte: 3"),
    (CORRELATION, "gte: 3", "gte: three"),
    (CORRELATION, "gte: 3", "at_least: 3"),
    (CORRELATION, "gte: 3", "gte: 3, percentile: 5"),
    (CORRELATION, "value_count", "value_percentile"),
    (CORRELATION, "value_count", "temporal_ordered"),
    (CORRELATION, "  timespan: 1h\n", "  timespan: 1h\n  generate: 2\n"),
    (CORRELATION, "name: watch\n", "name: watch\nlogsource: {product: quanzu}\n"),
    (FILTER, "  rules: [probe]\n", ""),
    (FILTER, "  condition: not words\n", ""),
    (FILTER, "logsource: {product: quanzu}\n", ""),
    (FILTER, "name: sieve\n", "name: sieve\ntests: []\n"),
]


class SchemaTest(Case):
    def setUp(self):
        super().setUp()
        schema = json.loads(SCHEMA.read_text())
        jsonschema.Draft7Validator.check_schema(schema)
        self.validator = jsonschema.Draft7Validator(schema)

    def wrong_in(self, text):
        return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for document in yaml.load_all(text, Core)
                if document is not None for error in self.validator.iter_errors(document)]

    def test_every_rule_that_ships_fits_the_schema(self):
        files = [*(ROOT / "rules/packs").rglob("*.yml"), *PACKS.rglob("*.yml")]
        self.assertGreater(len(files), 20)
        for file in files:
            if file.name == "pack.yml":  # a pack's settings, no rule
                continue
            self.assertEqual(self.wrong_in(file.read_text()), [], file)
        blocks = re.findall(r"^```yaml\n(.*?)^```$", (ROOT / "docs/rule-format.md").read_text(), re.M | re.S)
        self.assertGreater(len(blocks), 8)
        for block in blocks:
            self.assertEqual(self.wrong_in(block), [], block)

    def test_what_new_writes_fits_the_schema(self):
        for name in ("loan", "correlation"):
            self.assertEqual(self.wrong_in(self.run_command("quanzu", "rules", "new", name).stdout), [])

    def test_schema_and_check_refuse_the_same_shapes(self):
        folder = self.folder / "broken"
        folder.mkdir()
        self.assertEqual(self.wrong_in(RULE + "---\n" + CORRELATION + "---\n" + FILTER), [])
        for n, (base, old, new) in enumerate(BROKEN):
            text = base.replace(old, new)
            self.assertNotEqual(text, base, (old, new))
            self.assertNotEqual(self.wrong_in(text), [], f"the schema takes {old!r} -> {new!r}")
            # Names of their own, so that no problem is that of two files with one name.
            text = re.sub(r"^name: \w+", f"name: n{n}", text, flags=re.M).replace("[probe]", "[sound]")
            (folder / f"{n:02}.yml").write_text(text)
        (folder / "sound.yml").write_text(RULE.replace("name: probe", "name: sound"))
        done = self.run_command("quanzu", "rules", "check", folder, "--format", "json", exit_code=1)
        refused = {problem["file"].rsplit("/", 1)[1] for problem in json.loads(done.stdout)["problems"]
                   if problem["severity"] == "error"}
        missing = [BROKEN[n][1:] for n in range(len(BROKEN)) if f"{n:02}.yml" not in refused]
        self.assertEqual(missing, [], "check takes what the schema refuses")
        self.assertNotIn("sound.yml", refused)
