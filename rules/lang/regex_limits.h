// Regular expressions that may go to the matcher: short enough, not exploding, and what Hyperscan understands. Cheap: the
// expression is read, not compiled. Any thread.
#pragma once
#include "engine/result.h"
#include "rules/lang/rule.h"

namespace quanzu::rules {

// Errors: kInvalidArgument saying what is wrong and what to write instead.
Result<void> check_regex(const Regex& regex);

}  // namespace quanzu::rules
