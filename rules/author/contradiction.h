// Rules that can't hold for any event, because a condition asks for what it excludes as well: most often what a filter takes
// away is all that the rule looks for. For `check`. Any thread; pure.
#pragma once
#include <vector>

#include "rules/lang/rule.h"

namespace quanzu::rules {

// A warning for each such condition of a pack whose filters are in their rules.
std::vector<Problem> contradictions(const Pack& pack);

}  // namespace quanzu::rules
