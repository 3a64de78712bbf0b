"""The main job, end to end: messages in, alerts, a case worked by people over the API, and rates that a hand count confirms.

The messages are a public corpus where it is there ($QUANZU_SHARED, never copied here) and a small set of our own in any case.
Every action of the script is noted as it is done; hand_count.py computes the measures from these notes alone.
"""
import base64
import collections
import csv
import datetime
import io
import zipfile

import hand_count
from harness import PACKS, ROOT, SHARED, Case

CORPUS = SHARED / "data/fbs_sms/train.tsv"
SHIPPED_PACKS = ROOT / "rules/packs"
START = "2026-11-24T10:00:00+08:00"
MATURE_S = 31 * 24 * 3600

# Our own messages: each opens a case by itself, of another type.
POLICE = "【公安局】您名下银行卡涉嫌洗钱案件,请立即将资金转入安全账户接受核查,否则冻结"
BRUSHING = "招聘刷单员,垫付下单后本金加佣金立返,单单结算,加微信群联系导师领取任务"
SINGLES, DOUBLES = 72, 12  # residents with one exposure and with two
YOUNG = 7  # exposures that are too young to count at the end


def rfc3339(moment):
    return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class MainJobTest(Case):
    limit_s = 600

    def setUp(self):
        super().setUp()
        self.tokens = {name: self.add_user(name, role)
                       for name, role in {"telecom": "feed", "li": "operator", "wang": "operator", "chen": "supervisor",
                                          "zhao": "supervisor", "root": "admin"}.items()}

    def start(self, packs):
        self.server = self.serve("--clock", f"manual:{START}", packs=packs)
        self.li, self.wang, self.chen, self.zhao, self.root = (
            self.server.api(self.tokens[name]) for name in ("li", "wang", "chen", "zhao", "root"))

    def advance(self, seconds):
        self.root.call("Admin/AdvanceClock", {"seconds": seconds})

    def test_real_messages_raise_alerts_on_fraud_and_hardly_any_on_the_rest(self):
        if not CORPUS.exists():
            self.skipTest(f"the corpus is not there: {CORPUS}")
        self.start(SHIPPED_PACKS)
        sent = self.run_json("quanzu", "send", "--feed", self.server.feed, "--stream", "fbs", "--kind", "sms",
                             "--text-column", "text", CORPUS, env={"QUANZU_TOKEN": self.tokens["telecom"]})
        labels = [line.split("\t")[0] for line in CORPUS.read_text().splitlines()[1:]]
        self.assertEqual((sent["sent"], sent["acked"], sent["rejected"]), (len(labels), len(labels), 0))
        alerted = {seq for seq, in self.rows(
            "SELECT DISTINCT seq FROM alerts JOIN streams USING (stream_id) WHERE stream = 'fbs'")}
        all_of = collections.Counter(label == "FR" for label in labels)
        hit = collections.Counter(labels[seq - 1] == "FR" for seq in alerted)
        recall, false_alarms = hit[True] / all_of[True], hit[False] / all_of[False]
        self.assertGreaterEqual(recall, 0.5, f"{hit[True]} of {all_of[True]} frauds raise an alert")
        self.assertLessEqual(false_alarms, 0.05, f"{hit[False]} of {all_of[False]} others raise an alert")
        self.work_and_count()

    def test_a_small_set_is_worked_to_rates_that_a_hand_count_confirms(self):
        self.start(PACKS)
        self.work_and_count()

    # The work. `self.notes` holds, by case, what the script did: the hand count's only source.

    def work_and_count(self):
        before = {case["case_id"] for case in self.chen.cases()}
        self.open_cases("own", SINGLES, DOUBLES)
        self.notes = {case["case_id"]: hand_count.Exposure(case["subject"]["resident_id"])
                      for case in self.chen.cases()}
        own = {case_id: each.resident for case_id, each in self.notes.items() if case_id not in before}
        times = collections.Counter(own.values())
        doubles = [case_id for case_id, resident in own.items() if times[resident] > 1]
        self.assertGreaterEqual(len(doubles), 2 * DOUBLES)
        self.work(doubles)
        self.advance(MATURE_S)
        self.follow_up()
        self.decide_truth()
        self.open_cases("young", YOUNG, 0)
        for case in self.chen.cases():
            self.notes.setdefault(case["case_id"], hand_count.Exposure(case["subject"]["resident_id"], immature=True))
        self.compare_measures()

    def open_cases(self, stream, singles, doubles):
        """By the feed, with a resident each; the doubles get two frauds of different types and peers."""
        place = 7000 if stream == "young" else 1000
        rows = [{"kind": "sms", "resident.number": f"1390000{place + n}", "peer.number": "0085261234567", "text": POLICE}
                for n in range(singles + doubles)]
        rows += [{"kind": "sms", "resident.number": f"1390000{place + n}", "peer.number": "0085269999999",
                  "text": BRUSHING} for n in range(singles, singles + doubles)]
        sent = self.send(self.server, self.tokens["telecom"], rows, stream=stream)
        self.assertEqual((sent["acked"], sent["rejected"]), (len(rows), 0))

    def work(self, doubles):
        """Operator li takes what stands first, and the second exposures of the doubles; each ends in one of many ways."""
        ways = [self.dissuade, self.dissuade_in_vain, self.too_late, self.never_reached, self.lost_unreached,
                self.dissuade_and_lose_sight, self.dissuade_unclear, self.false_alarm, self.lost_before, self.hand_over,
                self.reach_only, self.give_back]
        for n, case_id in enumerate(doubles):
            case = self.li.call("Cases/Get", {"case_id": case_id})["case"]
            task_id = next(task["task_id"] for task in case["tasks"] if task["type"] == "call")
            claimed = self.li.call("Cases/Claim", {"task_id": task_id, "version": case["version"]})
            ways[n % 4](claimed["case"], claimed["task"])
        for n in range(60):
            claimed = self.li.call("Cases/ClaimNext", {"types": ["call"]})
            self.assertIn("task", claimed, "the queue ran dry")
            ways[n % len(ways)](claimed["case"], claimed["task"])

    def attempt(self, case, task, result, **more):
        """Time goes on between two steps, as it does at a desk."""
        self.advance(20)
        return self.li.call("Cases/RecordAttempt", {"task_id": task["task_id"], "version": case["version"],
                                                    "result": result, **more})["case"]

    def reach(self, case, task):
        note = self.notes[case["case_id"]]
        note.reached = True
        return note, self.attempt(case, task, "reached", identity="called_back", line_cut=True, stopped_by="operator")

    def close(self, api, case, reason, **more):
        self.advance(5)
        return api.call("Cases/Close", {"case_id": case["case_id"], "version": case["version"], "reason": reason,
                                        **more})["case"]

    def dissuade(self, case, task, verdict="no_loss", truth="confirmed"):
        note, case = self.reach(case, task)
        self.close(self.li, case, "dissuaded")
        note.verdict, note.truth = verdict, truth
        return note

    def dissuade_in_vain(self, case, task):
        self.dissuade(case, task, "loss", None)  # a loss proves true, without a label

    def dissuade_and_lose_sight(self, case, task):
        self.dissuade(case, task, "unknown", "confirmed")

    def dissuade_unclear(self, case, task):
        self.dissuade(case, task, "no_loss", "undetermined")

    def too_late(self, case, task):
        """Spoken to, not believed, and the money went: stopped or not, it counts as lost."""
        note = self.notes[case["case_id"]]
        case = self.attempt(case, task, "disbelieves")
        self.close(self.li, case, "stop_payment")
        note.reached, note.lost, note.verdict, note.truth = True, True, "unknown", "confirmed"

    def never_reached(self, case, task, verdict="no_loss"):
        note = self.notes[case["case_id"]]
        case = self.attempt(case, task, "no_answer")
        with self.refused("failed_precondition", "supervisor"):
            self.close(self.li, case, "exhausted")
        self.close(self.chen, case, "exhausted")
        note.verdict, note.truth = verdict, "confirmed"

    def lost_unreached(self, case, task):
        self.never_reached(case, task, "loss")

    def false_alarm(self, case, task):
        note, case = self.reach(case, task)
        more = {"second_person": "chen"} if case["level"] in ("high", "critical") else {}
        with self.refused("failed_precondition", "proof"):
            self.close(self.li, case, "false_alarm", **more)
        self.close(self.li, case, "false_alarm", proof="the resident's own bank sent it", **more)
        note.verdict, note.truth = "no_loss", "refuted"

    def lost_before(self, case, task):
        note, case = self.reach(case, task)
        self.close(self.li, case, "lost_before_warning")
        note.excluded = "lost_before_warning"

    def hand_over(self, case, task):
        self.close(self.li, case, "transferred_away")
        self.notes[case["case_id"]].excluded = "transferred_away"

    def reach_only(self, case, task):
        self.reach(case, task)  # and the case stays open

    def give_back(self, case, task):
        self.li.call("Cases/Release", {"task_id": task["task_id"]})  # and the next claim gets it again

    # A month later.

    def follow_up(self):
        """Operator wang takes every follow-up; only the last point knows how it ended."""
        last_points = 0
        while claimed := self.wang.call("Cases/ClaimNext", {"types": ["follow_up"]}):
            case, task = claimed["case"], claimed["task"]
            note = self.notes[case["case_id"]]
            verdict = note.verdict if task["point"] == "30d" else "unknown"
            body = {"case_id": case["case_id"], "version": case["version"], "point": task["point"], "verdict": verdict,
                    "source": "police_report" if verdict == "loss" else "resident"}
            if verdict == "loss":
                closed_at = datetime.datetime.fromisoformat(case["closing"]["at"].replace("Z", "+00:00"))
                body |= {"lost_at": rfc3339(closed_at + datetime.timedelta(days=2)), "loss_fen": 5_000_000}
                note.lost = True
            self.wang.call("Cases/FollowUp", body)
            last_points += task["point"] == "30d"
        self.assertEqual(last_points, sum(note.verdict is not None for note in self.notes.values()))

    def decide_truth(self):
        """Supervisor zhao, who sees neither who worked on a case nor how it ended."""
        shown = self.zhao.call("Truth/Next")["case"]
        for hidden in ("lead", "closing", "truth", "follow_ups", "lost_at", "loss_fen"):
            self.assertNotIn(hidden, shown)
        criteria = {"confirmed": ["content_confirmed_by_resident", "independent_proof"],
                    "refuted": ["named_proof_of_false"], "undetermined": ["none"]}
        for case_id, note in self.notes.items():
            if note.truth:
                self.zhao.call("Truth/Decide", {"case_id": case_id, "truth": note.truth,
                                                "criteria": criteria[note.truth]})

    # The figures.

    def drill(self, answer):
        """Behind each figure stand as many cases or instructions as it says, and they come page by page, each once."""
        for of in answer["measures"]:
            sides = {"numerator": of["numerator"], "denominator": of["denominator"], "immature": of["immature"],
                     "excluded": sum(each["count"] for each in of["excluded"])}
            for side, count in sides.items():
                seen, cursor = [], ""
                while not seen or cursor:
                    page = self.zhao.call("Measures/Drill", {"name": of["name"], "side": side, "as_of": answer["as_of"],
                                                             "page_size": 7, "cursor": cursor})
                    self.assertEqual(page["total"], count, f"{of['name']} {side}")
                    seen += [row["case_id"] for row in page["cases"]] + [row["instruction_id"] for row in page["instructions"]]
                    cursor = page["next_cursor"]
                    if not page["cases"] and not page["instructions"]:
                        break
                self.assertEqual(len(set(seen)), count, f"{of['name']} {side}")

    def export(self, answer):
        """The same counts in a spreadsheet, as both kinds of file."""
        file = self.zhao.call("Measures/Export", {"format": "csv", "as_of": answer["as_of"]})
        rows = list(csv.DictReader(io.StringIO(base64.b64decode(file["content"]).decode("utf-8-sig"))))
        self.assertEqual([(row["name"], int(row["numerator"]), int(row["denominator"])) for row in rows],
                         [(of["name"], of["numerator"], of["denominator"]) for of in answer["measures"]])
        self.assertEqual([row["value"] == "" for row in rows],
                         [of["small"] or of["value"] is None for of in answer["measures"]])
        file = self.zhao.call("Measures/Export", {"format": "xlsx"})
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(file["content"]))) as book:
            self.assertIsNone(book.testzip())
            self.assertIn("protected_rate", book.read("xl/sharedStrings.xml").decode())

    def compare_measures(self):
        answer = self.chen.call("Measures/Query")
        self.assertEqual(answer["as_of"], self.zhao.call("Auth/Me")["now"])
        told = {each["name"]: each for each in answer["measures"]}
        for name, expected in hand_count.measures(self.notes.values()).items():
            for figure, value in expected.items():
                if isinstance(value, float):
                    self.assertAlmostEqual(told[name][figure], value, 9, f"{name} {figure}: {told[name]}")
                else:
                    self.assertEqual(told[name][figure], value, f"{name} {figure}: {told[name]}")
        for name in ("protected_rate", "dissuasion_success_rate", "reach_rate", "lost_after_warning_rate"):
            self.assertGreater(told[name]["numerator"], 0)
            self.assertLess(told[name]["numerator"], told[name]["denominator"])
        self.assertEqual(told["protected_rate"]["immature"], YOUNG)
        self.drill(answer)
        self.export(answer)
        self.assertEqual(self.server.stop(), 0)
        self.verify()
        rebuilt = self.run_json("quanzud", "measures", "rebuild", "--data", self.data)
        self.assertEqual(rebuilt["measures"], answer["measures"])
