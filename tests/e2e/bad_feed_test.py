"""What a feed gets for bad input: the connection ends with a reason that says what, where and what to do; a signal that can't be
used is kept, acked and counted; nothing is lost and nothing is half done."""
import datetime

import wire
from harness import Case

CLOCK = "2026-11-24T10:00:00+08:00"
NOW_MS = int(datetime.datetime.fromisoformat(CLOCK).timestamp() * 1000)
DAY_MS = 24 * 3600 * 1000


class FeedCase(Case):
    def setUp(self):
        super().setUp()
        self.token = self.add_user("telecom", "feed")
        self.supervisor = self.add_user("chen", "supervisor")

    def start(self, *options):
        self.server = self.serve("--clock", f"manual:{CLOCK}", *options)
        return self.server

    def connect(self, stream="s", next_seq=1):
        feed = wire.Feed(self.server.feed)
        self.addCleanup(feed.close)
        self.assertEqual(feed.greet(stream, self.token), next_seq)
        return feed

    def assert_goodbye(self, feed, code, *words):
        told, _ = feed.read_until("goodbye")
        self.assertEqual(told["code"], code, told["reason"])
        for word in words:
            self.assertIn(word, told["reason"])
        self.assertEqual(feed.read(), (None, {}), "the connection goes on after Goodbye")

    def good(self, seq):
        return wire.signal(seq, resident__number="13900001111", text="晚上一起吃饭")

    def seqs(self, stream="s"):
        """What the journal holds of a stream, after a stop."""
        self.assertEqual(self.server.stop(), 0)
        self.verify()
        return [int(line.split(" ")[1]) for line in self.journal("--raw") if line.split(" ")[0] == stream]


class BadFramesTest(FeedCase):
    def test_bad_greetings_are_refused_with_what_to_do(self):
        self.start()
        operator = self.run_json("quanzud", "user", "add", "li", "--role", "operator", "--data", self.data)["token"]
        hello = wire.hello
        for frame, code, words in [
                (hello("s", self.token, version=9), "refused", ["version is 9", "version 1"]),
                (hello("s", "no such token"), "refused", ["token is unknown", "user add"]),
                (hello("s", operator), "refused", ["role operator", "role feed"]),
                (hello("a b", self.token), "refused", ["stream", "letters"]),
                (self.good(1), "no_hello", ["Hello"]),
                (wire.sized(b"\xff\xff\xff"), "bad_frame", ["no ClientFrame"]),
                (b"\xff" * 6, "bad_frame", ["varint"]),
                (wire.varint(1 << 20) + b"x", "bad_frame", ["1048576", "65536"])]:
            with self.subTest(words=words):
                feed = wire.Feed(self.server.feed)
                feed.send(frame)
                self.assert_goodbye(feed, code, *words)
                feed.close()
        self.assertEqual(self.seqs(), [])

    def test_a_cut_frame_ends_the_connection_and_the_stream_goes_on_behind_the_last_whole_one(self):
        self.start()
        feed = self.connect()
        feed.send(self.good(1), self.good(2)[:-5])
        feed.end()
        told, before = feed.read_until("goodbye")
        self.assertEqual(told["code"], "cut_frame")
        self.assertIn("middle of a frame", told["reason"])
        self.assertEqual([fields["up_to_seq"] for name, fields in before if name == "ack"], [1])
        again = self.connect(next_seq=2)
        again.send(self.good(2))
        again.read_acks(2)
        self.assertEqual(self.seqs(), [1, 2])

    def test_an_oversized_frame_ends_the_connection_and_what_came_before_is_kept(self):
        self.start()
        feed = self.connect()
        feed.send(self.good(1))
        feed.read_acks(1)  # what is not acked may be discarded when the next connection opens the stream
        feed.send(wire.signal(2, resident__number="13900001111", text="长" * 30_000))
        self.assert_goodbye(feed, "bad_frame", "over the limit of 65536", "max_frame")
        self.connect(next_seq=2)
        self.assertEqual(self.seqs(), [1])

    def test_a_gap_is_refused_with_the_number_expected(self):
        self.start()
        feed = self.connect()
        feed.send(self.good(1))
        feed.read_acks(1)
        feed.send(self.good(3))
        self.assert_goodbye(feed, "gap", "Signal.seq 3 leaves a gap in stream s", "expected 2")
        self.connect(next_seq=2)
        self.assertEqual(self.seqs(), [1])

    def test_a_repeat_is_acked_and_taken_once(self):
        self.start()
        feed = self.connect()
        feed.send(self.good(1), self.good(2))
        feed.read_acks(2)
        feed.send(self.good(1), self.good(2), self.good(3))
        _, ack = feed.read_acks(3)
        self.assertEqual((ack["accepted"], ack.get("rejected", 0)), (3, 0))
        self.assertEqual(self.seqs(), [1, 2, 3])

    def test_a_second_connection_of_a_stream_fences_the_first(self):
        self.start()
        first = self.connect()
        first.send(self.good(1))
        first.read_acks(1)
        second = self.connect(next_seq=2)
        self.assert_goodbye(first, "fenced", "connection")
        second.send(self.good(2))
        second.read_acks(2)
        self.assertEqual(self.seqs(), [1, 2])


class BadSignalsTest(FeedCase):
    REFUSED = [  # reason, words of its detail, the signal
        ("bad_number", ["resident.number"], {"resident__number": "12ab", "text": "x"}),
        ("bad_number", ["resident.number"], {"resident__number": "110", "text": "x"}),
        ("missing_field", ["resident.number"], {"text": "x"}),
        ("clock_ahead", ["at is 121 s ahead", "time zone"],
         {"resident__number": "13900001111", "at_ms": NOW_MS + 121_000}),
        ("too_old", ["at is more than", "backtest"],
         {"resident__number": "13900001111", "at_ms": NOW_MS - 30 * DAY_MS - 1000}),
        ("clock_ahead", ["at is"], {"resident__number": "13900001111", "at_ms": 2**62}),
        ("too_old", ["at is"], {"resident__number": "13900001111", "at_ms": -2**62}),
        ("unknown_kind", ["kind 42"], {"kind": 42, "resident__number": "13900001111"}),
        ("oversize", ["text has 9000 bytes", "8192"], {"resident__number": "13900001111", "text": "长" * 3000}),
        ("bad_value", ["direction", "sideways", "in, out"],
         {"resident__number": "13900001111", "direction": "sideways"}),
        ("wrong_field", ["state is no field of kind sms"], {"resident__number": "13900001111", "state": "ended"}),
    ]

    def test_unusable_signals_are_kept_with_the_reason_acked_counted_and_shown(self):
        self.start()
        feed = self.connect()
        feed.send(*(wire.signal(seq, **fields) for seq, (_, _, fields) in enumerate(self.REFUSED, 1)))
        last = len(self.REFUSED) + 1
        feed.send(wire.signal(last, resident__number="13900001111", text="请转入安全账户"))
        nacks, ack = feed.read_acks(last)
        self.assertEqual(set(nacks), set(range(1, last)))
        self.assertEqual((ack["accepted"], ack["rejected"]), (1, len(self.REFUSED)))
        shown = {each["seq"]: each for each in self.server.api(self.supervisor).call("Feed/Rejects")["rejects"]}
        self.assertEqual(set(shown), set(nacks))
        for seq, (reason, words, _) in enumerate(self.REFUSED, 1):
            with self.subTest(seq=seq, reason=reason):
                self.assertEqual((nacks[seq]["reason"], shown[seq]["reason"]), (reason, reason))
                for word in words:
                    self.assertIn(word, nacks[seq]["detail"])
                self.assertEqual(shown[seq]["detail"], nacks[seq]["detail"])
                self.assertGreater(shown[seq]["payload_bytes"], 0, "the signal itself was not kept")
        metrics = self.server.metrics()
        self.assertEqual((metrics["quanzu_signals_total"], metrics["quanzu_signals_rejected_total"]),
                         (last, len(self.REFUSED)))
        self.assertEqual(metrics["quanzu_alerts_total"], 1, "the good one among them was not worked")
        self.assertEqual(self.seqs(), list(range(1, last + 1)))

    def test_invalid_utf8_is_repaired_matched_and_shown(self):
        self.start()
        feed = self.connect()
        feed.send(wire.signal(1, resident__number="13900001111", text=b"\xff\xfe" + "请转入安全账户".encode() + b"\xe5\xae"))
        nacks, _ = feed.read_acks(1)
        self.assertEqual(nacks, {})
        case, = self.server.api(self.supervisor).cases()  # its answer is UTF-8 and JSON, or this raises
        case = self.server.api(self.supervisor).call("Cases/Get", {"case_id": case["case_id"]})["case"]
        self.assertIn("安全账户", case["reasons"][0]["text"])
        self.assertEqual(self.seqs(), [1])

    def test_a_street_refuses_content_and_keeps_none_of_it(self):
        self.start("--profile", "street")
        feed = self.connect()
        content = "请转入安全账户" * 100
        feed.send(wire.signal(1, resident__number="13900001111", text=content),
                  wire.signal(2, "call", resident__number="13900001111", text=content),
                  wire.signal(3, "instruction", resident__number="13900001111", instruction__id="A1", level="high"),
                  wire.signal(4, "transfer", resident__number="13900001111", transfer__state="attempt"))
        nacks, ack = feed.read_acks(4)
        self.assertEqual({seq: nack["reason"] for seq, nack in nacks.items()},
                         {1: "kind_not_allowed", 2: "kind_not_allowed"})
        self.assertIn("street", nacks[1]["detail"])
        self.assertEqual((ack["accepted"], ack["rejected"]), (2, 2))
        rejects = self.server.api(self.supervisor).call("Feed/Rejects")["rejects"]
        self.assertEqual([each["payload_bytes"] for each in rejects], [0, 0])
        self.assertEqual(self.seqs(), [1, 2, 3, 4])
        (kept,), = self.rows("SELECT sum(raw_size) FROM journal")  # before compression and encryption
        self.assertLess(kept, len(content.encode()))
