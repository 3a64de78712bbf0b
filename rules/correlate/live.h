// What a server asks of a pack's correlations beyond the language: a window's close has no signal, so the group must say
// whom an alert is about. Pure; any thread.
#pragma once
#include <optional>

#include "rules/correlate/definition.h"

namespace quanzu::rules {

// The group key of a correlation that is this field in every rule that it watches, all the way down its chain.
std::optional<uint32_t> key_of(const Definitions& all, uint32_t correlation, std::string_view field);

// Errors: kInvalidArgument, with file, line, the rule, the reason and what to write.
Result<void> fits_live(const Pack& pack, const Definitions& definitions);

}  // namespace quanzu::rules
