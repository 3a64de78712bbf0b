// signal -> evidence -> risk -> case, where the golden stories do not look.
#include <algorithm>

#include "tests/engine/desk.h"

namespace quanzu::tests {
namespace {

TEST_CASE("only alerts and instructions make a resident", "[engine][signals]") {
  Desk desk;
  REQUIRE(desk.send(desk.signal({})));
  CHECK(desk.engine().resident_count() == 0);
  REQUIRE(desk.send(desk.signal({Desk::kScreen})));
  REQUIRE(desk.engine().resident_count() == 1);
  const Resident& known = *desk.engine().find_resident(desk.resident);
  CHECK(known.provisional);
  CHECK(known.evidence.size() == 1);
  CHECK(desk.engine().case_count() == 0);  // 10 points open nothing
  CHECK(desk.engine().find_resident(Number("8613900009999")) == nullptr);
}

TEST_CASE("a batch moves the cursor, counts and keeps its rejects", "[engine][signals]") {
  Desk desk;
  REQUIRE(desk.apply(StreamOpened{"feed", "other"}));
  CHECK(*desk.apply(StreamOpened{"feed", "other"}) == Applied::kUnchanged);
  const std::array rejects = {RejectedSignal{3, "bad_number", "12x", "payload"}};
  SignalBatch batch;
  batch.stream = desk.engine().find_stream("feed", "other")->id;
  batch.first_seq = 1;
  batch.count = 5;
  batch.latest_at = desk.now();
  batch.pack = desk.engine().live_pack();
  batch.rejects = rejects;
  REQUIRE(desk.apply(batch));
  const Stream& stream = *desk.engine().find_stream(batch.stream);
  CHECK(stream.next_seq == 6);
  CHECK(stream.accepted == 4);
  CHECK(stream.rejected == 1);
  REQUIRE(desk.effects().rejects.size() == 1);
  CHECK(desk.effects().rejects[0].reason == "bad_number");
  CHECK(desk.effects().rejects[0].seq == 3);
}

TEST_CASE("evidence over the limit drops the weakest and counts it", "[engine][signals]") {
  Desk desk;
  for (int i = 0; i < 70; ++i) {
    const std::string peer = "86170000" + std::to_string(10000 + i);
    SentSignal sent = desk.signal({i == 0 ? Desk::kScreen : Desk::kLoan}, peer.c_str());
    desk.pass(std::chrono::seconds(1));
    REQUIRE(desk.send(sent));
  }
  const Resident& resident = *desk.engine().find_resident(desk.resident);
  CHECK(resident.evidence.size() == Resident::kMaxEvidence);
  CHECK(resident.evidence_dropped == 6);
  CHECK(desk.engine().counters().evidence_dropped == 6);
  const auto weak = std::count_if(resident.evidence.begin(), resident.evidence.end(),
                                  [](const Evidence& each) { return each.weight.value() == 10'000; });
  CHECK(weak == 0);
}

TEST_CASE("the score is taken at the newest evidence, not at the server's time", "[engine][signals]") {
  Desk late;
  SentSignal sent = late.signal({Desk::kLoan});
  sent.at = late.now() - std::chrono::days(20);
  REQUIRE(late.send(sent));
  CHECK(late.latest().score == 55);
  sent = late.signal({Desk::kScreen});
  REQUIRE(late.send(sent));
  CHECK(late.latest().score < 55 + 10);  // twenty days took their part
}

TEST_CASE("a new version of a rule repeats the old one, and other figures are another rule", "[engine][signals]") {
  Desk desk;
  desk.opened({Desk::kLoan});
  const size_t rules = desk.engine().rule_count();
  desk.go_live({Desk::rule("loan", FraudType::kLoan, Stage::kHook, 55)});
  CHECK(desk.engine().rule_count() == rules);
  desk.go_live({Desk::rule("loan", FraudType::kLoan, Stage::kHook, 60)});
  CHECK(desk.engine().rule_count() == rules + 1);
  desk.go_live({Desk::rule("loan", FraudType::kLoan, Stage::kHook, 60, "2")});
  CHECK(desk.engine().rule_count() == rules + 2);
  REQUIRE(desk.send(desk.signal({0})));
  CHECK(desk.latest().score == 55 + 30);  // 60 halved: the same rule and peer inside the window
  CHECK(desk.engine().find_pack(PackVersion(4))->rules.size() == 1);
}

TEST_CASE("evidence of another type joins the case that knows its peer", "[engine][signals]") {
  Desk desk;
  desk.opened({Desk::kLoan});
  REQUIRE(desk.send(desk.signal({Desk::kPolice})));
  CHECK(desk.engine().case_count() == 1);
  CHECK(desk.latest().fraud_type == FraudType::kLoan);
  REQUIRE(desk.send(desk.signal({Desk::kPolice}, "8617000000009")));
  CHECK(desk.engine().case_count() == 2);
  CHECK(desk.latest().fraud_type == FraudType::kImpersonatePolice);
  CHECK(desk.latest().score == 55);  // the piece that the first case has is not counted twice
}

TEST_CASE("a settled case takes nothing more once its time is over", "[engine][signals]") {
  Desk desk;
  desk.opened({Desk::kLoan});
  REQUIRE(desk.close(desk.li, "wrong_user"));
  REQUIRE(desk.as(desk.chen, DecideTruth{CaseId(1), Truth::kRefuted, {"named_proof_of_false"}}));
  CHECK(desk.latest().state == CaseState::kSettled);
  desk.pass(desk.engine().playbook().suppressed - std::chrono::seconds(1));
  REQUIRE(desk.send(desk.signal({Desk::kLoan})));
  CHECK(desk.latest().state == CaseState::kSettled);
  desk.pass(std::chrono::seconds(1));
  REQUIRE(desk.send(desk.signal({Desk::kLoan})));
  CHECK(desk.engine().case_count() == 2);
  CHECK(desk.latest().is_open());
}

TEST_CASE("every resident is found by number, and the hash seed does not reach the digest", "[engine][signals]") {
  Desk desk;
  for (int i = 0; i < 500; ++i) {
    desk.resident = Number("86139000" + std::to_string(10000 + i));
    REQUIRE(desk.send(desk.signal({Desk::kScreen})));
  }
  CHECK(desk.engine().resident_count() == 500);
  for (uint32_t i = 1; i <= 500; ++i) {
    const Resident& resident = *desk.engine().find_resident(ResidentId(i));
    CHECK(desk.engine().find_resident(resident.number) == &resident);
  }
  CHECK(desk.replayed_digest() == desk.engine().state_digest());  // a replay has another seed
}

TEST_CASE("an outreach goes out once: a low case's message, a critical case that nobody takes", "[engine][signals]") {
  Desk desk;
  OpenCase open;
  open.number = desk.resident;
  open.level = Level::kLow;
  REQUIRE(desk.as(desk.li, open));
  REQUIRE(desk.effects().outreach.size() == 1);
  CHECK(desk.effects().outreach[0].channel == "message");
  desk.pass(std::chrono::hours(30));
  CHECK(desk.effects().outreach.size() == 1);

  desk.resident = Number("8613900002222");
  desk.opened({Desk::kStrong});
  desk.pass(std::chrono::minutes(3));
  REQUIRE(desk.effects().outreach.size() == 2);
  CHECK(desk.effects().outreach[1].channel == "supervisor");
  CHECK(desk.effects().outreach[1].id == OutreachId(2));
  desk.pass(std::chrono::hours(30));
  CHECK(desk.effects().outreach.size() == 2);

  desk.resident = Number("8613900003333");
  desk.opened({Desk::kStrong});
  REQUIRE(desk.as(desk.li, ClaimNext{{TaskType::kCall}}));  // of the second case, which waits longer
  REQUIRE(desk.as(desk.wang, ClaimNext{{TaskType::kCall}}));
  desk.pass(std::chrono::hours(1));
  CHECK(desk.effects().outreach.size() == 2);
}

TEST_CASE("effects name each id once after compact", "[engine][signals]") {
  Desk desk;
  desk.opened({Desk::kLoan});
  desk.opened({Desk::kScreen});
  Effects effects = desk.effects();
  CHECK(effects.cases.size() == 2);
  effects.compact();
  CHECK(effects.cases == std::vector{CaseId(1)});
  CHECK(effects.residents == std::vector{ResidentId(1)});
  CHECK(effects.alerts.size() == 2);
}

}  // namespace
}  // namespace quanzu::tests
