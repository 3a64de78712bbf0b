#include "engine/exposure.h"

#include <algorithm>

namespace quanzu {
namespace {

// When a loss is only known to have happened by the time it was recorded, it counts inside the horizon.
std::optional<Instant> loss_of(const Case& of, Instant horizon) {
  if (!of.lost_at) return std::nullopt;
  const bool undated = std::any_of(of.follow_ups.begin(), of.follow_ups.end(), [&](const FollowUp& each) {
    return each.verdict == Verdict::kLoss && each.at == *of.lost_at;
  });
  const bool by_closing = of.closing && of.closing->at == *of.lost_at;
  return undated || by_closing ? std::min(*of.lost_at, horizon) : *of.lost_at;
}

bool says_no_loss_through(const FollowUp& follow_up, Instant horizon) {
  return follow_up.recorded && follow_up.verdict == Verdict::kNoLoss &&
         std::max(follow_up.at, follow_up.due_at) >= horizon;
}

std::string exclusion_by_closing(const Case& of, const std::optional<Instant>& lost_at, const Playbook& playbook) {
  if (!of.closing) return {};
  const ClosingReason* reason = playbook.find_closing_reason(of.closing->reason);
  if (reason == nullptr || !reason->excluded) return {};
  if (reason->lost && lost_at && *lost_at >= of.t0) return {};
  return reason->name;
}

}  // namespace

Exposure exposure_of(const Case& of, std::string_view area, const Playbook& playbook) {
  const Instant horizon = of.t0 + playbook.horizon;
  Exposure out;
  out.id = of.id;
  out.resident = of.resident;
  out.fraud_type = of.fraud_type;
  out.level = of.level;
  out.area = area;
  out.t0 = of.t0;
  out.lost_at = loss_of(of, horizon);
  out.reached_at = of.reached_at;
  for (const Attempt& attempt : of.attempts) {
    if (!out.contacted_at || attempt.at < *out.contacted_at) out.contacted_at = attempt.at;
  }
  if (!of.truth.empty()) out.truth = of.truth.back().truth;
  out.no_loss_at_horizon = std::any_of(of.follow_ups.begin(), of.follow_ups.end(),
                                       [&](const FollowUp& each) { return says_no_loss_through(each, horizon); });
  out.excluded = exclusion_by_closing(of, out.lost_at, playbook);
  out.closed = of.state != CaseState::kOpen;
  return out;
}

std::string_view exclusion_of(const Exposure& exposure) {
  if (!exposure.excluded.empty()) return exposure.excluded;
  if (exposure.lost_at && *exposure.lost_at < exposure.t0) return "lost_before_warning";
  return {};
}

Standing standing_of(const Exposure& exposure, Instant as_of, Duration horizon) {
  if (!exclusion_of(exposure).empty()) return Standing::kExcluded;
  const Instant end = exposure.t0 + horizon;
  if (end > as_of) return Standing::kImmature;
  if (exposure.lost_at) return *exposure.lost_at <= end ? Standing::kLost : Standing::kSafe;
  switch (exposure.truth) {
    case Truth::kConfirmed:
      return exposure.no_loss_at_horizon ? Standing::kSafe : Standing::kUnknown;
    case Truth::kRefuted:
      return Standing::kRefuted;
    case Truth::kUndetermined:
    case Truth::kUnlabelled:
      break;
  }
  return Standing::kUndecided;
}

bool reached_in_time(const Exposure& exposure) {
  return exposure.reached_at && (!exposure.lost_at || *exposure.reached_at < *exposure.lost_at);
}

ClosedLoop closed_loop_of(const Instruction& of, std::string_view area) {
  ClosedLoop out;
  out.id = of.id;
  out.area = area;
  out.fraud_type = of.fraud_type;
  out.level = of.level;
  out.issued_at = of.issued_at;
  out.due = of.feedback_due;
  if (of.fed_back_by) out.fed_back_at = of.fed_back_at;
  return out;
}

}  // namespace quanzu
