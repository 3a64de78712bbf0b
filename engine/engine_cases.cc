// How a case opens, rises and reopens, and where its tasks are: in the queue, in somebody's hands, on the agenda.
// What a level or an outcome asks for is read from the playbook; nothing here knows one kind of case from another.
#include <algorithm>

#include "engine/engine.h"

namespace quanzu {

void Engine::touch(Case& of, Step& step) {
  if (of.changed == step.sequence) return;
  of.changed = step.sequence;
  ++of.version;
  step.out.cases.push_back(of.id);
}

Case& Engine::open_case(const Opening& opening, Step& step) {
  Case& of = cases_.emplace_back();
  of.id = CaseId(cases_.size());
  of.kind = playbook_.kind;
  of.fraud_type = opening.fraud_type;
  of.resident = opening.resident;
  of.place = opening.place;
  of.t0 = std::min(opening.t0, step.now);
  of.opened_at = step.now;
  of.active_from = step.now;
  if (of.resident) {
    mutable_resident(of.resident).cases.push_back(of.id);
    step.out.residents.push_back(of.resident);
  }
  if (!of.place.empty()) cases_of_place_[of.place].push_back(of.id);
  touch(of, step);
  ++counters_.cases_opened;
  raise_to(of, opening.level, of.t0, step);
  return of;
}

void Engine::reopen(Case& of, Step& step) {
  touch(of, step);
  ENSURE(of.closing.has_value(), "what is not open was closed");
  of.past_closings.push_back(*of.closing);
  of.closing.reset();
  of.state = CaseState::kOpen;
  of.active_from = step.now;
  of.level = Level::kNone;
  ++of.reopened;
  ++counters_.cases_reopened;
  for (Task& task : of.tasks) {
    if (task.type == TaskType::kFollowUp && task.live()) end_task(of, task, TaskState::kCancelled, step);
  }
  std::erase_if(of.follow_ups, [](const FollowUp& each) { return !each.recorded; });
}

// While a case is open its level only rises. What the new level asks for is opened, what is there already is due by the
// new level's clock, and everything that waits is sorted in again.
void Engine::raise_to(Case& of, Level level, Instant from, Step& step) {
  if (level <= of.level) return;
  touch(of, step);
  of.level = level;
  for (Task& task : of.tasks) {
    if (!task.live()) continue;
    if (!outlives_closing(task.type)) task.due_at = std::min(task.due_at, deadline(of, task.type, from));
    if (queue_.leave(task.id)) enqueue(of, task, step.now);
  }
  for (TaskType type : playbook_.tasks[static_cast<size_t>(level)]) {
    // These two come with an instruction and with closing.
    if (type != TaskType::kFeedback && type != TaskType::kFollowUp) open_task(of, type, from, step);
  }
  // Where a level has a message clock the message goes out by itself; a person's task for it is the playbook's choice.
  if (playbook_.clocks[static_cast<size_t>(level)].message > Duration::zero()) send(of, "message", "warning", step);
  const bool in_hand = std::any_of(of.tasks.begin(), of.tasks.end(), [](const Task& each) {
    return each.held() && !outlives_closing(each.type);
  });
  if (level == Level::kCritical && !in_hand) {
    of.answer_by = std::max(deadline(of, TaskType::kCall, from), step.now);
    agenda_.add({of.answer_by, DueKind::kUnanswered, of.id.value()});
  }
}

// What made or raised a case besides its evidence. It has no points, so the points still add up to the score.
void Engine::add_fact(Case& of, std::string label, const Number& peer, std::string text, Step& step) {
  const bool known = std::any_of(of.reasons.begin(), of.reasons.end(), [&](const Reason& each) {
    return !each.rule && each.label == label && each.peer == peer && each.at >= of.active_from;
  });
  if (known) return;
  touch(of, step);
  of.reasons.push_back(Reason{RuleId(), std::move(label), 0, step.now, peer, std::move(text)});
}

// A level without a clock for this step (a visit that an outcome opened in a low case) takes the next level's that has one.
Instant Engine::deadline(const Case& of, TaskType type, Instant from) const {
  const auto clock = [&](const Clocks& clocks) {
    switch (type) {
      case TaskType::kMessage:
        return clocks.message;
      case TaskType::kVisit:
        return clocks.visit;
      case TaskType::kFeedback:
        return clocks.feedback;
      default:
        return clocks.call;
    }
  };
  for (size_t level = static_cast<size_t>(of.level); level < kLevelCount; ++level) {
    const Duration wait = clock(playbook_.clocks[level]);
    if (wait > Duration::zero()) return from + wait;
  }
  return from;
}

void Engine::open_task(Case& of, TaskType type, Instant from, Step& step) {
  const bool alive =
      std::any_of(of.tasks.begin(), of.tasks.end(), [&](const Task& each) { return each.type == type && each.live(); });
  if (alive) return;
  Task task;
  task.type = type;
  task.due_at = deadline(of, type, from);
  add_task(of, std::move(task), step);
}

void Engine::add_task(Case& of, Task task, Step& step) {
  touch(of, step);
  case_of_task_.push_back(of.id);
  task.id = TaskId(case_of_task_.size());
  task.case_id = of.id;
  of.tasks.push_back(std::move(task));
  enqueue(of, of.tasks.back(), step.now);
}

Task& Engine::mutable_task(Case& of, TaskId id) {
  const auto found = std::find_if(of.tasks.begin(), of.tasks.end(), [&](const Task& each) { return each.id == id; });
  ENSURE(found != of.tasks.end(), "a task lies with the case that it names");
  return *found;
}

void Engine::enqueue(const Case& of, const Task& task, Instant now) {
  if (task.not_before > now) {
    agenda_.add({task.not_before, DueKind::kReady, task.id.value()});
  } else {
    queue_.enter(task.type, Queue::key_of(of, task, playbook_));
  }
}

void Engine::unqueue(const Task& task) {
  if (!queue_.leave(task.id)) agenda_.remove({task.not_before, DueKind::kReady, task.id.value()});
}

void Engine::hold(Case& of, Task& task, TaskState state, Instant until, Step& step) {
  touch(of, step);
  if (task.held()) {
    agenda_.remove({task.lease_until, DueKind::kLease, task.id.value()});
  } else {
    unqueue(task);
  }
  task.state = state;
  task.owner = step.user;
  task.lease_until = until;
  agenda_.add({until, DueKind::kLease, task.id.value()});
  if (of.answer_by != kNever && !outlives_closing(task.type)) {
    agenda_.remove({of.answer_by, DueKind::kUnanswered, of.id.value()});
    of.answer_by = kNever;
  }
  if (!of.lead) of.lead = step.user;
}

void Engine::let_go(Task& task) {
  agenda_.remove({task.lease_until, DueKind::kLease, task.id.value()});
  task.owner = UserId();
  task.lease_until = Instant();
}

void Engine::put_back(Case& of, Task& task, Instant not_before, Step& step) {
  touch(of, step);
  let_go(task);
  task.state = TaskState::kWaiting;
  task.not_before = not_before;
  enqueue(of, task, step.now);
}

void Engine::end_task(Case& of, Task& task, TaskState state, Step& step) {
  touch(of, step);
  if (task.held()) {
    let_go(task);
  } else {
    unqueue(task);
  }
  task.state = state;
  if (state == TaskState::kDone) ++counters_.tasks_done;
}

void Engine::send(const Case& of, std::string channel, std::string template_name, Step& step) {
  last_outreach_ = OutreachId(last_outreach_.value() + 1);
  step.out.outreach.push_back(
      OutreachDue{last_outreach_, of.id, std::move(channel), std::move(template_name), step.now});
}

}  // namespace quanzu
