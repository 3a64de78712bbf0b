#include "engine/rule_limits.h"

namespace quanzu {
namespace {

Instant day_of(Instant now) {
  constexpr Duration kZone = std::chrono::hours(8);  // China has one zone and no summer time
  return std::chrono::floor<std::chrono::days>(now + kZone) - kZone;
}

}  // namespace

bool RuleLimits::admit(const RuleInfo& rule, Instant now, bool& changed) {
  const auto known = states_.find(rule.id);
  if (known == states_.end() && rule.max_alerts_per_day == 0) return true;
  RuleState& state = known == states_.end() ? states_[rule.id] : known->second;
  state.rule = rule.id;
  const bool counts = !state.on || rule.max_alerts_per_day != 0;
  changed = counts;
  if (!counts) return true;
  if (state.day != day_of(now)) {
    state.day = day_of(now);
    state.alerts = 0;
  }
  const bool admitted = state.on && state.alerts < rule.max_alerts_per_day;
  ++(admitted ? state.alerts : state.held_back);
  return admitted;
}

void RuleLimits::set(const std::string& rule, bool on, std::string why, UserId by) {
  RuleState& state = states_[rule];
  state.rule = rule;
  state.on = on;
  state.why = std::move(why);
  state.by = by;
}

const RuleState* RuleLimits::find(std::string_view rule) const {
  const auto at = states_.find(rule);
  return at == states_.end() ? nullptr : &at->second;
}

}  // namespace quanzu
