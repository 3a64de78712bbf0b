// A condition over atoms: rules/lang's tree with fields resolved and keywords spread over their fields, in a form that costs
// little to ask. What a pattern says of literals is asked of literals: they are found for all rules at once.
#pragma once
#include <vector>

#include "rules/match/atoms.h"

namespace quanzu::rules {

struct Formula {
  enum class Type : uint8_t { kAnd, kOr, kNot, kAtom };
  Type type = Type::kAtom;
  AtomId atom = 0;
  std::vector<Formula> children{};
};

// The atom as a formula that holds whenever it does and never else. A pattern's branches that are literals become atoms
// kContains; each other one is behind the literals that its matches contain.
Formula formula_of(Atom atom, AtomTable& atoms);

}  // namespace quanzu::rules
