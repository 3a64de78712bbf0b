#include "engine/case.h"

#include <algorithm>
#include <array>

#include "engine/names.h"

namespace quanzu {
namespace {

constexpr Names<kCaseStateCount> kCaseStates = {"open", "closed", "following_up", "settled"};
constexpr Names<5> kTaskStates = {"waiting", "claimed", "under_way", "done", "cancelled"};
constexpr Names<4> kTruths = {"", "confirmed", "refuted", "undetermined"};
constexpr Names<3> kVerdicts = {"unknown", "no_loss", "loss"};

// What a state says to each command, in the order of CaseCommand; empty where it is legal. For the task commands of a
// case that is no longer open the text holds for the tasks that closing ended; outlives_closing() names the others.
constexpr std::string_view kEnded = "the case is closed, and this task ended with it";
constexpr std::string_view kFollowUpEarly = "the case is open: follow-ups begin when it is closed";
constexpr std::string_view kTruthEarly = "the case is open: its truth is decided after it is closed";
constexpr std::string_view kClosedAlready = "the case is closed already: correct closing.reason where it is wrong";
constexpr std::array<std::array<std::string_view, kCaseCommandCount>, kCaseStateCount> kRefusals = {{
    // claim, renew, release, record_attempt, close, follow_up, decide_truth, correct
    {"", "", "", "", "", kFollowUpEarly, kTruthEarly, ""},         // open
    {kEnded, kEnded, kEnded, kEnded, kClosedAlready, "", "", ""},  // closed
    {kEnded, kEnded, kEnded, kEnded, kClosedAlready, "", "", ""},  // following_up
    {kEnded, kEnded, kEnded, kEnded, kClosedAlready, "", "", ""},  // settled
}};

}  // namespace

std::string_view case_state_name(CaseState state) {
  return name_in(kCaseStates, state);
}
std::optional<CaseState> find_case_state(std::string_view name) {
  return find_in<CaseState>(kCaseStates, name);
}
std::string_view task_state_name(TaskState state) {
  return name_in(kTaskStates, state);
}
std::string_view truth_name(Truth truth) {
  return name_in(kTruths, truth);
}
std::optional<Truth> find_truth(std::string_view name) {
  return find_in<Truth>(kTruths, name);
}
std::string_view verdict_name(Verdict verdict) {
  return name_in(kVerdicts, verdict);
}
std::optional<Verdict> find_verdict(std::string_view name) {
  return find_in<Verdict>(kVerdicts, name);
}

Truth Case::settled_truth() const {
  if (lost_at) return Truth::kConfirmed;
  return truth.empty() ? Truth::kUnlabelled : truth.back().truth;
}

Instant Case::due_at() const {
  Instant earliest = kNever;
  for (const Task& task : tasks) {
    if (task.live()) earliest = std::min(earliest, task.due_at);
  }
  return earliest;
}

const Task* Case::find_task(TaskId task) const {
  const auto found = std::find_if(tasks.begin(), tasks.end(), [&](const Task& each) { return each.id == task; });
  return found == tasks.end() ? nullptr : &*found;
}

bool Case::has_peer(const Number& peer) const {
  return !peer.empty() && std::find(peers.begin(), peers.end(), peer) != peers.end();
}

std::optional<std::string_view> refusal(CaseState state, CaseCommand command, TaskType task) {
  if (command == CaseCommand::kRecordAttempt && task == TaskType::kFollowUp) {
    return "a follow-up has a verdict, not an attempt: record it as a follow-up";
  }
  const bool about_task = command <= CaseCommand::kRecordAttempt;
  if (about_task && outlives_closing(task)) return std::nullopt;
  const std::string_view reason = kRefusals[static_cast<size_t>(state)][static_cast<size_t>(command)];
  if (reason.empty()) return std::nullopt;
  return reason;
}

}  // namespace quanzu
