// What documents say of each other: ids and names that are unique, references that lead somewhere, chains without a circle,
// filters ANDed to their rules. Run once over a pack that is read whole; one thread.
#pragma once
#include "rules/lang/load.h"

namespace quanzu::rules {

void link(Pack& pack, const LoadOptions& options);

}  // namespace quanzu::rules
