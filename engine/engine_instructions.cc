// Warning instructions: each comes once, joins or opens a case at its level at least, and is answered on its own.
#include <algorithm>

#include "engine/engine.h"

namespace quanzu {
namespace {

constexpr Duration kClockSkew = std::chrono::minutes(2);  // as of a feed's clock
constexpr std::array<std::string_view, 4> kActions = {"signed", "contacted", "met", "returned"};

bool answered(const Instruction& instruction) {
  return instruction.state == InstructionState::kFedBack || instruction.state == InstructionState::kReturned;
}

std::string label_of(const Instruction& instruction) {
  return "instruction " + instruction.upstream_id;
}

}  // namespace

void Engine::take_instruction(const Signal& signal, const std::string& fallback_id, Step& step) {
  ++counters_.instructions;
  std::string upstream_id(signal.string(Field::kInstructionId));
  if (upstream_id.empty()) upstream_id = fallback_id;
  if (instruction_by_upstream_.contains(upstream_id)) {
    ++counters_.instruction_repeats;
    return;
  }
  Instruction taken;
  taken.upstream_id = std::move(upstream_id);
  taken.unit = signal.string(Field::kInstructionUnit);
  taken.action = signal.string(Field::kRequiredAction);
  taken.fraud_type = find_fraud_type(signal.string(Field::kFraudType)).value_or(FraudType::kNone);
  taken.level = std::max(find_level(signal.string(Field::kLevel)).value_or(Level::kMedium), Level::kLow);
  taken.resident = resident_for(signal.resident, step).id;
  taken.text = signal.string(Field::kText);
  taken.issued_at = signal.has(Field::kIssuedAt) ? from_ms(signal.number(Field::kIssuedAt)) : signal.at;
  receive(std::move(taken), signal.peer, step);
}

Result<Applied> Engine::on(const CreateInstruction& request, Step& step) {
  if (request.upstream_id.empty()) {
    return fail(Code::kInvalidArgument, "the issuer's number is missing: it tells a repeat from another",
                "upstream_id");
  }
  const auto known = instruction_by_upstream_.find(request.upstream_id);
  if (known != instruction_by_upstream_.end()) {
    const Case& of = *find_case(instructions_[known->second.value() - 1].case_id);
    return fail(Code::kAlreadyExists,
                "instruction " + request.upstream_id + " is here already, in case c-" + std::to_string(of.id.value()),
                "upstream_id");
  }
  if (request.resident.empty()) {
    return fail(Code::kInvalidArgument, "the resident's number is missing: whom is it about?", "number");
  }
  if (request.text.empty()) return fail(Code::kInvalidArgument, "the instruction's words are missing", "text");
  if (request.issued_at && *request.issued_at > step.now + kClockSkew) {
    return fail(Code::kInvalidArgument, "issued in the future: look at the date", "issued_at");
  }
  ++counters_.instructions;
  Instruction taken;
  taken.upstream_id = request.upstream_id;
  taken.unit = request.unit;
  taken.action = request.action;
  taken.fraud_type = request.fraud_type;
  taken.level = std::max(request.level, Level::kLow);
  taken.resident = resident_for(request.resident, step).id;
  taken.text = request.text;
  taken.issued_at = request.issued_at.value_or(step.now);
  const Instruction& received = receive(std::move(taken), request.peer, step);
  step.done.instruction_id = received.id;
  step.done.case_id = received.case_id;
  return Applied::kChanged;
}

// Its clocks run from issued_at, whenever it came.
Instruction& Engine::receive(Instruction received, const Number& peer, Step& step) {
  Instruction& taken = instructions_.emplace_back(std::move(received));
  taken.id = InstructionId(instructions_.size());
  instruction_by_upstream_.emplace(taken.upstream_id, taken.id);
  taken.received_at = step.now;
  const Clocks& clocks = playbook_.clocks[static_cast<size_t>(taken.level)];
  const auto due = [&](Duration clock) { return clock > Duration::zero() ? taken.issued_at + clock : kNever; };
  taken.sign_due = due(clocks.sign);
  taken.feedback_due = due(clocks.feedback);

  Case& of = case_for(taken, step);
  taken.case_id = of.id;
  of.instructions.push_back(taken.id);
  of.t0 = std::min(of.t0, taken.issued_at);
  if (of.fraud_type == FraudType::kNone) of.fraud_type = taken.fraud_type;
  add_fact(of, label_of(taken), peer, taken.text, step);
  if (!peer.empty() && !of.has_peer(peer)) of.peers.push_back(peer);
  raise_to(of, taken.level, taken.issued_at, step);
  Task feedback;
  feedback.type = TaskType::kFeedback;
  feedback.due_at = taken.feedback_due;
  feedback.instruction = taken.id;
  add_task(of, std::move(feedback), step);
  agenda_.add({taken.sign_due, DueKind::kInstructionSign, taken.id.value()});
  agenda_.add({taken.feedback_due, DueKind::kInstructionFeedback, taken.id.value()});
  step.out.instructions.push_back(taken.id);
  return taken;
}

// The resident's case of the type: the open one, else a closed one that is not over, else a new one.
Case& Engine::case_for(const Instruction& instruction, Step& step) {
  Evidence word;  // an instruction finds its case the way evidence does
  word.fraud_type = instruction.fraud_type;
  const CaseId home = home_of(mutable_resident(instruction.resident), word, step.now);
  if (home) {
    Case& of = mutable_case(home);
    if (!of.is_open()) reopen(of, step);
    return of;
  }
  Opening opening;
  opening.resident = instruction.resident;
  opening.fraud_type = instruction.fraud_type;
  opening.level = instruction.level;
  opening.t0 = instruction.issued_at;
  return open_case(opening, step);
}

Result<Applied> Engine::on(const SignInstruction& request, Step& step) {
  if (find_instruction(request.instruction) == nullptr) {
    return fail(Code::kNotFound, "there is no instruction " + std::to_string(request.instruction.value()),
                "instruction_id");
  }
  Instruction& instruction = instructions_[request.instruction.value() - 1];
  if (instruction.signed_by) {
    return fail(Code::kFailedPrecondition, label_of(instruction) + " was signed by " + name_of(instruction.signed_by));
  }
  sign(instruction, step);
  step.done.instruction_id = instruction.id;
  step.done.case_id = instruction.case_id;
  return Applied::kChanged;
}

void Engine::sign(Instruction& instruction, Step& step) {
  agenda_.remove({instruction.sign_due, DueKind::kInstructionSign, instruction.id.value()});
  instruction.signed_by = step.user;
  instruction.signed_at = step.now;
  instruction.state = InstructionState::kSigned;
  step.out.instructions.push_back(instruction.id);
}

// Feedback on an instruction that nobody signed signs it too: who is in a hurry to answer must not be held up.
Result<Applied> Engine::on(const FeedBackInstruction& request, Step& step) {
  if (find_instruction(request.instruction) == nullptr) {
    return fail(Code::kNotFound, "there is no instruction " + std::to_string(request.instruction.value()),
                "instruction_id");
  }
  if (std::find(kActions.begin(), kActions.end(), request.action) == kActions.end()) {
    return fail(Code::kInvalidArgument, "\"" + request.action + "\" is not one of signed, contacted, met, returned",
                "action");
  }
  if (request.text.empty()) {
    return fail(Code::kInvalidArgument, "say in words what was done: feedback is a text", "text");
  }
  Instruction& instruction = instructions_[request.instruction.value() - 1];
  if (answered(instruction)) {
    return fail(Code::kFailedPrecondition,
                label_of(instruction) + " was answered by " + name_of(instruction.fed_back_by) + " already");
  }
  if (!instruction.signed_by) sign(instruction, step);
  agenda_.remove({instruction.feedback_due, DueKind::kInstructionFeedback, instruction.id.value()});
  instruction.feedback = request.text;
  instruction.feedback_action = request.action;
  instruction.fed_back_by = step.user;
  instruction.fed_back_at = step.now;
  instruction.state = request.action == "returned" ? InstructionState::kReturned : InstructionState::kFedBack;
  step.out.instructions.push_back(instruction.id);
  Case& of = mutable_case(instruction.case_id);
  for (Task& task : of.tasks) {
    if (task.instruction == instruction.id && task.live()) end_task(of, task, TaskState::kDone, step);
  }
  step.done.instruction_id = instruction.id;
  step.done.case_id = of.id;
  return Applied::kChanged;
}

// The first attempt on its case takes a signed instruction in hand.
void Engine::take_in_hand(const Case& of, Step& step) {
  for (InstructionId id : of.instructions) {
    Instruction& instruction = instructions_[id.value() - 1];
    if (instruction.state != InstructionState::kSigned) continue;
    instruction.state = InstructionState::kInHand;
    step.out.instructions.push_back(id);
  }
}

}  // namespace quanzu
