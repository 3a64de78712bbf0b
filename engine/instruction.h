// A warning instruction (预警指令) from a higher level: it names a resident, a type and a level, and has its own clocks.
// Several may join one case; each gets its own signature and feedback. Changed by Engine alone.
#pragma once
#include <string>

#include "engine/case.h"

namespace quanzu {

enum class InstructionState : uint8_t { kReceived, kSigned, kInHand, kFedBack, kReturned, kOverdue };
std::string_view instruction_state_name(InstructionState state);  // "fed_back"

struct Instruction {
  InstructionId id;
  std::string upstream_id;  // the issuer's number; one instruction once
  std::string unit;
  std::string action;  // required: sign, contact, meet, feed_back
  FraudType fraud_type = FraudType::kNone;
  Level level = Level::kMedium;
  ResidentId resident;
  CaseId case_id;
  std::string text;
  InstructionState state = InstructionState::kReceived;
  Instant issued_at{};
  Instant received_at{};
  Instant sign_due{};
  Instant feedback_due{};
  UserId signed_by;
  Instant signed_at{};
  std::string feedback;
  std::string feedback_action;
  UserId fed_back_by;
  Instant fed_back_at{};
  bool overdue = false;
};

}  // namespace quanzu
