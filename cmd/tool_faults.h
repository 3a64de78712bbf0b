// quanzu simulate --faults: the whole system under faults, a run a seed, until one fails (simulator/faults/world.h).
// The main thread alone.
#pragma once
#include <cstdint>

#include "cmd/tool.h"

namespace quanzu::tool {

// The seeds from `first` on, a line each; ends at the first that fails. kFailed where one does, kState where there is no room for
// its files.
Exit simulate_faults(uint64_t first, uint64_t count, bool json);

}  // namespace quanzu::tool
