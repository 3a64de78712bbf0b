"""Nothing acked is lost, nothing is done twice: SIGKILL at 50 seeded places of a stream under load.

One sender (`quanzu load`) sends through a proxy (proxy.py), which kills the server at an exact count of frames while at least
1,000 of the sender's signals are unacked. The next server starts on the same folder, the sender goes on by itself. What it
was told is durable (its --acked-log) is compared with the journal, not with a table. An operator works all the while.
"""
import collections
import http.client
import random
import subprocess
import threading

from harness import ENVIRONMENT, ApiError, Case
from proxy import Plug, Proxy

SEED = 20260724
KILLS = 50
LONG_KILLS = 500
STREAMS = 2
WITHHELD = 1000  # signals at least that are unacked when the plug is pulled
ONE_IN = 50  # texts that a rule matches

TEXTS = [f"明天下午第{n}次家长会,请带好材料" for n in range(ONE_IN - 1)] + ["您的资金请转入安全账户"]


class Operator(threading.Thread):
    """Claims tasks and records attempts, and repeats a request under its key until it is answered, as a client should."""

    def __init__(self, token):
        super().__init__(daemon=True)
        self.token = token
        self.lock = threading.Condition()
        self.server = None
        self.over = False
        self.recorded = []  # the keys of attempts that were answered
        self.unsure = None  # the key of one that was not, when the work ended

    def serve(self, server):
        with self.lock:
            self.server = server
            self.lock.notify_all()

    def stop(self):
        with self.lock:
            self.over = True
            self.lock.notify_all()
        self.join()

    def call(self, api, method, body, key):
        """The answer of whichever server is up; None once the work is over."""
        while True:
            with self.lock:
                self.lock.wait_for(lambda: self.server or self.over)
                if self.over:
                    return None, None
                server = self.server
            if api is None or api[0] is not server:
                api = server, server.api(self.token)
            try:
                return api, api[1].call(method, body, key)
            except (OSError, http.client.HTTPException):
                with self.lock:  # killed: wait for the next one
                    if self.server is server:
                        self.server = None

    def run(self):
        api = None
        for work in range(1_000_000):
            api, claimed = self.call(api, "Cases/ClaimNext", {"types": ["call"]}, f"claim-{work}")
            if claimed is None:
                return
            if not claimed:  # nothing waits yet
                continue
            self.unsure = key = f"attempt-{work}"
            body = {"task_id": claimed["task"]["task_id"], "version": claimed["case"]["version"], "result": "no_answer",
                    "note": key}
            try:
                api, recorded = self.call(api, "Cases/RecordAttempt", body, key)
            except ApiError as error:
                if error.code != "aborted":  # the case got new evidence meanwhile; the lease will end
                    raise
                continue
            if recorded is None:
                return
            self.recorded.append(key)
            self.unsure = None


class KillTest(Case):
    limit_s = 600

    def setUp(self):
        super().setUp()
        self.feed = self.add_user("telecom", "feed")
        self.operator = Operator(self.add_user("li", "operator"))
        self.acked_log = self.folder / "acked.log"

    def plugs(self):
        random_ = random.Random(SEED)
        for _ in range(LONG_KILLS if self.long else KILLS):
            withheld = WITHHELD + int(random_.random() * 3000)
            yield withheld + int(random_.random() * 4000), withheld

    def start_load(self, proxy, count):
        texts = self.folder / "texts.txt"
        texts.write_text("\n".join(TEXTS) + "\n")
        return subprocess.Popen(
            [self.build / "quanzu", "load", "--feed", proxy.address, "--count", str(count), "--connections", str(STREAMS),
             "--stream", "kill", "--acked-log", self.acked_log, "--text", texts, "--residents", "2000", "--patience", "120",
             "--json"],
            env={**ENVIRONMENT, "QUANZU_TOKEN": self.feed}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def acked(self):
        """The last number acked, by stream; an unfinished line is no ack that a sender could act on."""
        last = collections.Counter()
        if self.acked_log.exists():
            for line in self.acked_log.read_text().split("\n")[:-1]:
                stream, seq = line.split(" ")
                last[stream] = max(last[stream], int(seq))
        return last

    def test_kills_at_seeded_frames_lose_nothing_acked_and_do_nothing_twice(self):
        plugs = list(self.plugs())
        # No server takes more than its plug's frames, so all the plugs are pulled before the load ends.
        count = sum(at for at, _ in plugs) + 5000
        proxy = Proxy()
        self.addCleanup(proxy.close)
        load = self.start_load(proxy, count)
        self.addCleanup(load.kill)
        self.operator.start()
        self.addCleanup(self.operator.stop)
        unacked = []
        for number, (at, withheld) in enumerate(plugs):
            acked = self.acked()
            greeted = len(proxy.welcomes)
            server = self.serve()
            plug = Plug(at, withheld, server.kill9)
            proxy.connect_to(server.feed, plug)
            self.operator.serve(server)
            self.assertTrue(plug.pulled.wait(60), f"kill {number}: frame {at} never came; load says {load.poll()}")
            unacked.append(plug.unacked)
            for stream, next_seq in proxy.welcomes[greeted:]:
                self.assertGreater(next_seq, acked[stream], f"kill {number}: {stream} was acked up to {acked[stream]}")
            if number % 25 == 24:
                self.verify()
        self.assertGreaterEqual(min(unacked), WITHHELD)

        server = self.serve()
        proxy.connect_to(server.feed)
        self.operator.serve(server)
        told, errors = load.communicate(timeout=120)
        self.assertEqual(load.returncode, 0, errors)
        self.operator.stop()
        notes = collections.Counter(attempt["note"] for case in server.api(self.operator.token).cases()
                                    for attempt in case["attempts"])
        self.assertEqual(server.stop(), 0)
        self.compare_signals(count)
        self.compare_attempts(notes)
        self.assertEqual(self.verify()["signals"], count)

    def compare_signals(self, count):
        times = collections.Counter(tuple(line.split(" ")) for line in self.journal("--raw"))
        self.assertEqual([line for line, n in times.items() if n != 1], [], "signals that are in the journal twice")
        acked = self.acked()
        self.assertEqual(sum(acked.values()), count, "the load ended before all was acked")
        missing = [(stream, seq) for stream, last in acked.items() for seq in range(1, last + 1)
                   if (stream, str(seq)) not in times]
        self.assertEqual(missing[:10], [], "signals that were acked and are not in the journal")
        self.assertEqual(len(times), count)

    def compare_attempts(self, notes):
        self.assertGreater(len(self.operator.recorded), 10, "the operator had hardly anything to do")
        self.assertEqual([key for key, n in notes.items() if n != 1], [], "attempts that were recorded twice")
        expected = set(self.operator.recorded)
        self.assertEqual(set(notes) - {self.operator.unsure}, expected - {self.operator.unsure})
