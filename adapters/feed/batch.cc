#include "adapters/feed/batch.h"

namespace quanzu::feed {

// Keeps every capacity: that is what the pool is for.
void Batch::clear() {
  binding = StreamBinding();
  first_seq = 0;
  count = 0;
  received_at = Instant();
  latest_at = Instant();
  bytes.clear();
  seqs.clear();
  accepted = 0;
  rejects.clear();
  pack = PackVersion();
  matches.clear();
  shadow_number = 0;
  shadow.clear();
}

}  // namespace quanzu::feed
