// A playbook's file as read: the value that the engine takes, where each piece of it stands, and the timelines that stand
// beside it as its tests. Plain data; made by read.h, judged by check.h, run by timeline.h, drawn by show.h.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/case.h"
#include "engine/playbook.h"
#include "engine/user.h"
#include "rules/lang/document.h"

namespace quanzu::rules {

// Words for people, in both languages of the console.
struct Words {
  std::string zh;
  std::string en;
};

// Who answers for a step. Another's than the street's is a request with a reply and a clock.
enum class Authority : uint8_t { kStreet, kPolice, kBank, kCarrier };
constexpr size_t kAuthorityCount = 4;
std::string_view authority_name(Authority authority);  // "police"
std::optional<Authority> find_authority(std::string_view name);

std::string_view counts_name(Counts counts);  // "success"
std::optional<Counts> find_counts(std::string_view name);

// A step of the ladder: how tasks of one type are worked. What it comes to is in the playbook's attempt_outcomes.
struct LadderStep {
  TaskType task = TaskType::kCall;
  Authority authority = Authority::kStreet;
  std::string channel;           // "console", "on_site": by what means
  std::vector<Duration> retry;   // before attempt 2, 3, ...; the last repeats
  uint32_t escalates_after = 0;  // so many attempts that reached nobody open `escalates_to`; 0: never
  TaskType escalates_to = TaskType::kCall;
  Words script;
};

// What happens in a test, so long after its start.
struct TimelineEvent {
  enum class What : uint8_t { kOpen, kAttempt, kClose };
  What what = What::kOpen;
  Duration at{};
  TaskType task = TaskType::kCall;  // of an attempt
  std::string word;                 // an attempt's result, a closing reason
  std::optional<Level> level;       // of kOpen, as the fraud type
  FraudType fraud_type = FraudType::kNone;
  Identity identity = Identity::kNone;
  bool line_cut = false;
  std::string stopped_by;
  std::string proof;
  bool second_person = false;
  std::optional<Role> by;              // who does it; else the first who may
  std::optional<std::string> refused;  // it must be, with a reason that says this
  Mark mark;
};
// What must hold then, of the latest case.
struct TimelineExpect {
  struct TaskName {
    TaskType type = TaskType::kCall;
    std::string point;  // of a follow-up
  };
  Duration at{};
  std::optional<Level> level;
  std::optional<CaseState> state;
  std::optional<std::string> closing;
  std::optional<TaskName> waits;       // a task that is there and nobody's
  std::optional<Duration> due;         // of it, after the start
  std::optional<Duration> not_before;  // of it, after the start
  std::optional<TaskName> absent;      // none that is alive
  std::optional<std::string> sent;     // a message by this channel
  Mark mark;
};
struct Timeline {
  std::string name;
  Instant start{};
  TimelineEvent opening;
  std::vector<TimelineEvent> events;
  std::vector<TimelineExpect> expect;
  Mark mark;
};

// Where the pieces stand; the lists run beside the playbook's own.
struct PlaybookMarks {
  Mark document;
  std::array<Mark, kLevelCount> levels{};
  std::map<std::pair<size_t, TaskType>, Mark> clocks;  // by level
  std::vector<Mark> steps;
  std::vector<Mark> outcomes;
  std::vector<Mark> closings;
  std::vector<Mark> follow_ups;
  std::vector<Mark> assumed;  // figures that a place must confirm
};

struct PlaybookFile {
  std::string file;
  Words title;
  std::vector<LadderStep> ladder;
  Playbook playbook;
  PlaybookMarks marks;

  const LadderStep* find_step(TaskType task) const;
  std::vector<Timeline> tests;
};

}  // namespace quanzu::rules
