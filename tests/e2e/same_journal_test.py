"""The same signals give the same journal: with one match worker or two, in debug and in release.

golden_digests.json holds the digest that every build must reach. Where a change of the journal is intended, the failure shows
the digest to write there.
"""
import json
import random
from pathlib import Path

from harness import Case

GOLDEN = Path(__file__).resolve().parent / "golden_digests.json"
START = "2026-11-24T10:00:00+08:00"
SIGNALS = 6000
TEXTS = ["晚上一起吃饭", "请把资金转入安全账户", "刷单日结,加群", "您尾号7788的卡消费120元", "刷 单 兼职", "银行卡已被冻结,请配合"]


def signals():
    """All kinds, a tenth that a rule matches, some that are refused; the same on any machine."""
    random_ = random.Random(7)

    def below(n):  # random() alone is the same in every Python
        return int(random_.random() * n)

    for n in range(SIGNALS):
        row = {"at": f"2026-11-24T09:{below(60):02}:{below(60):02}+08:00", "resident.number": f"1380000{below(900):04}"}
        kind = below(20)
        if kind < 9:
            row.update({"kind": "sms", "text": TEXTS[below(len(TEXTS)) if below(5) == 0 else 0],
                        "peer.number": f"1069{below(1000):06}"})
        elif kind < 13:
            row.update({"kind": "call", "peer.number": f"00852{20000000 + below(50)}", "state": "ended",
                        "duration_s": below(900), "text": TEXTS[below(len(TEXTS))]})
        elif kind < 15:
            row.update({"kind": "url", "url.host": f"h{below(9)}.vip", "title": "极速放款" if below(9) == 0 else "新闻"})
        elif kind < 16:
            row.update({"kind": "app", "app.package": "cn.example", "app.action": "run"})
        elif kind < 17:
            row.update({"kind": "transfer", "peer.account": f"6222{below(100):04}", "amount_fen": below(10**7),
                        "transfer.state": "attempt"})
        elif kind < 18:
            row.update({"kind": "instruction", "instruction.id": f"A{n}", "level": "high", "fraud.type": "loan",
                        "issued_at": "2026-11-24T08:30:00+08:00", "text": "请核实"})
        elif kind < 19:
            row.update({"kind": "report", "channel": "hotline", "text": "来电可疑"})
        else:  # refused, each for another reason
            row.update([{"kind": "sms", "resident.number": "12ab"}, {"kind": "sms", "at": "2020-01-01T00:00:00Z"},
                        {"kind": "fax"}, {"kind": "sms", "text": "长" * 3000}][below(4)])
        yield row


class SameJournalTest(Case):
    def run_signals(self, name, *options):
        """The verified digest, and what the tables say, leaving out what tells how signals were cut into batches."""
        self.data = self.folder / name
        feed = self.add_user("telecom", "feed")
        server = self.serve("--clock", f"manual:{START}", *options)
        sent = self.send(server, feed, signals())
        self.assertEqual(sent["acked"], SIGNALS)
        self.assertGreater(sent["rejected"], SIGNALS // 50)
        self.assertEqual(server.stop(), 0)
        tables = {
            "cases": self.rows("SELECT case_id, kind, state, level, score, fraud_type, resident_id FROM cases"),
            "alerts": self.rows("SELECT stream_id, seq, rule, rule_version, resident_id, at FROM alerts"
                                " ORDER BY seq, rule"),
            "rejects": self.rows("SELECT stream_id, seq, reason, received_at FROM rejects"),
            "residents": self.rows("SELECT resident_id, area, provisional FROM residents"),
        }
        return self.verify()["journal_digest"], tables

    def test_one_or_two_match_workers_in_any_build_give_the_golden_journal(self):
        one, tables_of_one = self.run_signals("one", "--workers", "1")
        two, tables_of_two = self.run_signals("two", "--workers", "2")
        for rows in tables_of_one.values():
            self.assertGreater(len(rows), 50)
        self.assertEqual(tables_of_one, tables_of_two)
        self.assertEqual(one, two)
        self.assertEqual({"same_journal": one}, json.loads(GOLDEN.read_text()),
                         f"if the journal was meant to change, write this digest to {GOLDEN}")
