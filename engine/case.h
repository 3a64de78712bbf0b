// A case: one resident's one exposure, with its reasons, parallel tasks, attempts, outcome, truth and follow-ups.
// Its state machine is one table (state x command); what it refuses, it refuses with the reason.
// Plain data, changed only by Engine (engine/engine.h); everyone else reads.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/ids.h"
#include "engine/number.h"
#include "engine/playbook.h"

namespace quanzu {

//  open -> closed -> following_up -> settled;   closed, following_up, settled -> open (reopened) on new evidence
enum class CaseState : uint8_t { kOpen, kClosed, kFollowingUp, kSettled };
std::string_view case_state_name(CaseState state);  // "following_up"
std::optional<CaseState> find_case_state(std::string_view name);

enum class TaskState : uint8_t { kWaiting, kClaimed, kUnderWay, kDone, kCancelled };
std::string_view task_state_name(TaskState state);  // "under_way"

struct Task {
  TaskId id;
  CaseId case_id;
  TaskType type = TaskType::kCall;
  TaskState state = TaskState::kWaiting;
  UserId owner;           // while claimed or under way
  Instant lease_until{};  // while owned
  Instant due_at{};       // the clock that it breaches
  Instant not_before{};   // a retry or a follow-up waits until then
  uint32_t attempts = 0;
  std::string point;          // of a follow_up: "24h"
  InstructionId instruction;  // of a feedback

  bool live() const { return state < TaskState::kDone; }
  bool held() const { return state == TaskState::kClaimed || state == TaskState::kUnderWay; }
};

// What goes on after the case is closed: the answer to an instruction, a payment being stopped, the follow-ups.
constexpr bool outlives_closing(TaskType type) {
  return type == TaskType::kFeedback || type == TaskType::kStopPayment || type == TaskType::kFollowUp;
}

struct Reason {
  RuleId rule;         // none for an instruction, an operator's word or a fact
  std::string label;   // what it is where no rule is: "instruction 123", "opened by hand"
  int32_t points = 0;  // the reasons' points add up to the case's score
  Instant at{};
  Number peer;
  std::string text;  // as received
};

struct Attempt {
  TaskId task;
  TaskType channel = TaskType::kCall;
  std::string result;
  bool in_person = false;
  Identity identity = Identity::kNone;
  bool line_cut = false;
  std::string stopped_by;
  std::string note;
  UserId by;
  Instant at{};
};

enum class Truth : uint8_t { kUnlabelled, kConfirmed, kRefuted, kUndetermined };
std::string_view truth_name(Truth truth);  // "" for kUnlabelled
std::optional<Truth> find_truth(std::string_view name);

enum class Verdict : uint8_t { kUnknown, kNoLoss, kLoss };
std::string_view verdict_name(Verdict verdict);  // "no_loss"
std::optional<Verdict> find_verdict(std::string_view name);

struct FollowUp {
  std::string point;
  Instant due_at{};
  bool recorded = false;
  Verdict verdict = Verdict::kUnknown;
  std::optional<Fen> loss;
  std::optional<Instant> lost_at;
  std::string source;  // resident, family, bank, police_report
  UserId by;
  Instant at{};
};

struct TruthDecision {
  Truth truth = Truth::kUnlabelled;
  std::vector<std::string> criteria;
  UserId by;
  Instant at{};
};

struct Closing {
  std::string reason;
  std::string proof;
  UserId by;
  UserId second_person;
  Instant at{};
};

struct Correction {
  std::string field;
  std::string before;
  std::string after;
  std::string why;
  UserId by;
  Instant at{};
};

struct Case {
  CaseId id;
  uint64_t version = 0;  // raised once by every event that changes it; commands name the one that they saw
  Sequence changed;      // that event
  std::string kind;      // the playbook's
  CaseState state = CaseState::kOpen;
  Level level = Level::kNone;
  int32_t score = 0;  // points
  FraudType fraud_type = FraudType::kNone;
  Stage stage = Stage::kHook;  // the latest that its evidence holds
  ResidentId resident;
  std::string place;  // where the subject is a place
  std::vector<Number> peers;
  std::vector<Reason> reasons;
  std::vector<Task> tasks;
  std::vector<Attempt> attempts;
  std::vector<InstructionId> instructions;
  Instant t0{};  // instruction issued or case opened, the earlier
  Instant opened_at{};
  Instant active_from{};  // opened or last reopened: closing asks for attempts since then
  UserId lead;            // the first who took a task
  std::optional<Closing> closing;
  std::vector<Closing> past_closings;  // where it was reopened, oldest first
  std::vector<TruthDecision> truth;    // appended; the last holds
  std::vector<FollowUp> follow_ups;
  std::vector<Correction> corrections;
  uint32_t reopened = 0;
  Instant answer_by = kNever;         // critical: the supervisor is told then, unless somebody takes a task before
  std::optional<Instant> reached_at;  // first attempt that reached the resident in person
  std::optional<Instant> lost_at;     // L: first confirmed money gone
  std::optional<Fen> loss;

  Truth settled_truth() const;  // a loss proves true
  Instant due_at() const;       // the earliest due of its live tasks; kNever where none lives
  const Task* find_task(TaskId task) const;
  bool is_open() const { return state == CaseState::kOpen; }
  bool has_peer(const Number& peer) const;  // false for the empty one
};

// What may be asked of a case, for the state x command table (tests/engine walks it whole).
constexpr size_t kCaseStateCount = 4;
constexpr size_t kCaseCommandCount = 8;
enum class CaseCommand : uint8_t {
  kClaim,
  kRenew,
  kRelease,
  kRecordAttempt,
  kClose,
  kFollowUp,
  kDecideTruth,
  kCorrect
};
// Nothing where it is legal in this state; else why not, in words that an operator understands.
std::optional<std::string_view> refusal(CaseState state, CaseCommand command, TaskType task = TaskType::kCall);

}  // namespace quanzu
