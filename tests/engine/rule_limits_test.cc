// What a rule may say: switched off by hand, or a number of alerts a day.
#include "tests/engine/desk.h"

namespace quanzu::tests {
namespace {

size_t evidence_of(const Desk& desk) {
  const Resident* known = desk.engine().find_resident(desk.resident);
  return known == nullptr ? 0 : known->evidence.size();
}

TEST_CASE("a rule that is switched off raises nothing until it is switched on, and what it held back is counted",
          "[engine][rules]") {
  Desk desk;
  REQUIRE(desk.as(desk.chen, SwitchRule{"screen", false, "rings at every courier"}));
  REQUIRE(desk.effects().rules == std::vector<std::string>{"screen"});
  REQUIRE(desk.send(desk.signal({Desk::kScreen})));
  REQUIRE(desk.send(desk.signal({Desk::kScreen, Desk::kLoan})));
  CHECK(evidence_of(desk) == 1);  // of the other rule
  const RuleState& state = *desk.engine().rule_limits().find("screen");
  CHECK_FALSE(state.on);
  CHECK(state.why == "rings at every courier");
  CHECK(state.by == desk.chen);
  CHECK(state.held_back == 2);
  CHECK(desk.engine().counters().alerts_held_back == 2);
  REQUIRE(desk.as(desk.chen, SwitchRule{"screen", true, "mended"}));
  REQUIRE(desk.send(desk.signal({Desk::kScreen})));
  CHECK(evidence_of(desk) == 2);
  CHECK(desk.replayed_digest() == desk.engine().state_digest());
}

TEST_CASE("a switch outlives the pack that had the rule", "[engine][rules]") {
  Desk desk;
  REQUIRE(desk.as(desk.chen, SwitchRule{"screen", false, "too loud"}));
  desk.go_live({Desk::rule("screen", FraudType::kLoan, Stage::kScreen, 10, "2")});
  REQUIRE(desk.send(desk.signal({0})));
  CHECK(evidence_of(desk) == 0);
}

TEST_CASE("a switch of a rule that is not live, or without a reason, is refused", "[engine][rules]") {
  Desk desk;
  check_refused(desk, desk.as(desk.chen, SwitchRule{"no-such", false, "why"}), Code::kNotFound, "no rule 'no-such'");
  check_refused(desk, desk.as(desk.chen, SwitchRule{"screen", false, ""}), Code::kInvalidArgument, "say why");
}

TEST_CASE("a rule raises no more alerts a day than it asks for; the day begins at midnight in China",
          "[engine][rules]") {
  Desk desk;
  RuleInfo limited = Desk::rule("limited", FraudType::kLoan, Stage::kHook, 1);
  limited.max_alerts_per_day = 2;
  desk.go_live({limited});
  const auto send = [&desk](int n) {
    const std::string peer = "86170000" + std::to_string(10000 + n);
    REQUIRE(desk.send(desk.signal({0}, peer.c_str())));
  };
  for (int n = 0; n < 5; ++n) send(n);
  CHECK(evidence_of(desk) == 2);
  CHECK(desk.engine().rule_limits().find("limited")->held_back == 3);
  CHECK(desk.engine().rule_limits().find("limited")->alerts == 2);

  const Instant day = desk.engine().rule_limits().find("limited")->day;
  CHECK(format_rfc3339(day).substr(10) == "T16:00:00Z");
  const Duration left = day + std::chrono::hours(24) - desk.now();
  desk.pass(left - Duration(1));
  send(6);
  CHECK(evidence_of(desk) == 2);
  desk.pass(Duration(1));
  send(7);
  CHECK(evidence_of(desk) == 3);
  CHECK(desk.replayed_digest() == desk.engine().state_digest());
}

}  // namespace
}  // namespace quanzu::tests
