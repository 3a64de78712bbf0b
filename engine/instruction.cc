#include "engine/instruction.h"

#include <array>

namespace quanzu {

std::string_view instruction_state_name(InstructionState state) {
  constexpr std::array<std::string_view, 6> kNames = {"received", "signed",   "in_hand",
                                                      "fed_back", "returned", "overdue"};
  return kNames[static_cast<size_t>(state)];
}

}  // namespace quanzu
