// Chooses a rule's witness: a set of atoms one of which must hold for the rule to hold, as rare as can be, so that the
// rule costs nothing on the signals that have none of them.
#pragma once
#include <optional>
#include <vector>

#include "rules/match/formula.h"

namespace quanzu::rules {

struct Witness {
  std::vector<AtomId> any_of;
  double hits = 0;  // the sum of their expected hits
};

// Puts first what fails first: the rarest of what must hold together. Returns the formula's expected hits.
double put_rarest_first(Formula& formula, const AtomTable& atoms);

// Nothing where no positive string holds the formula.
std::optional<Witness> choose_witness(const Formula& formula, const AtomTable& atoms);

}  // namespace quanzu::rules
