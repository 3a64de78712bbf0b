// The fraud playbook that ships: figures and outcomes as one value. "Assumed" figures must be confirmed by the place.
#include "engine/playbook.h"

namespace quanzu {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr size_t index_of(Level level) {
  return static_cast<size_t>(level);
}

void set_levels(Playbook& playbook) {
  playbook.level_from[index_of(Level::kLow)] = Millipoints(40'000);
  playbook.level_from[index_of(Level::kMedium)] = Millipoints(50'000);
  playbook.level_from[index_of(Level::kHigh)] = Millipoints(70'000);
  playbook.level_from[index_of(Level::kCritical)] = Millipoints(90'000);
  playbook.lowered_below = Millipoints(5'000);
  playbook.opens_from = Level::kLow;
}

// Assumed, all of them: how long a step may take, counted from t0.
void set_clocks(Playbook& playbook) {
  auto& clocks = playbook.clocks;
  clocks[index_of(Level::kCritical)] = {
      .sign = minutes(5), .call = minutes(3), .visit = minutes(30), .message = {}, .feedback = hours(2)};
  clocks[index_of(Level::kHigh)] = {
      .sign = minutes(15), .call = minutes(15), .visit = hours(4), .message = {}, .feedback = hours(8)};
  clocks[index_of(Level::kMedium)] = {
      .sign = hours(24), .call = hours(24), .visit = {}, .message = {}, .feedback = hours(48)};
  clocks[index_of(Level::kLow)] = {
      .sign = hours(24), .call = hours(24), .visit = {}, .message = hours(24), .feedback = hours(72)};
}

void set_tasks(Playbook& playbook) {
  playbook.tasks[index_of(Level::kCritical)] = {TaskType::kCall, TaskType::kVisit};
  playbook.tasks[index_of(Level::kHigh)] = {TaskType::kCall, TaskType::kVisit};
  playbook.tasks[index_of(Level::kMedium)] = {TaskType::kCall};
  // The message of a low case goes out by itself; the call is there so that a person can work the case.
  playbook.tasks[index_of(Level::kLow)] = {TaskType::kCall};
  playbook.head_start[index_of(Level::kHigh)] = hours(4);    // assumed
  playbook.head_start[index_of(Level::kMedium)] = hours(1);  // assumed
}

void set_durations(Playbook& playbook) {
  playbook.lease = seconds(90);
  playbook.talk = minutes(20);
  playbook.retry = {minutes(5), minutes(15), hours(1), hours(4)};
  playbook.repeat_window = hours(24);
  playbook.visit_after = 3;
  playbook.suppressed = days(30);
  playbook.horizon = days(30);
  playbook.idempotency = hours(24);
  playbook.follow_ups = {
      {"30min", minutes(30), Level::kCritical}, {"2h", hours(2), Level::kCritical},
      {"24h", hours(24), Level::kLow},          {"7d", days(7), Level::kLow},
      {"30d", days(30), Level::kLow},
  };
}

// Who answers is not always the resident, and a resident who hangs up has heard nothing: `in_person` counts as reached
// in the measures, so it stands only where the warning was spoken to the resident themselves. A conversation keeps its
// task until the case is closed or another result follows; every other result that isn't an end is tried again.
std::vector<AttemptOutcome> call_outcomes() {
  constexpr TaskType kCall = TaskType::kCall;
  constexpr TaskType kVisit = TaskType::kVisit;
  return {
      {.name = "reached", .channel = kCall, .in_person = true, .keeps_lease = true, .opens = {}},
      {.name = "no_answer", .channel = kCall, .opens = {}},
      {.name = "busy", .channel = kCall, .opens = {}},
      {.name = "busy_with_suspect", .channel = kCall, .raises = true, .opens = {kVisit}},
      {.name = "refused", .channel = kCall, .opens = {kVisit}},
      {.name = "disbelieves", .channel = kCall, .in_person = true, .opens = {kVisit}},
      {.name = "feigned_agreement", .channel = kCall, .in_person = true, .opens = {kVisit}},
      {.name = "powered_off", .channel = kCall, .opens = {}},
      {.name = "forwarded", .channel = kCall, .opens = {kVisit}},
      {.name = "wrong_speaker", .channel = kCall, .opens = {}},
      {.name = "family_reached", .channel = kCall, .opens = {}},
      {.name = "callback_asked", .channel = kCall, .opens = {}},
      {.name = "bad_number", .channel = kCall, .ends_task = true, .opens = {kVisit}},
  };
}

std::vector<AttemptOutcome> visit_outcomes() {
  constexpr TaskType kCall = TaskType::kCall;
  constexpr TaskType kVisit = TaskType::kVisit;
  return {
      {.name = "met", .channel = kVisit, .in_person = true, .keeps_lease = true, .opens = {}},
      {.name = "no_one", .channel = kVisit, .opens = {}},
      {.name = "door_refused", .channel = kVisit, .opens = {kCall}},
      {.name = "found_elsewhere", .channel = kVisit, .in_person = true, .keeps_lease = true, .opens = {}},
      {.name = "moved", .channel = kVisit, .ends_task = true, .opens = {kCall}},
      {.name = "aggressive", .channel = kVisit, .opens = {kCall}},
      {.name = "not_safe", .channel = kVisit, .opens = {kCall}},
  };
}

void set_outcomes(Playbook& playbook) {
  playbook.attempt_outcomes = call_outcomes();
  for (AttemptOutcome& outcome : visit_outcomes()) playbook.attempt_outcomes.push_back(std::move(outcome));
  playbook.stoppers = {"operator", "visitor", "police", "bank", "family", "self"};
}

// An end that hides a loss would flatter the figures, so false_alarm is followed up like the rest.
void set_closing_reasons(Playbook& playbook) {
  playbook.closing_reasons = {
      {.name = "dissuaded",
       .counts = Counts::kSuccess,
       .needs_in_person = true,
       .needs_line_cut = true,
       .follow_up = true},
      {.name = "stop_payment", .counts = Counts::kFailure, .follow_up = true, .lost = true},
      {.name = "self_recognised", .follow_up = true},
      {.name = "lost_before_warning", .excluded = true, .lost = true},
      {.name = "false_alarm", .needs_proof = true, .second_person_from = Level::kHigh, .follow_up = true},
      {.name = "wrong_user"},
      {.name = "transferred_away", .excluded = true},
      {.name = "exhausted", .counts = Counts::kFailure, .supervisor_only = true, .follow_up = true},
  };
  playbook.truth_criteria = {"peer_confirmed_by_police", "content_confirmed_by_resident",
                             "independent_proof",        "loss",
                             "named_proof_of_false",     "none"};
  playbook.strong_identity_from = Level::kCritical;
  playbook.strong_identity_types = {FraudType::kImpersonatePolice};
  playbook.strong_identity_stage = Stage::kScreen;
}

}  // namespace

Playbook Playbook::defaults() {
  Playbook playbook;
  set_levels(playbook);
  set_clocks(playbook);
  set_tasks(playbook);
  set_durations(playbook);
  set_outcomes(playbook);
  set_closing_reasons(playbook);
  return playbook;
}

}  // namespace quanzu
