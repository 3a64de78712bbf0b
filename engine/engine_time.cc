// What falls due. A tick does all that is due at its time, in the order of the agenda: time, kind, id.
#include "engine/engine.h"

namespace quanzu {

Result<Applied> Engine::on(const Tick&, Step& step) {
  while (const std::optional<Due> due = agenda_.take(step.now)) {
    switch (due->kind) {
      case DueKind::kLease:
        lease_ended(TaskId(due->id), step);
        break;
      case DueKind::kReady: {
        Case& of = mutable_case(case_of(TaskId(due->id))->id);
        enqueue(of, mutable_task(of, TaskId(due->id)), step.now);
        break;
      }
      case DueKind::kUnanswered:
        unanswered(CaseId(due->id), step);
        break;
      case DueKind::kInstructionSign:
      case DueKind::kInstructionFeedback:
        overdue(InstructionId(due->id), step);
        break;
    }
  }
  take_closed(step.alerts, step);
  forget_commands(step.now);
  return Applied::kChanged;
}

// The task stands again where it stood: its key is made of what did not change. After an open call or visit that went on
// too long somebody looks after the one who held it.
void Engine::lease_ended(TaskId id, Step& step) {
  Case& of = mutable_case(case_of(id)->id);
  Task& task = mutable_task(of, id);
  if (task.state == TaskState::kUnderWay) send(of, "supervisor", "under_way_too_long", step);
  ++counters_.leases_lost;
  put_back(of, task, Instant(), step);
}

void Engine::unanswered(CaseId id, Step& step) {
  Case& of = mutable_case(id);
  touch(of, step);
  of.answer_by = kNever;
  send(of, "supervisor", "critical_unanswered", step);
}

void Engine::overdue(InstructionId id, Step& step) {
  Instruction& instruction = instructions_[id.value() - 1];
  instruction.overdue = true;
  instruction.state = InstructionState::kOverdue;
  step.out.instructions.push_back(id);
}

}  // namespace quanzu
