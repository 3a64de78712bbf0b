#include "engine/instruction.h"

#include "engine/names.h"

namespace quanzu {

std::string_view instruction_state_name(InstructionState state) {
  constexpr Names<6> kNames = {"received", "signed",   "in_hand",
                                                      "fed_back", "returned", "overdue"};
  return name_in(kNames, state);
}

}  // namespace quanzu
