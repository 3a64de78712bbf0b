// A corpus parted into a half that rules' authors read and one that nobody reads, so that figures on the second are of
// messages never seen. Near-duplicates lie in one half, and the halves are alike in labels. The same corpus and seed give the
// same halves, as long as the normaliser gives the same texts (kNormalizerVersion). Called by `quanzu rules eval`; one thread.
#pragma once
#include "simulator/corpus.h"

namespace quanzu::simulator {

enum class Half : uint8_t { kRead, kUnread };

// The rows of that half, in their order. Rows of which normalising leaves nothing are in neither.
Corpus half_of(const Corpus& corpus, Half half, uint64_t seed);

}  // namespace quanzu::simulator
