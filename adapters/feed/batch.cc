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

void spell_out(std::span<const Signal> signals, std::span<const uint64_t> seqs, const Matches& matches,
               std::vector<MatchedSignal>& out) {
  out.clear();
  for (size_t i = 0; i < signals.size(); ++i) {
    const std::span<const RuleIndex> rules = matches.of(i);
    if (!rules.empty() || speaks_for_itself(signals[i].kind)) out.push_back({seqs[i], &signals[i], rules});
  }
}

}  // namespace quanzu::feed
