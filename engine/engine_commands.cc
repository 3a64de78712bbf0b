// What operators ask of tasks. Each command checks everything first and changes something only when nothing can fail.
#include <algorithm>

#include "engine/engine.h"

namespace quanzu {
namespace {

template <class Items>
std::string names_of(const Items& items) {
  std::string names;
  for (const auto& item : items) names += (names.empty() ? "" : ", ") + item;
  return names;
}

std::string task_name(TaskId task) {
  return "task " + std::to_string(task.value());
}

}  // namespace

Result<Applied> Engine::on(const OpenCase& open, Step& step) {
  const int subjects = (open.resident ? 1 : 0) + (open.number.empty() ? 0 : 1) + (open.place.empty() ? 0 : 1);
  if (subjects != 1)
    return fail(Code::kInvalidArgument, "name one subject: resident_id, number or place", "resident_id");
  if (!open.kind.empty() && open.kind != playbook_.kind) {
    return fail(Code::kInvalidArgument, "there is no playbook of kind " + open.kind + ": use " + playbook_.kind,
                "kind");
  }
  if (open.resident && find_resident(open.resident) == nullptr) {
    return fail(Code::kNotFound, "there is no resident " + std::to_string(open.resident.value()), "resident_id");
  }
  const Resident* known = open.resident ? find_resident(open.resident) : find_resident(open.number);
  const std::string subject = open.place.empty() ? "resident" : "place";
  for (CaseId id : cases_about(known, open.place)) {
    const Case& of = mutable_case(id);
    if (of.is_open() && of.fraud_type == open.fraud_type) {
      return fail(Code::kAlreadyExists,
                  "case " + std::to_string(id.value()) + " is open for this " + subject + " and type: add to it");
    }
  }
  Opening opening;
  if (open.place.empty()) opening.resident = known != nullptr ? known->id : resident_for(open.number, step).id;
  opening.place = open.place;
  opening.fraud_type = open.fraud_type;
  opening.level = open.level.value_or(Level::kMedium);
  opening.t0 = step.now;
  Case& of = open_case(opening, step);
  add_fact(of, open.source.empty() ? "opened by hand" : "opened by hand: " + open.source, Number(), open.text, step);
  step.done.case_id = of.id;
  return Applied::kChanged;
}

std::span<const CaseId> Engine::cases_about(const Resident* resident, const std::string& place) const {
  if (resident != nullptr) return resident->cases;
  const auto found = cases_of_place_.find(place);
  return found == cases_of_place_.end() ? std::span<const CaseId>() : std::span<const CaseId>(found->second);
}

// Who closed a case is not the one to say that it went well.
bool Engine::may_take(UserId user, TaskId task) const {
  const Case& of = *case_of(task);
  return !of.closing || of.closing->by != user || of.find_task(task)->type != TaskType::kFollowUp;
}

Result<Applied> Engine::on(const ClaimNext& next, Step& step) {
  const auto task = queue_.first(next.types, [&](TaskId id) { return may_take(step.user, id); });
  if (!task) return Applied::kUnchanged;
  Case& of = mutable_case(case_of(*task)->id);
  return claim(of, mutable_task(of, *task), step);
}

Result<Applied> Engine::on(const ClaimTask& request, Step& step) {
  const Result<TaskRef> found = find_live(request.task, CaseCommand::kClaim);
  if (!found) return Failure(found.error());
  auto [of, task] = *found;
  if (task->held()) {
    return Failure(Error{Code::kAborted,
                         task_name(task->id) + " is held by " + name_of(task->owner),
                         {},
                         name_of(task->owner),
                         of->version});
  }
  if (const Result<void> version = check_version(*of, request.version); !version) return Failure(version.error());
  if (!may_take(step.user, task->id)) {
    return fail(Code::kFailedPrecondition, "who closed the case may not follow it up: leave it to somebody else");
  }
  return claim(*of, *task, step);
}

Result<Applied> Engine::claim(Case& of, Task& task, Step& step) {
  hold(of, task, TaskState::kClaimed, step.now + playbook_.lease, step);
  step.done.case_id = of.id;
  step.done.task_id = task.id;
  return Applied::kChanged;
}

Result<Applied> Engine::on(const RenewLease& request, Step& step) {
  const Result<TaskRef> found = find_held(request.task, CaseCommand::kRenew, step);
  if (!found) return Failure(found.error());
  auto [of, task] = *found;
  const Duration more = task->state == TaskState::kUnderWay ? playbook_.talk : playbook_.lease;
  hold(*of, *task, task->state, step.now + more, step);
  step.done.case_id = of->id;
  step.done.task_id = task->id;
  return Applied::kChanged;
}

Result<Applied> Engine::on(const ReleaseTask& request, Step& step) {
  const Result<TaskRef> found = find_held(request.task, CaseCommand::kRelease, step);
  if (!found) return Failure(found.error());
  auto [of, task] = *found;
  put_back(*of, *task, Instant(), step);
  step.done.case_id = of->id;
  step.done.task_id = task->id;
  return Applied::kChanged;
}

Result<Applied> Engine::on(const RecordAttempt& request, Step& step) {
  const Result<TaskRef> found = find_held(request.task, CaseCommand::kRecordAttempt, step);
  if (!found) return Failure(found.error());
  auto [of, task] = *found;
  if (const Result<void> version = check_version(*of, request.version); !version) return Failure(version.error());
  const Result<const AttemptOutcome*> outcome = check_attempt(request, *task);
  if (!outcome) return Failure(outcome.error());

  Attempt attempt;
  attempt.task = task->id;
  attempt.channel = task->type;
  attempt.result = request.result;
  attempt.in_person = (*outcome)->in_person;
  attempt.identity = request.identity;
  attempt.line_cut = request.line_cut;
  attempt.stopped_by = request.stopped_by;
  attempt.note = request.note;
  attempt.by = step.user;
  attempt.at = step.now;
  of->attempts.push_back(std::move(attempt));
  if ((*outcome)->in_person && !of->reached_at) of->reached_at = step.now;
  take_in_hand(*of, step);
  step.done.case_id = of->id;
  step.done.task_id = task->id;
  follow_from(*of, *task, **outcome, step);
  return Applied::kChanged;
}

Result<const AttemptOutcome*> Engine::check_attempt(const RecordAttempt& request, const Task& task) const {
  const AttemptOutcome* outcome = playbook_.find_attempt_outcome(task.type, request.result);
  if (outcome == nullptr) {
    std::vector<std::string> known;
    for (const AttemptOutcome& each : playbook_.attempt_outcomes) {
      if (each.channel == task.type) known.push_back(each.name);
    }
    return fail(Code::kInvalidArgument,
                "\"" + request.result + "\" is no result of a " + std::string(task_type_name(task.type)) +
                    ": it is one of " + (known.empty() ? "none" : names_of(known)),
                "result");
  }
  const auto& stoppers = playbook_.stoppers;
  if (!request.stopped_by.empty() &&
      std::find(stoppers.begin(), stoppers.end(), request.stopped_by) == stoppers.end()) {
    return fail(Code::kInvalidArgument, "\"" + request.stopped_by + "\" is not one of " + names_of(stoppers),
                "stopped_by");
  }
  return outcome;
}

// What an attempt leads to, by the outcome's flags alone. `task` is not to be used after a task was added.
void Engine::follow_from(Case& of, Task& task, const AttemptOutcome& outcome, Step& step) {
  ++task.attempts;
  const TaskId id = task.id;
  const TaskType type = task.type;
  const auto& retry = playbook_.retry;
  const Duration wait = retry.empty() ? Duration::zero() : retry[std::min<size_t>(task.attempts, retry.size()) - 1];
  if (outcome.ends_task) {
    end_task(of, task, TaskState::kDone, step);
  } else if (outcome.keeps_lease) {
    hold(of, task, TaskState::kUnderWay, step.now + playbook_.talk, step);
  } else {
    put_back(of, task, step.now + wait, step);
  }
  if (outcome.raises && of.level < Level::kCritical) {
    add_fact(of, "attempt: " + outcome.name, Number(), {}, step);
    raise_to(of, static_cast<Level>(static_cast<uint8_t>(of.level) + 1), step.now, step);
  }
  for (TaskType opened : outcome.opens) open_task(of, opened, step.now, step);

  const auto unanswered = std::count_if(of.attempts.begin(), of.attempts.end(), [&](const Attempt& each) {
    const AttemptOutcome* past = playbook_.find_attempt_outcome(each.channel, each.result);
    return each.channel == TaskType::kCall && each.at >= of.active_from && past != nullptr && !past->in_person &&
           !past->ends_task && !past->keeps_lease;
  });
  if (playbook_.visit_after != 0 && unanswered >= playbook_.visit_after)
    open_task(of, TaskType::kVisit, step.now, step);

  // The last step repeats until a person closes: an open case never drops out of the queue.
  const bool goes_on = std::any_of(of.tasks.begin(), of.tasks.end(),
                                   [](const Task& each) { return each.live() && !outlives_closing(each.type); });
  if (of.is_open() && !goes_on && !outlives_closing(type)) {
    Task again;
    again.type = type;
    again.not_before = step.now + wait;
    again.due_at = std::max(of.find_task(id)->due_at, again.not_before);
    add_task(of, std::move(again), step);
  }
}

Result<Applied> Engine::on(const AdvanceClock& advance, Step& step) {
  if (advance.by <= Duration::zero())
    return fail(Code::kInvalidArgument, "a clock only goes on: seconds > 0", "seconds");
  step.done.clock_advance = advance.by;
  return Applied::kChanged;
}

Result<Applied> Engine::on(const SwitchRule& change, Step& step) {
  const LivePack* live = find_pack(live_pack_);
  const auto is_it = [&](RuleId id) { return rules_[id.value() - 1].id == change.rule; };
  if (live == nullptr || std::none_of(live->rules.begin(), live->rules.end(), is_it)) {
    return fail(Code::kNotFound, "the live pack has no rule '" + change.rule + "': Rules/List names them", "rule");
  }
  if (change.why.empty()) return fail(Code::kInvalidArgument, "say why: others will wonder", "why");
  rule_limits_.set(change.rule, change.on, change.why, step.user);
  step.out.rules.push_back(change.rule);
  return Applied::kChanged;
}

Result<Engine::TaskRef> Engine::find_live(TaskId id, CaseCommand command) {
  const Case* known = case_of(id);
  if (known == nullptr) return fail(Code::kNotFound, "there is no " + task_name(id), "task_id");
  Case& of = mutable_case(known->id);
  Task* task = &mutable_task(of, id);
  if (const auto refused = refusal(of.state, command, task->type)) {
    return fail(Code::kFailedPrecondition, std::string(*refused));
  }
  if (!task->live()) {
    return fail(Code::kFailedPrecondition,
                task_name(id) + " is " + std::string(task_state_name(task->state)) + " already");
  }
  return TaskRef{&of, task};
}

Result<Engine::TaskRef> Engine::find_held(TaskId id, CaseCommand command, const Step& step) {
  const Result<TaskRef> found = find_live(id, command);
  if (!found || found->task->owner == step.user) return found;
  const std::string owner = name_of(found->task->owner);
  const std::string state = owner.empty() ? "nobody's: claim it first" : "held by " + owner;
  return Failure(Error{Code::kAborted, task_name(id) + " is " + state, {}, owner, found->of->version});
}

Result<void> Engine::check_version(const Case& of, uint64_t version) const {
  if (version == 0 || version == of.version) return {};
  const auto held = std::find_if(of.tasks.begin(), of.tasks.end(), [](const Task& each) { return each.held(); });
  const UserId owner = held == of.tasks.end() ? of.lead : held->owner;
  return Failure(Error{Code::kAborted,
                       "case " + std::to_string(of.id.value()) + " has version " + std::to_string(of.version) +
                           " now, you saw " + std::to_string(version) + ": read it again",
                       "version", name_of(owner), of.version});
}

}  // namespace quanzu
