// How much a rule may say: nothing while somebody has switched it off, and no more alerts a day than it asks for itself
// (max_alerts_per_day), so that a rule gone wild does not take the whole desk's time. What is held back is counted. By rule
// id, over all its versions; part of the engine's state, its thread's.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "engine/alert.h"
#include "engine/ids.h"

namespace quanzu {

struct RuleState {
  std::string rule;  // id
  bool on = true;
  std::string why;  // of the last switch, and by whom
  UserId by;
  Instant day{};           // of the server's clock, at +08:00: its first moment
  uint64_t alerts = 0;     // raised that day, of a rule that has a limit
  uint64_t held_back = 0;  // alerts not raised, ever
};

class RuleLimits {
 public:
  // Whether the rule may raise an alert now; counts it. `changed` is set where its state is another one then.
  bool admit(const RuleInfo& rule, Instant now, bool& changed);

  void set(const std::string& rule, bool on, std::string why, UserId by);
  // Null where nothing is known of it: it is on and has held nothing back.
  const RuleState* find(std::string_view rule) const;
  const std::map<std::string, RuleState, std::less<>>& all() const { return states_; }
  void restore(RuleState state) { states_[state.rule] = std::move(state); }  // of a snapshot

 private:
  std::map<std::string, RuleState, std::less<>> states_;  // of rules with a limit, or that were switched
};

}  // namespace quanzu
