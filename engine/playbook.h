// A playbook: what a place decides for itself, as one value. Levels, clocks, ladder, outcomes, follow-ups and checks of
// a case kind. The engine reads flags and numbers only, so a new kind of case is a new playbook and no new code.
// Figures marked "assumed" in defaults() must be confirmed by the place that uses them.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/fraud_type.h"
#include "engine/ids.h"
#include "engine/time.h"

namespace quanzu {

enum class Level : uint8_t { kNone, kLow, kMedium, kHigh, kCritical };
constexpr size_t kLevelCount = 5;
std::string_view level_name(Level level);  // "critical"; "none"
std::optional<Level> find_level(std::string_view name);

enum class TaskType : uint8_t { kCall, kMessage, kVisit, kFamily, kStopPayment, kLineBlock, kFeedback, kFollowUp };
constexpr size_t kTaskTypeCount = 8;
std::string_view task_type_name(TaskType type);  // "follow_up"
std::optional<TaskType> find_task_type(std::string_view name);

enum class Identity : uint8_t { kNone, kQuestion, kCalledBack, kFaceToFace };  // I1, I2, I3
std::string_view identity_name(Identity identity);                            // "called_back"
std::optional<Identity> find_identity(std::string_view name);

// What an attempt of a call or a visit came to, and what follows from it.
struct AttemptOutcome {
  std::string name;             // "no_answer"
  TaskType channel;             // the task type that it is a result of
  bool in_person = false;       // the resident themselves was reached
  bool ends_task = false;       // the task is done; else it waits again after the ladder's retry
  bool keeps_lease = false;     // the holder goes on (talking, at the door)
  bool raises = false;          // one level up, at once
  std::vector<TaskType> opens;  // tasks that go on beside it
};

// How a case ends, what it counts as, and what must be shown first.
enum class Counts : uint8_t { kNeutral, kSuccess, kFailure };
struct ClosingReason {
  std::string name;  // "dissuaded"
  Counts counts = Counts::kNeutral;
  bool needs_in_person = false;      // an attempt that reached the resident themselves
  bool needs_line_cut = false;       // and the line cut
  bool needs_proof = false;
  Level second_person_from = Level::kNone;  // kNone: never; else from this level on
  bool supervisor_only = false;
  bool follow_up = false;            // opens the follow-ups
  bool excluded = false;             // left out of the rates, listed instead
  bool lost = false;                 // money went before or in spite of the warning
};

// How long each step may take, from t0. A zero means: no such step at this level.
struct Clocks {
  Duration sign{};
  Duration call{};
  Duration visit{};
  Duration message{};
  Duration feedback{};
};

struct FollowUpPoint {
  std::string name;  // "30min", "24h", "7d", "30d"
  Duration after{};
  Level from = Level::kLow;  // for cases of this level and above
};

struct Playbook {
  std::string kind = "fraud";
  uint32_t version = 1;

  std::array<Millipoints, kLevelCount> level_from{};  // [kLow] 40 points, ...; [kNone] unused
  Millipoints lowered_below{};                         // a level is left this far under its threshold
  Level opens_from = Level::kLow;                      // a case opens at this level
  std::array<Clocks, kLevelCount> clocks{};            // by level
  std::array<std::vector<TaskType>, kLevelCount> tasks{};  // that a case of the level opens with
  std::array<Duration, kLevelCount> head_start{};      // of a level in the queue, below critical

  Duration lease{};             // until the first attempt
  Duration talk{};              // an open call or visit holds its task this long, then the supervisor is told
  std::vector<Duration> retry;  // before attempt 2, 3, ...; the last repeats
  Duration repeat_window{};     // same rule and peer inside it: diminishing weight
  uint32_t visit_after = 0;     // this many unanswered calls open a visit; 0: never
  Duration suppressed{};        // after a success the same evidence opens nothing for this long
  Duration horizon{};           // H: how long a resident must stay safe to count as protected
  Duration idempotency{};       // how long a repeated command gets its first reply

  std::vector<AttemptOutcome> attempt_outcomes;
  std::vector<ClosingReason> closing_reasons;
  std::vector<FollowUpPoint> follow_ups;
  std::vector<std::string> stoppers;         // who may have stopped it: operator, visitor, police, ...
  std::vector<std::string> truth_criteria;   // names that Truth/Decide takes
  Level strong_identity_from = Level::kCritical;  // a success needs I2 or I3 from this level on,
  std::vector<FraudType> strong_identity_types;   // for these types,
  Stage strong_identity_stage = Stage::kScreen;   // and where the evidence holds this stage

  const AttemptOutcome* find_attempt_outcome(TaskType channel, std::string_view name) const;
  const ClosingReason* find_closing_reason(std::string_view name) const;
  const FollowUpPoint* find_follow_up(std::string_view name) const;
  Level level_of(Millipoints score) const;
  // The level after `score`, coming from `present`: raised at once, lowered only lowered_below under the threshold.
  Level level_after(Millipoints score, Level present) const;

  static Playbook defaults();  // the fraud playbook of docs/architecture.md, until playbooks are files
};

}  // namespace quanzu
