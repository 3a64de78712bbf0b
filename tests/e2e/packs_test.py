"""Going over to other packs under a running server: preview, publish, rollback, shadow, a rule's switch and its day's number.
Nothing that was acked is lost on the way, and a restart stands where the server stood."""
import json
import shutil

from harness import Case

RULE = """\
title: {name}
name: {name}
logsource: {{product: quanzu, category: sms}}
detection:
  words: {{text|contains: {word}}}
  condition: words
antifraud: {{version: "{version}", owner: e2e, fraud_type: brushing, stage: hook, weight: 20, half_life: 14d{more}}}
"""
COUNT = """\
title: Many from one peer
name: many
correlation:
  type: event_count
  rules: [{rule}]
  group-by: [peer.number]
  timespan: 1h
  condition: {{gte: 2}}
  generate: true
antifraud: {{version: "1", owner: e2e, fraud_type: brushing, stage: hook, weight: 30, half_life: 14d}}
"""


class PacksTest(Case):
    def setUp(self):
        super().setUp()
        self.sent = 0

    def write(self, folder="packs", **files):
        """A folder of packs that holds these files and no others."""
        root = self.folder / folder
        shutil.rmtree(root, ignore_errors=True)
        (root / "probe").mkdir(parents=True)
        for name, text in files.items():
            (root / "probe" / f"{name}.yml").write_text(text)
        return root

    def rule(self, name, word, version="1", more=""):
        return RULE.format(name=name, word=word, version=version, more=more)

    def start(self, packs, *options):
        self.feed = self.add_user("telecom", "feed")
        self.zhao = self.add_user("zhao", "approver")
        self.author = self.add_user("author", "author")
        return self.serve(*options, packs=packs)

    def say(self, server, *texts, resident="13900001111"):
        rows = []
        for text in texts:
            self.sent += 1
            rows.append({"kind": "sms", "resident.number": resident, "peer.number": f"1380000{self.sent:04}", "text": text})
        report = self.send(server, self.feed, rows, stream=f"s{self.sent}")
        self.assertEqual(report["acked"], len(texts))

    def alerts(self):
        return [rule for rule, in self.rows("SELECT rule FROM alerts ORDER BY sequence, ordinal")]

    def packs(self, verb, *arguments, exit_code=0):
        done = self.run_command("quanzud", "packs", verb, *arguments, "--data", self.data, "--json", exit_code=exit_code)
        return json.loads(done.stdout) if exit_code == 0 else done.stderr

    def test_a_preview_names_what_would_change_and_changes_nothing(self):
        packs = self.write(a=self.rule("one", "刷单"), b=self.rule("two", "兼职"), c=COUNT.format(rule="one"))
        server = self.start(packs)
        self.say(server, "兼职", "天气很好")
        self.write(a=self.rule("one", "刷单"), b=self.rule("two", "兼职|返利", version="2"), c=COUNT.format(rule="two"),
                   d=self.rule("three", "点赞"))
        said = self.packs("preview")
        self.assertEqual((said["added"], said["changed"], said["removed"]), (["three"], ["many", "two"], []))
        self.assertEqual(said["windows"], {"kept": 0, "start_empty": ["many"]})
        self.assertIn(said["ns_per_signal"]["texts"], (1, 2))  # one of each batch
        self.assertGreater(said["ns_per_signal"]["next"], 0)
        self.say(server, "点赞")
        self.assertEqual(self.alerts(), ["two"])
        self.assertEqual(server.api(self.author).call("Rules/List")["version"], 1)
        shown = self.run_command("quanzud", "packs", "preview", "--data", self.data).stdout
        self.assertIn("added: 1\n    three", shown)

    def test_a_rollback_brings_back_the_pack_before_and_outlives_a_restart(self):
        packs = self.write(a=self.rule("one", "刷单"))
        server = self.start(packs)
        self.assertIn("no other pack was live", self.packs("rollback", exit_code=1))
        self.write(a=self.rule("one", "兼职", version="2"))
        self.assertEqual(self.packs("reload")["version"], 2)
        self.say(server, "刷单", "兼职")
        with self.refused("permission_denied"):
            server.api(self.author).call("Rules/Rollback")
        back = server.api(self.zhao).call("Rules/Rollback")
        self.assertEqual((back["version"], back["before"], back["changed"]), (3, 2, True))
        self.say(server, "刷单", "兼职", "刷单")
        self.assertEqual(self.alerts(), ["one"] * 3)
        versions = [version for version, in self.rows("SELECT rule_version FROM alerts ORDER BY sequence, ordinal")]
        self.assertEqual(versions, ["2", "1", "1"])
        self.assertEqual(server.stop(), 0)
        server.start()  # the folder still holds what people went back from
        self.say(server, "刷单", "兼职")
        self.assertEqual(len(self.alerts()), 4)
        self.assertEqual(self.rows("SELECT count(*) FROM packs"), [(3,)])
        self.assertEqual(server.stop(), 0)
        self.verify()
        # What was kept is gone: better no start than the pack that people went back from.
        shutil.rmtree(self.data / "packs")
        done = self.run_command("quanzud", "serve", "--data", self.data, "--packs", packs, "--http", "127.0.0.1:0", "--feed",
                                "127.0.0.1:0", exit_code=1)
        self.assertIn("went back to it by a rollback", done.stderr)
        # A folder that has changed since is taken up.
        self.write(a=self.rule("one", "点赞", version="3"))
        server.start()
        self.say(server, "点赞")
        self.assertEqual(self.rows("SELECT count(*) FROM packs"), [(4,)])

    def test_a_pack_in_shadow_counts_and_opens_nothing(self):
        packs = self.write(a=self.rule("one", "刷单"))
        shadow = self.write("candidate", a=self.rule("one", "兼职", version="2"), c=COUNT.format(rule="one"))
        server = self.start(packs, "--shadow", shadow)
        self.say(server, "刷单", resident="13900001111")
        self.say(server, "兼职", resident="13900002222")
        self.send(server, self.feed, [{"kind": "sms", "resident.number": "13900003333", "peer.number": "13811110000",
                                       "text": "兼职"}] * 2, stream="pair")
        said = server.api(self.author).call("Rules/Shadow")
        self.assertEqual((said["on"], said["signals"], said["alerts"]), (True, 4, {"shadow": 4, "live": 1}))
        self.assertEqual(said["rules"], [{"rule": "one", "alerts": 3}, {"rule": "many", "alerts": 1}])
        self.assertEqual(said["residents"], {"shadow": 2, "live": 1, "gained": 2, "lost": 1, "at_least": False})
        self.assertEqual(self.alerts(), ["one"])
        self.assertEqual(self.packs("shadow", "off")["signals"], 4)
        self.say(server, "兼职")
        self.assertEqual(server.api(self.author).call("Rules/Shadow"), {"on": False})
        self.assertEqual(self.packs("shadow", "on")["signals"], 0)
        self.say(server, "兼职")
        self.assertEqual(self.packs("shadow")["alerts"]["shadow"], 1)
        self.assertEqual(server.stop(), 0)
        self.verify()

    def test_without_a_folder_there_is_no_shadow_and_it_says_so(self):
        server = self.start(self.write(a=self.rule("one", "刷单")))
        with self.refused("failed_precondition", "without --shadow"):
            server.api(self.zhao).call("Rules/Shadow", {"on": True})

    def test_a_rule_that_is_switched_off_is_silent_over_reload_and_restart(self):
        packs = self.write(a=self.rule("one", "刷单"), b=self.rule("two", "兼职"))
        server = self.start(packs)
        api = server.api(self.zhao)
        with self.refused("not_found", "no rule 'none'"):
            api.call("Rules/Switch", {"rule": "none", "on": False, "why": "x"})
        with self.refused("invalid_argument", field="why"):
            api.call("Rules/Switch", {"rule": "one", "on": False})
        api.call("Rules/Switch", {"rule": "one", "on": False, "why": "每个快递都报"})
        self.say(server, "刷单", "兼职")
        self.write(a=self.rule("one", "刷单", version="2"), b=self.rule("two", "兼职"))
        self.packs("reload")
        self.say(server, "刷单")
        self.assertEqual(server.stop(), 0)
        server.start()
        self.say(server, "刷单")
        self.assertEqual(self.alerts(), ["two"])
        api = server.api(self.zhao)
        one, two = api.call("Rules/List")["rules"]
        self.assertEqual((one["state"], one["why"], one["held_back"]), ("off", "每个快递都报", 3))
        self.assertEqual(two["state"], "on")
        api.call("Rules/Switch", {"rule": "one", "on": True, "why": "mended"})
        self.say(server, "刷单")
        self.assertEqual(self.alerts(), ["two", "one"])
        self.assertEqual(server.metrics()["quanzu_alerts_held_back_total"], 3)
        self.assertEqual(server.stop(), 0)
        self.verify()

    def test_a_rule_has_no_more_alerts_a_day_than_it_asks_for(self):
        packs = self.write(a=self.rule("one", "刷单", more=", max_alerts_per_day: 2"))
        server = self.start(packs)
        self.say(server, *["刷单"] * 5)
        self.assertEqual(self.alerts(), ["one"] * 2)
        rule, = server.api(self.zhao).call("Rules/List")["rules"]
        self.assertEqual((rule["max_alerts_per_day"], rule["alerts_that_day"], rule["held_back"]), (2, 2, 3))
        self.assertEqual(server.stop(), 0)
        self.verify()
