#include "engine/playbook.h"

#include <algorithm>

#include "engine/names.h"

namespace quanzu {
namespace {

constexpr Names<kLevelCount> kLevelNames = {"none", "low", "medium", "high", "critical"};
constexpr Names<kTaskTypeCount> kTaskTypeNames = {"call",         "message",    "visit",    "family",
                                                  "stop_payment", "line_block", "feedback", "follow_up"};
constexpr Names<4> kIdentityNames = {"", "question", "called_back", "face_to_face"};

template <class Row>
const Row* find_row(const std::vector<Row>& rows, std::string_view name) {
  const auto row = std::find_if(rows.begin(), rows.end(), [name](const Row& each) { return each.name == name; });
  return row == rows.end() ? nullptr : &*row;
}

constexpr Level below(Level level) {
  return static_cast<Level>(static_cast<size_t>(level) - 1);
}

}  // namespace

std::string_view level_name(Level level) {
  return name_in(kLevelNames, level);
}
std::optional<Level> find_level(std::string_view name) {
  return find_in<Level>(kLevelNames, name);
}

std::string_view task_type_name(TaskType type) {
  return name_in(kTaskTypeNames, type);
}
std::optional<TaskType> find_task_type(std::string_view name) {
  return find_in<TaskType>(kTaskTypeNames, name);
}

std::string_view identity_name(Identity identity) {
  return name_in(kIdentityNames, identity);
}
std::optional<Identity> find_identity(std::string_view name) {
  return find_in<Identity>(kIdentityNames, name);
}

const AttemptOutcome* Playbook::find_attempt_outcome(TaskType channel, std::string_view name) const {
  for (const AttemptOutcome& outcome : attempt_outcomes) {
    if (outcome.channel == channel && outcome.name == name) return &outcome;
  }
  return nullptr;
}

const ClosingReason* Playbook::find_closing_reason(std::string_view name) const {
  return find_row(closing_reasons, name);
}

const FollowUpPoint* Playbook::find_follow_up(std::string_view name) const {
  return find_row(follow_ups, name);
}

Level Playbook::level_of(Millipoints score) const {
  for (Level level = Level::kCritical; level != Level::kNone; level = below(level)) {
    if (score >= level_from[static_cast<size_t>(level)]) return level;
  }
  return Level::kNone;
}

// Step by step downwards, so that a score that falls in one leap ends where one that falls slowly ends.
Level Playbook::level_after(Millipoints score, Level present) const {
  const Level raised = level_of(score);
  if (raised >= present) return raised;
  Level level = present;
  while (level != Level::kNone &&
         score.value() < level_from[static_cast<size_t>(level)].value() - lowered_below.value()) {
    level = below(level);
  }
  return level;
}

}  // namespace quanzu
