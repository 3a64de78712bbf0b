// How a case ends, and what is learned of it afterwards: closing with its checks, follow-ups, truth, corrections.
#include <algorithm>

#include "engine/engine.h"

namespace quanzu {
namespace {

std::string case_name(CaseId id) {
  return "case " + std::to_string(id.value());
}

// What was done since the case was opened, or last reopened.
template <class Test>
bool any_attempt(const Case& of, const Test& test) {
  return std::any_of(of.attempts.begin(), of.attempts.end(),
                     [&](const Attempt& each) { return each.at >= of.active_from && test(each); });
}

bool in_person(const Attempt& attempt) {
  return attempt.in_person;
}
bool cut_the_line(const Attempt& attempt) {
  return attempt.in_person && attempt.line_cut;
}
bool strongly_identified(const Attempt& attempt) {
  return attempt.in_person && attempt.identity >= Identity::kCalledBack;
}

}  // namespace

Result<Case*> Engine::find_for(CaseId id, CaseCommand command) {
  if (find_case(id) == nullptr) return fail(Code::kNotFound, "there is no " + case_name(id), "case_id");
  Case& of = mutable_case(id);
  if (const auto refused = refusal(of.state, command)) return fail(Code::kFailedPrecondition, std::string(*refused));
  return &of;
}

Result<Applied> Engine::on(const CloseCase& request, Step& step) {
  const Result<Case*> found = find_for(request.case_id, CaseCommand::kClose);
  if (!found) return Failure(found.error());
  Case& of = **found;
  if (const Result<void> version = check_version(of, request.version); !version) return Failure(version.error());
  const Result<const ClosingReason*> reason = check_closing(of, request.reason, request.proof, step.user);
  if (!reason) return Failure(reason.error());
  const Result<UserId> second = check_second_person(of, **reason, request.second_person, step.user);
  if (!second) return Failure(second.error());

  of.closing = Closing{request.reason, request.proof, step.user, *second, step.now};
  of.state = CaseState::kClosed;
  ++counters_.cases_closed;
  touch(of, step);
  if (of.answer_by != kNever) agenda_.remove({of.answer_by, DueKind::kUnanswered, of.id.value()});
  of.answer_by = kNever;
  for (Task& task : of.tasks) {
    if (!task.live() || outlives_closing(task.type)) continue;
    // The call or visit that the closer is on is what brought the case to its end: it isn't called off by it.
    const bool led_here = task.owner == step.user && task.attempts > 0;
    end_task(of, task, led_here ? TaskState::kDone : TaskState::kCancelled, step);
  }
  take_consequences(of, **reason, step);
  step.done.case_id = of.id;
  return Applied::kChanged;
}

Result<const ClosingReason*> Engine::check_closing(const Case& of, const std::string& name, const std::string& proof,
                                                   UserId closer) const {
  const ClosingReason* reason = playbook_.find_closing_reason(name);
  if (reason == nullptr) {
    std::string known;
    for (const ClosingReason& each : playbook_.closing_reasons) known += (known.empty() ? "" : ", ") + each.name;
    return fail(Code::kInvalidArgument, "\"" + name + "\" is no closing reason: it is one of " + known, "reason");
  }
  const auto refuse = [&](std::string why) {
    return fail(Code::kFailedPrecondition, "\"" + name + "\" needs " + std::move(why), "reason");
  };
  if (reason->supervisor_only && find_user(closer)->role != Role::kSupervisor)
    return refuse("a supervisor to close it");
  if (reason->needs_in_person && !any_attempt(of, in_person)) {
    return refuse("the resident in person: no attempt has reached them themselves");
  }
  if (reason->needs_line_cut && !any_attempt(of, cut_the_line)) {
    return refuse(
        "the line cut: call ended, sharing and remote control off, forwarding cancelled, peer blocked; record it");
  }
  if (needs_strong_identity(of, *reason) && !any_attempt(of, strongly_identified)) {
    return refuse(
        "identity I2 or I3 (called_back or face_to_face) at this level, type or stage: a question is not enough");
  }
  if (reason->needs_proof && proof.empty()) return refuse("a proof: say what shows it");
  return reason;
}

// Only of a success that rests on the resident's own word.
bool Engine::needs_strong_identity(const Case& of, const ClosingReason& reason) const {
  if (reason.counts != Counts::kSuccess || !reason.needs_in_person) return false;
  const auto& types = playbook_.strong_identity_types;
  return of.level >= playbook_.strong_identity_from || of.stage >= playbook_.strong_identity_stage ||
         std::find(types.begin(), types.end(), of.fraud_type) != types.end();
}

Result<UserId> Engine::check_second_person(const Case& of, const ClosingReason& reason, const std::string& name,
                                           UserId closer) const {
  const bool needed = reason.second_person_from != Level::kNone && of.level >= reason.second_person_from;
  if (!needed && name.empty()) return UserId();
  const auto refuse = [&](std::string why) { return fail(Code::kFailedPrecondition, std::move(why), "second_person"); };
  if (name.empty()) {
    return refuse("\"" + reason.name + "\" of a " + std::string(level_name(of.level)) +
                  " case needs a second person: name a supervisor");
  }
  const User* second = find_user(name);
  if (second == nullptr) return refuse("the second person " + name + " is no user here");
  if (second->disabled) return refuse("the second person " + name + " has a disabled account");
  if (second->role != Role::kSupervisor) return refuse("the second person " + name + " is not a supervisor");
  if (second->id == closer) return refuse("the second person must be somebody else than who closes");
  return second->id;
}

// What a closing reason brings with it; again where a correction changes the reason.
void Engine::take_consequences(Case& of, const ClosingReason& reason, Step& step) {
  // Excluded reasons tell of money that went before the warning: when is for the record, not for us to guess.
  if (reason.lost && !reason.excluded && !of.lost_at) of.lost_at = of.closing->at;
  if (!reason.follow_up || playbook_.follow_ups.empty()) return;
  const bool scheduled = std::any_of(of.follow_ups.begin(), of.follow_ups.end(),
                                     [&](const FollowUp& each) { return each.due_at >= of.closing->at; });
  if (scheduled) return;
  for (const FollowUpPoint& point : playbook_.follow_ups) {
    if (of.level < point.from) continue;
    FollowUp follow_up;
    follow_up.point = point.name;
    follow_up.due_at = of.closing->at + point.after;
    Task task;
    task.type = TaskType::kFollowUp;
    task.due_at = follow_up.due_at;
    task.not_before = follow_up.due_at;
    task.point = point.name;
    of.follow_ups.push_back(std::move(follow_up));
    add_task(of, std::move(task), step);
  }
  of.state = CaseState::kFollowingUp;
}

Result<Applied> Engine::on(const RecordFollowUp& request, Step& step) {
  const Result<Case*> found = find_for(request.case_id, CaseCommand::kFollowUp);
  if (!found) return Failure(found.error());
  Case& of = **found;
  if (const Result<void> version = check_version(of, request.version); !version) return Failure(version.error());
  if (of.closing->by == step.user) {
    return fail(Code::kFailedPrecondition, "who closed the case may not follow it up: leave it to somebody else");
  }
  const auto point = std::find_if(of.follow_ups.rbegin(), of.follow_ups.rend(),
                                  [&](const FollowUp& each) { return each.point == request.point; });
  if (point == of.follow_ups.rend()) {
    std::string points;
    for (const FollowUp& each : of.follow_ups) points += (points.empty() ? "" : ", ") + each.point;
    return fail(
        Code::kFailedPrecondition,
        case_name(of.id) + " has no follow-up \"" + request.point + "\": it has " + (points.empty() ? "none" : points),
        "point");
  }
  const bool is_loss = request.verdict == Verdict::kLoss;
  if (point->recorded && point->verdict != Verdict::kUnknown && !is_loss) {
    return fail(Code::kFailedPrecondition, "the follow-up \"" + request.point + "\" is recorded already", "point");
  }
  if (!is_loss && (request.loss || request.lost_at)) {
    return fail(Code::kInvalidArgument, "only the verdict loss has loss_fen and lost_at", "verdict");
  }
  if (request.lost_at && *request.lost_at > step.now) {
    return fail(Code::kInvalidArgument, "lost_at lies in the future", "lost_at");
  }
  if (request.loss && request.loss->value() < 0)
    return fail(Code::kInvalidArgument, "loss_fen is negative", "loss_fen");

  point->recorded = true;
  point->verdict = request.verdict;
  point->source = request.source;
  point->by = step.user;
  point->at = step.now;
  if (is_loss) {
    point->loss = request.loss;
    point->lost_at = request.lost_at.value_or(step.now);
    of.lost_at = of.lost_at ? std::min(*of.lost_at, *point->lost_at) : *point->lost_at;
    if (request.loss) of.loss = request.loss;
  }
  touch(of, step);
  for (Task& task : of.tasks) {
    if (task.type == TaskType::kFollowUp && task.point == request.point && task.live()) {
      end_task(of, task, TaskState::kDone, step);
    }
  }
  settle(of, step);
  step.done.case_id = of.id;
  return Applied::kChanged;
}

// Settled: the truth is decided and the last verdict is in; a refuted case needs no verdict.
void Engine::settle(Case& of, Step& step) {
  const Truth truth = of.settled_truth();
  if (truth == Truth::kUnlabelled) return;
  const bool last_verdict =
      of.follow_ups.empty() || (of.follow_ups.back().recorded && of.follow_ups.back().verdict != Verdict::kUnknown);
  if (truth != Truth::kRefuted && !last_verdict) return;
  of.state = CaseState::kSettled;
  for (Task& task : of.tasks) {
    if (task.type == TaskType::kFollowUp && task.live()) end_task(of, task, TaskState::kCancelled, step);
  }
}

}  // namespace quanzu
