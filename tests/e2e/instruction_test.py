"""An instruction that came on another way: pasted, read, taken up, answered; and what is none, or is here already."""
from harness import Case

TEXT = """【预警指令】编号：YJ20261124-000123
下发单位：市局反诈中心
下发时间：2026-11-24 10:05:00
预警等级：高
诈骗类型：虚假贷款
居民手机号：139 0000 1111，涉诈号码 00852 61234567
请15分钟内签收，4小时内见面劝阻并反馈。"""


class InstructionTest(Case):
    def setUp(self):
        super().setUp()
        token = self.add_user("li", "operator")
        self.server = self.serve("--clock", "manual:2026-11-24T10:10:00+08:00")
        self.li = self.server.api(token)

    def create(self, parsed, **changes):
        wanted = ("upstream_id", "number", "peer", "level", "fraud_type", "unit", "action", "issued_at", "text")
        return self.li.call("Instructions/Create", {**{name: parsed[name] for name in wanted}, **changes})

    def test_a_pasted_instruction_becomes_a_case_with_its_clocks_and_is_answered(self):
        read = self.li.call("Instructions/Paste", {"text": TEXT})
        self.assertEqual(set(read["confidence"].values()), {"high"})
        self.assertIsNone(read["known"])
        self.assertEqual([(each["action"], each["seconds"]) for each in read["parsed"]["deadlines"]],
                         [("sign", 900), ("meet", 14400)])
        taken = self.create(read["parsed"])
        case, instruction = taken["case"], taken["instruction"]
        self.assertEqual((case["level"], case["fraud_type"], case["subject"]["name"]), ("high", "loan", "139****1111"))
        self.assertEqual(instruction["issued_at"], "2026-11-24T02:05:00Z")
        self.assertEqual(instruction["sign_due"], "2026-11-24T02:20:00Z")  # from issued_at, whenever it came
        self.assertIn("feedback", [task["type"] for task in case["tasks"]])
        answered = self.li.call("Instructions/FeedBack", {"instruction_id": instruction["instruction_id"],
                                                          "action": "contacted", "text": "已电话劝阻"})
        self.assertEqual(answered["instruction"]["state"], "fed_back")
        self.server.stop()
        self.verify()

    def test_the_same_one_is_taken_once_and_names_its_case(self):
        parsed = self.li.call("Instructions/Paste", {"text": TEXT})["parsed"]
        taken = self.create(parsed)
        with self.refused("already_exists", "YJ20261124-000123", taken["case"]["case_id"]):
            self.create(parsed)
        self.assertEqual(self.li.call("Instructions/Paste", {"text": TEXT})["known"], taken["instruction"]["instruction_id"])
        # Another of the same resident and type joins the case, and gets its own feedback.
        second = self.create(parsed, upstream_id="YJ20261124-000124")
        self.assertEqual(second["case"]["case_id"], taken["case"]["case_id"])
        self.assertEqual([task["type"] for task in second["case"]["tasks"]].count("feedback"), 2)

    def test_what_is_none_is_refused_with_the_field(self):
        with self.refused("invalid_argument", "no instruction"):
            self.li.call("Instructions/Paste", {"text": "今天下午开会，请带笔记本。"})
        parsed = self.li.call("Instructions/Paste", {"text": TEXT})["parsed"]
        for field, value, words in (("number", "110", "resident"), ("level", "", "level"), ("upstream_id", "", "upstream_id"),
                                    ("action", "pray", "action"), ("issued_at", "2026-11-25T10:00:00+08:00", "future")):
            with self.subTest(field), self.refused("invalid_argument", words):
                self.create(parsed, **{field: value})
        self.assertEqual(self.rows("SELECT count(*) FROM instructions"), [(0,)])
