"""Two people never hold one task."""
import threading

from harness import ApiError, Case

TASKS = 1000


class RaceTest(Case):
    def setUp(self):
        super().setUp()
        feed = self.add_user("telecom", "feed")
        self.tokens = [self.add_user(name, "operator") for name in ("li", "wang")]
        # A manual clock: no lease ends while they race.
        self.server = self.serve("--clock", "manual:2026-11-24T10:00:00+08:00")
        sent = self.send(self.server, feed, [{"kind": "sms", "resident.number": f"1390000{n:04}", "text": "刷单日结"}
                                             for n in range(TASKS)])
        self.assertEqual((sent["acked"], sent["rejected"]), (TASKS, 0))

    def race(self, work):
        """Runs work(api, index) for both operators at once; what each returned."""
        results, start = [None, None], threading.Barrier(2)

        def run(index):
            api = self.server.api(self.tokens[index])
            start.wait()
            results[index] = work(api, index)

        threads = [threading.Thread(target=run, args=(index,), daemon=True) for index in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertNotIn(None, results, "an operator's thread failed")
        return results

    def owners(self):
        tasks = [task for case in self.server.api(self.tokens[0]).cases(state="open") for task in case["tasks"]]
        return {task["task_id"]: task["owner"] for task in tasks if task["type"] == "call"}

    def test_claim_next_gives_each_of_1000_tasks_to_one_operator(self):
        def work(api, _):
            held = []
            while claimed := api.call("Cases/ClaimNext"):
                held.append(claimed["task"]["task_id"])
            return held

        li, wang = self.race(work)
        self.assertEqual(set(li) & set(wang), set())
        self.assertEqual(len(set(li)) + len(set(wang)), TASKS)
        self.assertEqual(len(li) + len(wang), TASKS, "a task was given to one person twice")
        self.assertGreater(min(len(li), len(wang)), 0, "one of them never got a turn")
        self.assertEqual(self.owners(), {**dict.fromkeys(li, "li"), **dict.fromkeys(wang, "wang")})

    def test_a_claim_of_the_same_task_by_two_is_won_by_one_and_names_the_owner(self):
        cases = list(self.server.api(self.tokens[0]).cases(state="open"))[:200]
        names = ("li", "wang")

        def work(api, index):
            won, lost = set(), {}
            for case in cases:
                task_id = case["tasks"][0]["task_id"]
                try:
                    api.call("Cases/Claim", {"task_id": task_id, "version": case["version"]})
                    won.add(task_id)
                except ApiError as error:
                    lost[task_id] = error.code, error.detail.get("owner")
            return won, lost

        results = self.race(work)
        for index, (won, lost) in enumerate(results):
            self.assertEqual(set(lost), results[1 - index][0], "what one lost, the other has won")
            self.assertEqual(set(lost.values()), {("aborted", names[1 - index])} if lost else set())
        self.assertEqual(len(results[0][0]) + len(results[1][0]), len(cases))
        owners = self.owners()
        for index, (won, _) in enumerate(results):
            self.assertEqual({owners[task] for task in won} - {names[index]}, set())
