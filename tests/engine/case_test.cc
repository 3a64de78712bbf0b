// The case's state machine: the whole table of state x command, written out a second time.
#include "engine/case.h"

#include "tests/catch.h"

namespace quanzu {
namespace {

constexpr std::array kStates = {CaseState::kOpen, CaseState::kClosed, CaseState::kFollowingUp, CaseState::kSettled};
constexpr std::array kCommands = {CaseCommand::kClaim,         CaseCommand::kRenew,  CaseCommand::kRelease,
                                  CaseCommand::kRecordAttempt, CaseCommand::kClose,  CaseCommand::kFollowUp,
                                  CaseCommand::kDecideTruth,   CaseCommand::kCorrect};
static_assert(kStates.size() == kCaseStateCount && kCommands.size() == kCaseCommandCount);

TEST_CASE("every state says to every command what the table says", "[engine][case]") {
  // claim, renew, release, record_attempt, close, follow_up, decide_truth, correct; x is refused
  const std::array<std::string_view, kCaseStateCount> of_a_call = {".....xx.", "xxxxx...", "xxxxx...", "xxxxx..."};
  for (size_t state = 0; state < kStates.size(); ++state) {
    for (size_t command = 0; command < kCommands.size(); ++command) {
      INFO(case_state_name(kStates[state]) << ", command " << command);
      const auto refused = refusal(kStates[state], kCommands[command]);
      CHECK(refused.has_value() == (of_a_call[state][command] == 'x'));
      if (refused) CHECK(refused->size() > 20);  // a reason in words
    }
  }
}

TEST_CASE("answers, stopped payments and follow-ups go on after the case is closed", "[engine][case]") {
  for (CaseState state : kStates) {
    for (TaskType task : {TaskType::kFeedback, TaskType::kStopPayment}) {
      CHECK_FALSE(refusal(state, CaseCommand::kClaim, task));
      CHECK_FALSE(refusal(state, CaseCommand::kRecordAttempt, task));
    }
    CHECK_FALSE(refusal(state, CaseCommand::kClaim, TaskType::kFollowUp));
    CHECK(refusal(state, CaseCommand::kRecordAttempt, TaskType::kFollowUp));
  }
  for (TaskType task :
       {TaskType::kCall, TaskType::kMessage, TaskType::kVisit, TaskType::kFamily, TaskType::kLineBlock}) {
    CHECK(refusal(CaseState::kFollowingUp, CaseCommand::kClaim, task));
  }
}

TEST_CASE("a loss proves a case true, whatever was decided", "[engine][case]") {
  Case of;
  CHECK(of.settled_truth() == Truth::kUnlabelled);
  of.truth.push_back(TruthDecision{Truth::kUndetermined, {"none"}, UserId(1), from_ms(1)});
  of.truth.push_back(TruthDecision{Truth::kRefuted, {"named_proof_of_false"}, UserId(1), from_ms(2)});
  CHECK(of.settled_truth() == Truth::kRefuted);  // the last holds
  of.lost_at = from_ms(3);
  CHECK(of.settled_truth() == Truth::kConfirmed);
}

TEST_CASE("a case is due when the first of its live tasks is", "[engine][case]") {
  Case of;
  CHECK(of.due_at() == kNever);
  for (int64_t due : {30, 10, 20}) {
    Task task;
    task.id = TaskId(static_cast<uint64_t>(due));
    task.due_at = from_ms(due);
    of.tasks.push_back(task);
  }
  CHECK(of.due_at() == from_ms(10));
  of.tasks[1].state = TaskState::kDone;
  CHECK(of.due_at() == from_ms(20));
  CHECK(of.find_task(TaskId(30))->due_at == from_ms(30));
  CHECK(of.find_task(TaskId(31)) == nullptr);
}

TEST_CASE("names of states, truths and verdicts are read back", "[engine][case]") {
  for (CaseState state : kStates) CHECK(find_case_state(case_state_name(state)) == state);
  for (Truth truth : {Truth::kConfirmed, Truth::kRefuted, Truth::kUndetermined}) {
    CHECK(find_truth(truth_name(truth)) == truth);
  }
  for (Verdict verdict : {Verdict::kUnknown, Verdict::kNoLoss, Verdict::kLoss}) {
    CHECK(find_verdict(verdict_name(verdict)) == verdict);
  }
  CHECK_FALSE(find_truth(""));
  CHECK_FALSE(find_case_state("opened"));
}

}  // namespace
}  // namespace quanzu
