// What holds of the measures of any town.
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "tests/engine/town.h"

using namespace quanzu;
using namespace quanzu::testing;

namespace {

// What would happen to a resident: when they would pay if nobody came, and whether they would listen.
struct Fate {
  std::optional<Duration> pays;
  std::optional<Duration> reached;
  bool listens = false;
};

Exposure lived(const Fate& fate, Duration delay, uint32_t resident) {
  Exposure out;
  out.resident = ResidentId(resident);
  out.t0 = kT0;
  out.truth = Truth::kConfirmed;
  if (fate.reached) out.reached_at = kT0 + *fate.reached + delay;
  const bool warned = out.reached_at && fate.pays && *out.reached_at < kT0 + *fate.pays;
  if (fate.pays && !(warned && fate.listens)) out.lost_at = kT0 + *fate.pays;
  out.no_loss_at_horizon = !out.lost_at;
  return out;
}

std::optional<Duration> random_moment() {
  const int minute = *rc::gen::inRange(-200, 600);
  return minute < 0 ? std::nullopt : std::optional<Duration>(std::chrono::minutes(minute));
}

std::vector<Fate> random_fates() {
  std::vector<Fate> out(*rc::gen::inRange<size_t>(1, 60));
  for (Fate& fate : out) {
    fate.pays = random_moment();
    fate.reached = random_moment();
    fate.listens = *rc::gen::arbitrary<bool>();
  }
  return out;
}

Town lived_town(const std::vector<Fate>& fates, Duration delay) {
  Town town;
  for (const Fate& fate : fates) town.exposures.push_back(lived(fate, delay, 1 + *rc::gen::inRange(0U, 20U)));
  return town;
}

Town random_town() {
  Town town = lived_town(random_fates(), Duration(0));
  for (Exposure& each : town.exposures) {
    each.truth = *rc::gen::element(Truth::kUnlabelled, Truth::kConfirmed, Truth::kConfirmed, Truth::kRefuted,
                                   Truth::kUndetermined);
    if (*rc::gen::inRange(0, 4) == 0) each.no_loss_at_horizon = false;
    if (*rc::gen::inRange(0, 9) == 0) each.excluded = "transferred_away";
    if (*rc::gen::inRange(0, 9) == 0) each.t0 += 10 * kDay;
  }
  return town;
}

bool same(const Measure& a, const Measure& b) {
  return a.numerator == b.numerator && a.denominator == b.denominator && a.value == b.value && a.low == b.low &&
         a.high == b.high && a.bound_low == b.bound_low && a.bound_high == b.bound_high && a.immature == b.immature;
}

const std::vector<std::string> kRates = {"protected_rate", "dissuasion_success_rate", "reach_rate",
                                         "lost_after_warning_rate", "false_alarm_rate"};

}  // namespace

TEST_CASE("protected is reach x success plus (1 - reach) x the safe share of the rest") {
  REQUIRE(rc::check("the identity, over any exposures", [] {
    const Town town = random_town();
    const Measure protection = town.one("protected_rate");
    const Measure success = town.one("dissuasion_success_rate");
    const Measure reach = town.one("reach_rate");
    RC_ASSERT(reach.denominator == protection.denominator);
    RC_ASSERT(reach.numerator == success.denominator);
    if (protection.denominator == 0) return;
    const auto rest = static_cast<double>(protection.denominator - success.denominator);
    const double safe_rest = rest > 0 ? static_cast<double>(protection.numerator - success.numerator) / rest : 0;
    const double sum = *reach.value * success.value.value_or(0) + (1 - *reach.value) * safe_rest;
    RC_ASSERT(std::abs(sum - *protection.value) < 1e-12);
  }));
}

TEST_CASE("a team that reaches the same residents later never protects more of them") {
  REQUIRE(rc::check("the slower twin", [] {
    const std::vector<Fate> fates = random_fates();
    const Duration delay = std::chrono::minutes(*rc::gen::inRange(0, 300));
    const Measure fast = lived_town(fates, Duration(0)).one("protected_rate");
    const Measure slow = lived_town(fates, delay).one("protected_rate");
    RC_ASSERT(fast.denominator == slow.denominator);
    RC_ASSERT(slow.numerator <= fast.numerator);
  }));
}

TEST_CASE("every exposure of a period is counted in one place of the protected rate") {
  REQUIRE(rc::check("the places add up", [] {
    const Town town = random_town();
    const Measure protection = town.one("protected_rate");
    const Measure false_alarm = town.one("false_alarm_rate");
    uint64_t left_out = 0;
    for (const Excluded& each : protection.excluded) left_out += each.count;
    uint64_t unsettled = 0;
    for (const Exposure& each : town.exposures) {
      const Standing standing = standing_of(each, town.query().as_of, kHorizon);
      if (standing == Standing::kUnknown || standing == Standing::kUndecided) ++unsettled;
    }
    RC_ASSERT(protection.denominator + protection.immature + left_out + unsettled + false_alarm.numerator ==
              town.exposures.size());
  }));
}

TEST_CASE("bounds and interval hold the value, and lost after warning is what protected is not") {
  REQUIRE(rc::check("bound_low <= value <= bound_high", [] {
    const Town town = random_town();
    for (const std::string& name : kRates) {
      const Measure of = town.one(name);
      RC_ASSERT(of.numerator <= of.denominator);
      if (!of.value) continue;
      RC_ASSERT(*of.bound_low <= *of.value);
      RC_ASSERT(*of.value <= *of.bound_high);
      RC_ASSERT(*of.low <= *of.value + 1e-12);
      RC_ASSERT(*of.value <= *of.high + 1e-12);
    }
    const Measure protection = town.one("protected_rate");
    const Measure lost = town.one("lost_after_warning_rate");
    RC_ASSERT(protection.numerator + lost.numerator == protection.denominator);
    if (protection.bound_low) RC_ASSERT(std::abs(*protection.bound_low + *lost.bound_high - 1) < 1e-12);
  }));
}

TEST_CASE("whatever the unsettled turn out to be, the rate stays inside its bounds") {
  REQUIRE(rc::check("bounds hold every completion", [] {
    Town town = random_town();
    std::map<std::string, Measure> before;
    for (const std::string& name : kRates) before[name] = town.one(name);
    for (Exposure& each : town.exposures) {
      const Standing standing = standing_of(each, town.query().as_of, kHorizon);
      if (standing != Standing::kUnknown && standing != Standing::kUndecided) continue;
      const int fate = *rc::gen::inRange(standing == Standing::kUnknown ? 1 : 0, 3);
      each.truth = fate == 0 ? Truth::kRefuted : Truth::kConfirmed;
      each.no_loss_at_horizon = fate == 1;
      if (fate == 2) each.lost_at = kT0 + 11 * kDay;  // after any reach of these towns
    }
    for (const std::string& name : kRates) {
      const Measure after = town.one(name);
      if (!after.value || !before[name].bound_low) continue;
      RC_ASSERT(*before[name].bound_low <= *after.value + 1e-12);
      RC_ASSERT(*after.value <= *before[name].bound_high + 1e-12);
    }
  }));
}

TEST_CASE("the order of exposures changes no figure") {
  REQUIRE(rc::check("measures of a shuffled town", [] {
    Town town = random_town();
    Town reversed = town;
    std::reverse(reversed.exposures.begin(), reversed.exposures.end());
    for (const std::string_view name : measure_names()) {
      RC_ASSERT(same(town.one(std::string(name)), reversed.one(std::string(name))));
    }
  }));
}
