"""What the API gives for bad requests, and what two people get who want the same thing: a clear refusal, and nothing half done."""
import json

from harness import Case


class BadRequestTest(Case):
    def setUp(self):
        super().setUp()
        self.tokens = {name: self.add_user(name, role) for name, role in
                       {"telecom": "feed", "li": "operator", "wang": "operator", "chen": "supervisor"}.items()}
        self.server = self.serve("--clock", "manual:2026-11-24T10:00:00+08:00")
        self.li, self.wang, self.chen = (self.server.api(self.tokens[name]) for name in ("li", "wang", "chen"))
        self.send(self.server, self.tokens["telecom"],
                  [{"kind": "sms", "resident.number": "13900001111", "text": "请转入安全账户"}])
        self.case, = self.li.cases()
        self.call = next(task for task in self.case["tasks"] if task["type"] == "call")

    def claim(self):
        claimed = self.li.call("Cases/Claim", {"task_id": self.call["task_id"], "version": self.case["version"]})
        return claimed["case"], claimed["task"]

    def attempt(self, case, result, **more):
        return self.li.call("Cases/RecordAttempt", {"task_id": self.call["task_id"], "version": case["version"],
                                                    "result": result, **more})["case"]

    def close(self, case, reason, **more):
        return self.li.call("Cases/Close", {"case_id": case["case_id"], "version": case["version"], "reason": reason,
                                            **more})["case"]

    def now(self):
        return self.li.call("Cases/Get", {"case_id": self.case["case_id"]})["case"]

    def test_who_is_unknown_or_may_not_gets_nothing(self):
        before = self.now()
        with self.refused("unauthenticated", "token"):
            self.server.api("no such token").call("Cases/List")
        with self.refused("unauthenticated", "Authorization: Bearer"):
            self.server.api("").call("Cases/List")
        with self.refused("permission_denied", "role feed", "Cases/List"):
            self.server.api(self.tokens["telecom"]).call("Cases/List")
        with self.refused("permission_denied", "role operator", "Truth/Decide"):
            self.li.call("Truth/Decide", {"case_id": self.case["case_id"], "truth": "refuted", "criteria": ["none"]})
        with self.refused("permission_denied", "role supervisor", "Admin/AdvanceClock"):
            self.chen.call("Admin/AdvanceClock", {"seconds": 1})
        self.assertEqual(self.now(), before)

    def test_requests_that_are_none_name_the_field(self):
        with self.refused("not_found", "Cases/Lits", "docs/api.md"):
            self.li.call("Cases/Lits")
        with self.refused("invalid_argument", "caes_id", field="caes_id"):
            self.li.call("Cases/Get", {"caes_id": "c-1"})
        with self.refused("invalid_argument", "c1", field="case_id"):
            self.li.call("Cases/Get", {"case_id": "c1"})
        with self.refused("not_found", "c-999", field="case_id"):
            self.li.call("Cases/Get", {"case_id": "c-999"})
        with self.refused("invalid_argument", "version", field="version"):
            self.li.call("Cases/Claim", {"task_id": self.call["task_id"], "version": "one"})
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.tokens['li']}"}
        for body, more, word in [(b"{", {"Idempotency-Key": "1"}, "no JSON"), (b"[]", {"Idempotency-Key": "1"}, "object"),
                                 (b"{}", {}, "Idempotency-Key")]:
            status, answer = self.li.post("Cases/ClaimNext", body, {**headers, **more})
            self.assertEqual((status, json.loads(answer)["code"]), (400, "invalid_argument"))
            self.assertIn(word, json.loads(answer)["message"])
        self.assertEqual(self.now()["version"], self.case["version"])

    def test_a_repeated_key_gives_the_first_reply_and_another_body_is_refused(self):
        first = self.li.call("Cases/ClaimNext", key="k-1")
        self.assertEqual(self.li.call("Cases/ClaimNext", key="k-1"), first)
        with self.refused("already_exists", "Idempotency-Key"):
            self.li.call("Cases/ClaimNext", {"types": ["visit"]}, key="k-1")
        self.server.kill9()
        self.server.start()
        self.assertEqual(self.server.api(self.tokens["li"]).call("Cases/ClaimNext", key="k-1"), first)

    def test_a_claim_of_a_held_task_names_who_holds_it(self):
        case, task = self.claim()
        before = self.now()
        with self.refused("aborted", "held by li", owner="li", version=case["version"]):
            self.wang.call("Cases/Claim", {"task_id": task["task_id"], "version": case["version"]})
        for method in ("Cases/Renew", "Cases/Release"):
            with self.refused("aborted", "held by li", owner="li"):
                self.wang.call(method, {"task_id": task["task_id"]})
        with self.refused("aborted", "held by li", owner="li"):
            self.wang.call("Cases/RecordAttempt", {"task_id": task["task_id"], "version": case["version"],
                                                   "result": "reached"})
        self.assertEqual(self.now(), before)

    def test_a_stale_version_is_refused_with_the_present_one_and_its_owner(self):
        case, _ = self.claim()
        before = self.now()
        with self.refused("aborted", "read it again", owner="li", version=case["version"]):
            self.attempt(self.case, "reached")
        self.assertEqual(self.now(), before)
        case = self.attempt(case, "reached", line_cut=True, identity="called_back")
        before = self.now()
        with self.refused("aborted", "read it again", version=case["version"]):
            self.close(self.case, "dissuaded")
        self.assertEqual(self.now(), before)

    def test_dissuaded_needs_the_resident_in_person_and_the_line_cut(self):
        case, _ = self.claim()
        with self.refused("failed_precondition", '"dissuaded" needs', "in person"):
            self.close(case, "dissuaded")
        case = self.attempt(case, "reached", identity="question")
        with self.refused("failed_precondition", '"dissuaded" needs', "line"):
            self.close(case, "dissuaded")
        # Who speaks as the police is believed by the number that they called themselves, not by a question.
        case = self.attempt(case, "reached", identity="question", line_cut=True)
        with self.refused("failed_precondition", '"dissuaded" needs', "called_back"):
            self.close(case, "dissuaded")
        self.assertEqual((self.now()["state"], self.now()["version"]), ("open", case["version"]))
        case = self.attempt(case, "reached", identity="called_back", line_cut=True, stopped_by="operator")
        self.assertEqual(self.close(case, "dissuaded")["closing"]["reason"], "dissuaded")

    def test_words_that_are_no_result_or_reason_name_those_that_are(self):
        case, _ = self.claim()
        before = self.now()
        with self.refused("invalid_argument", "happy", "no_answer", field="result"):
            self.attempt(case, "happy")
        with self.refused("invalid_argument", "bored", "dissuaded", field="reason"):
            self.close(case, "bored")
        with self.refused("failed_precondition", "second person"):
            self.close(case, "false_alarm", proof="the bank sent it")
        with self.refused("failed_precondition", "not a supervisor"):
            self.close(case, "false_alarm", proof="the bank sent it", second_person="wang")
        self.assertEqual(self.now(), before)

    def test_a_clock_that_is_not_manual_cannot_be_advanced(self):
        self.data = self.folder / "real"
        admin = self.add_user("root", "admin")
        server = self.serve()
        with self.refused("failed_precondition", "--clock manual"):
            server.api(admin).call("Admin/AdvanceClock", {"seconds": 60})

    def tearDown(self):
        self.server.end()
        self.verify(self.folder / "data")
