// What in a rule file other engines of Sigma would refuse or not heed: our own modifiers, what is pySigma's or of a draft, and
// the parts of `antifraud:` that change which alerts are told. For `check --strict`. Any thread; pure.
#pragma once
#include <string_view>

#include "rules/lang/problems.h"

namespace quanzu::rules {

// Warnings; what is no YAML is the loader's to report.
void warn_beyond_sigma(std::string_view bytes, Problems& problems);

}  // namespace quanzu::rules
