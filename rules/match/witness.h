// Chooses a rule's witness: a set of atoms one of which must hold for the rule to hold, as rare as can be, so that the
// rule costs nothing on the signals that have none of them.
#pragma once
#include <optional>
#include <vector>

#include "rules/match/atoms.h"

namespace quanzu::rules {

// A condition over atoms: rules/lang's tree with fields resolved and keywords spread over their fields.
struct Formula {
  enum class Type : uint8_t { kAnd, kOr, kNot, kAtom };
  Type type = Type::kAtom;
  AtomId atom = 0;
  std::vector<Formula> children{};
};

struct Witness {
  std::vector<AtomId> any_of;
  double hits = 0;  // the sum of their expected hits
};

// Nothing where no positive string holds the formula. May add atoms: the literals that a pattern requires.
std::optional<Witness> choose_witness(const Formula& formula, AtomTable& atoms);

}  // namespace quanzu::rules
