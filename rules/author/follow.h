// What a correlation saw in each event of a file: whether a rule of its list held, the group that the event fell into or the
// field that it lacked, and how far the group then was. Alerts are the correlator's own; the counts are kept here beside it, by
// the windows of docs/rule-format.md, since the correlator keeps no more than it needs; of a chain, alerts of closing windows
// are not in them. Called by `quanzu rules explain`; one thread.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rules/match/program.h"

namespace quanzu::rules {

using GroupValues = std::vector<std::pair<std::string, std::string>>;  // in the order of group-by

struct FollowedGroup {
  GroupValues group;
  std::string held;  // "2 events", "1 of 2 rules; missing: transfer"
  bool alert = false;
};
struct FollowedEvent {
  std::optional<Instant> at;
  std::vector<std::string> rules;     // of the correlation's list, those that hold
  std::vector<std::string> lacks;     // fields that it is grouped or counted by
  bool late = false;                  // it came when its time had passed
  std::vector<FollowedGroup> groups;  // those that it counts in
};
struct FollowedClose {
  Instant at{};
  GroupValues group;
};
struct Followed {
  std::string needs;      // "gte 3 events within 3600 s"
  bool at_close = false;  // it is decided when the window closes
  std::vector<FollowedEvent> events;
  std::vector<FollowedClose> closes;  // alerts of windows that closed
};

struct TimedSignal {
  Signal signal;
  bool has_time = false;
};

// `correlation` counts those of the pack. Errors: as define().
Result<Followed> follow(const Program& program, size_t correlation, const std::vector<TimedSignal>& events);

}  // namespace quanzu::rules
