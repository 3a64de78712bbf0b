#include "engine/exposure.h"

#include "tests/catch.h"

using namespace quanzu;
using namespace std::chrono_literals;

namespace {

const Playbook kPlaybook = Playbook::defaults();
const Instant kT0 = parse_rfc3339("2026-10-01T10:00:00+08:00").value();
const Duration kDay = 24h;
const Duration kHorizon = 30 * kDay;
const Instant kLater = kT0 + 31 * kDay;

Case open_case() {
  Case of;
  of.id = CaseId(1);
  of.resident = ResidentId(7);
  of.level = Level::kHigh;
  of.fraud_type = FraudType::kLoan;
  of.t0 = kT0;
  return of;
}

FollowUp follow_up(Verdict verdict, Instant at, Instant due_at) {
  FollowUp out;
  out.point = "30d";
  out.recorded = true;
  out.verdict = verdict;
  out.at = at;
  out.due_at = due_at;
  return out;
}

Case closed_case(const char* reason, Instant at) {
  Case of = open_case();
  of.state = CaseState::kFollowingUp;
  of.closing = Closing{reason, "", UserId(1), UserId(), at};
  return of;
}

Exposure made(const Case& of) {
  return exposure_of(of, "street/community", kPlaybook);
}

Exposure exposure() {
  Exposure out;
  out.t0 = kT0;
  return out;
}

Standing standing(const Exposure& of) {
  return standing_of(of, kLater, kHorizon);
}

}  // namespace

TEST_CASE("an exposure takes from the case what measures need") {
  Case of = open_case();
  of.reached_at = kT0 + 10min;
  Attempt first, second;
  first.at = kT0 + 3min;
  second.at = kT0 + 10min;
  of.attempts = {first, second};
  of.truth = {{Truth::kUndetermined, {}, UserId(1), kT0}, {Truth::kConfirmed, {}, UserId(2), kT0}};
  const Exposure out = made(of);
  CHECK(out.id == CaseId(1));
  CHECK(out.resident == ResidentId(7));
  CHECK(out.level == Level::kHigh);
  CHECK(out.fraud_type == FraudType::kLoan);
  CHECK(out.area == "street/community");
  CHECK(out.t0 == kT0);
  CHECK(out.contacted_at == kT0 + 3min);
  CHECK(out.reached_at == kT0 + 10min);
  CHECK(out.truth == Truth::kConfirmed);  // the last decision
  CHECK_FALSE(out.closed);
  CHECK_FALSE(out.lost_at);
  CHECK_FALSE(out.no_loss_at_horizon);
  CHECK(out.excluded.empty());
}

TEST_CASE("a verdict of no loss holds for H only from a follow-up at or past H") {
  Case of = closed_case("dissuaded", kT0 + 1h);
  const Instant due = of.closing->at + kHorizon;
  SECTION("recorded at its point") {
    of.follow_ups = {follow_up(Verdict::kNoLoss, due, due)};
  }
  SECTION("the point of 30 d, recorded early") {
    of.follow_ups = {follow_up(Verdict::kNoLoss, kT0 + 2 * kDay, due)};
  }
  SECTION("the point of 7 d, recorded late") {
    of.follow_ups = {follow_up(Verdict::kNoLoss, kLater, of.closing->at + 7 * kDay)};
  }
  CHECK(made(of).no_loss_at_horizon);
  CHECK(made(of).closed);
}

TEST_CASE("an earlier, unknown or unrecorded verdict says nothing of H") {
  Case of = closed_case("dissuaded", kT0 + 1h);
  const Instant due = of.closing->at + kHorizon;
  SECTION("the point of 7 d in time") {
    of.follow_ups = {follow_up(Verdict::kNoLoss, kT0 + 7 * kDay, of.closing->at + 7 * kDay)};
  }
  SECTION("unknown") {
    of.follow_ups = {follow_up(Verdict::kUnknown, due, due)};
  }
  SECTION("not recorded") {
    of.follow_ups = {follow_up(Verdict::kNoLoss, due, due)};
    of.follow_ups[0].recorded = false;
  }
  CHECK_FALSE(made(of).no_loss_at_horizon);
}

TEST_CASE("a loss without a date counts inside the horizon, a dated one at its date") {
  Case of = closed_case("dissuaded", kT0 + 1h);
  FollowUp late = follow_up(Verdict::kLoss, kT0 + 33 * kDay, of.closing->at + kHorizon);
  SECTION("undated: the engine dates it to its recording") {
    late.lost_at = late.at;
    of.lost_at = late.at;
    of.follow_ups = {late};
    CHECK(made(of).lost_at == kT0 + kHorizon);
    CHECK(standing(made(of)) == Standing::kLost);
  }
  SECTION("dated after the horizon") {
    late.lost_at = kT0 + 32 * kDay;
    of.lost_at = late.lost_at;
    of.follow_ups = {late};
    CHECK(made(of).lost_at == kT0 + 32 * kDay);
  }
  SECTION("dated by a correction") {
    late.lost_at = late.at;
    of.lost_at = kT0 + 31 * kDay;
    of.follow_ups = {late};
    CHECK(made(of).lost_at == kT0 + 31 * kDay);
  }
  SECTION("known by a closing long after") {
    of.closing->at = kT0 + 40 * kDay;
    of.lost_at = of.closing->at;
    CHECK(made(of).lost_at == kT0 + kHorizon);
  }
}

TEST_CASE("who was transferred away is left out") {
  CHECK(made(closed_case("transferred_away", kT0)).excluded == "transferred_away");
  CHECK(made(closed_case("dissuaded", kT0)).excluded.empty());
  CHECK(made(closed_case("no such reason", kT0)).excluded.empty());
}

TEST_CASE("lost before the warning is left out, but not where the loss is known to be later") {
  Case of = closed_case("lost_before_warning", kT0 + 1h);
  CHECK(made(of).excluded == "lost_before_warning");
  of.lost_at = kT0 - 1h;
  CHECK(made(of).excluded == "lost_before_warning");
  of.lost_at = kT0 + 10min;
  CHECK(made(of).excluded.empty());
  CHECK(standing(made(of)) == Standing::kLost);
}

TEST_CASE("a loss proves true, in [t0, t0 + H] it is F, before t0 it is left out, later it is S") {
  Exposure of = exposure();
  of.truth = GENERATE(Truth::kUnlabelled, Truth::kConfirmed, Truth::kRefuted, Truth::kUndetermined);
  of.lost_at = kT0;
  CHECK(standing(of) == Standing::kLost);
  of.lost_at = kT0 + kHorizon;
  CHECK(standing(of) == Standing::kLost);
  of.lost_at = kT0 + kHorizon + 1ms;
  CHECK(standing(of) == Standing::kSafe);
  of.lost_at = kT0 - 1ms;
  CHECK(standing(of) == Standing::kExcluded);
  CHECK(exclusion_of(of) == "lost_before_warning");
}

TEST_CASE("without a loss the truth and the verdict at H decide") {
  Exposure of = exposure();
  CHECK(standing(of) == Standing::kUndecided);
  of.truth = Truth::kUndetermined;
  CHECK(standing(of) == Standing::kUndecided);
  of.no_loss_at_horizon = true;
  CHECK(standing(of) == Standing::kUndecided);
  of.truth = Truth::kConfirmed;
  CHECK(standing(of) == Standing::kSafe);
  of.no_loss_at_horizon = false;
  CHECK(standing(of) == Standing::kUnknown);
  of.truth = Truth::kRefuted;
  CHECK(standing(of) == Standing::kRefuted);
}

TEST_CASE("an exposure is mature when its horizon is past, even one that lost already") {
  Exposure of = exposure();
  of.lost_at = kT0 + 1h;
  CHECK(standing_of(of, kT0 + kHorizon - 1ms, kHorizon) == Standing::kImmature);
  CHECK(standing_of(of, kT0 + kHorizon, kHorizon) == Standing::kLost);
  of.excluded = "transferred_away";
  CHECK(standing_of(of, kT0, kHorizon) == Standing::kExcluded);
}

TEST_CASE("reached in time is reached before any loss") {
  Exposure of = exposure();
  CHECK_FALSE(reached_in_time(of));
  of.reached_at = kT0 + 5min;
  CHECK(reached_in_time(of));
  of.lost_at = kT0 + 6min;
  CHECK(reached_in_time(of));
  of.lost_at = kT0 + 5min;
  CHECK_FALSE(reached_in_time(of));
}

TEST_CASE("an instruction's round is closed when somebody fed it back") {
  Instruction of;
  of.level = Level::kCritical;
  of.fraud_type = FraudType::kCredit;
  of.issued_at = kT0;
  of.feedback_due = kT0 + 2h;
  CHECK_FALSE(closed_loop_of(of, "a").fed_back_at);
  of.fed_back_by = UserId(3);
  of.fed_back_at = kT0 + 1h;
  const ClosedLoop out = closed_loop_of(of, "a");
  CHECK(out.fed_back_at == kT0 + 1h);
  CHECK(out.due == kT0 + 2h);
  CHECK(out.issued_at == kT0);
  CHECK(out.level == Level::kCritical);
  CHECK(out.fraud_type == FraudType::kCredit);
  CHECK(out.area == "a");
}
