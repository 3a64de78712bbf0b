#include "engine/measure_definitions.h"

#include <algorithm>
#include <array>

namespace quanzu {
namespace {

Side protected_side(const Exposure&, Standing standing) {
  switch (standing) {
    case Standing::kSafe:
      return Side::kNumerator;
    case Standing::kLost:
      return Side::kDenominator;
    case Standing::kUnknown:
    case Standing::kUndecided:
      return Side::kUnsettled;
    default:
      return Side::kNone;
  }
}

Side lost_side(const Exposure& exposure, Standing standing) {
  const Side side = protected_side(exposure, standing);
  if (side == Side::kNumerator) return Side::kDenominator;
  return side == Side::kDenominator ? Side::kNumerator : side;
}

Side success_side(const Exposure& exposure, Standing standing) {
  return reached_in_time(exposure) ? protected_side(exposure, standing) : Side::kNone;
}

Side reach_side(const Exposure& exposure, Standing standing) {
  const Side side = protected_side(exposure, standing);
  if (side != Side::kNumerator && side != Side::kDenominator) return side;
  return reached_in_time(exposure) ? Side::kNumerator : Side::kDenominator;
}

Side false_alarm_side(const Exposure&, Standing standing) {
  switch (standing) {
    case Standing::kRefuted:
      return Side::kNumerator;
    case Standing::kSafe:
    case Standing::kLost:
    case Standing::kUnknown:
      return Side::kDenominator;
    case Standing::kUndecided:
      return Side::kUnsettled;
    default:
      return Side::kNone;
  }
}

Side closed_loop_side(const ClosedLoop& loop, Instant as_of) {
  if (loop.due > as_of) return Side::kImmature;
  return loop.fed_back_at && *loop.fed_back_at <= loop.due ? Side::kNumerator : Side::kDenominator;
}

Wait wait_until(const std::optional<Instant>& event, Instant t0, Instant as_of) {
  const bool happened = event && *event <= as_of;
  return {std::max(Duration(0), (happened ? *event : as_of) - t0), happened};
}

Wait contact_wait(const Exposure& exposure, Instant as_of) {
  return wait_until(exposure.contacted_at, exposure.t0, as_of);
}

// Who lost before they were reached was never reached in time: they stay among the waiting, as late as we look.
Wait reach_wait(const Exposure& exposure, Instant as_of) {
  return wait_until(reached_in_time(exposure) ? exposure.reached_at : std::nullopt, exposure.t0, as_of);
}

constexpr std::array<RatioDefinition, 5> kRatios = {{
    {"protected_rate", protected_side,
     "S/(S+F): of the true exposures whose horizon is past, those without a loss through t0+H. Left out: lost before "
     "the warning, transferred away. Bounds: S/(S+F+U+X), every unsettled one lost, to (S+U+X)/(S+F+U+X), every one "
     "safe. Not an effect: there is no control group."},
    {"dissuasion_success_rate", success_side,
     "S_R/(S_R+F_R): the protected rate among those reached in person before any loss. It says nothing without the "
     "reach rate. Left out as there. Bounds: the unsettled ones who were reached, all lost, to all safe."},
    {"reach_rate", reach_side,
     "(S_R+F_R)/(S+F): of the true exposures whose horizon is past, those reached in person before any loss. Left out "
     "as in the protected rate. Bounds: every unsettled one not reached, to every one reached."},
    {"lost_after_warning_rate", lost_side,
     "F/(S+F) = 1 - protected rate: of the true exposures whose horizon is past, those with a loss in [t0, t0+H]. Left "
     "out as there. Bounds: F/(S+F+U+X), every unsettled one safe, to (F+U+X)/(S+F+U+X), every one lost."},
    {"false_alarm_rate", false_alarm_side,
     "false/(true+false): of the exposures with a decided truth whose horizon is past, those refuted; a loss proves "
     "true. Left out as in the protected rate. Bounds: every undecided one true, to every one false."},
}};

constexpr LoopDefinition kLoop = {
    "closed_loop_rate", closed_loop_side,
    "Instructions fed back by their due time / instructions due. Immature: not due yet. No bounds but the value: "
    "nothing is unsettled once it is due. The period is that of issued_at."};

constexpr std::array<TimeDefinition, 4> kTimes = {{
    {"time_to_first_contact_s", contact_wait, 0.5,
     "Median seconds from t0 to the first attempt of any result, by Kaplan-Meier: who was not contacted counts as "
     "waiting until as_of, open or closed. n/N: contacted/all. No horizon has to be past."},
    {"time_to_first_contact_p90_s", contact_wait, 0.9,
     "Seconds from t0 until 90% had a first attempt of any result, by Kaplan-Meier as in time_to_first_contact_s."},
    {"time_to_reach_s", reach_wait, 0.5,
     "Median seconds from t0 to the resident reached in person before any loss, by Kaplan-Meier: who was not reached, "
     "or lost first, counts as waiting until as_of. n/N: reached/all. No horizon has to be past."},
    {"time_to_reach_p90_s", reach_wait, 0.9,
     "Seconds from t0 until 90% were reached in person before any loss, by Kaplan-Meier as in time_to_reach_s."},
}};

}  // namespace

std::optional<Side> find_side(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, Side>, 5> kNames = {{{"numerator", Side::kNumerator},
                                                                        {"denominator", Side::kDenominator},
                                                                        {"unsettled", Side::kUnsettled},
                                                                        {"immature", Side::kImmature},
                                                                        {"excluded", Side::kExcluded}}};
  for (const auto& [known, side] : kNames) {
    if (known == name) return side;
  }
  return std::nullopt;
}

std::span<const RatioDefinition> ratio_definitions() {
  return kRatios;
}
const LoopDefinition& loop_definition() {
  return kLoop;
}
std::span<const TimeDefinition> time_definitions() {
  return kTimes;
}

}  // namespace quanzu
