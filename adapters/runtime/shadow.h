// A pack in shadow: it matches and correlates all that comes beside the live one and is counted, and opens nothing. So its
// author sees whom it would wake up. Its state begins empty and lives in memory alone. What it matches is the match workers'
// to fill in (feed::Batch::shadow); everything else is the engine thread's.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "adapters/feed/batch.h"
#include "adapters/runtime/packs.h"
#include "engine/engine.h"
#include "rules/correlate/correlator.h"

namespace quanzu::runtime {

class Shadow {
 public:
  // `number` tells its matches from those of an earlier one.
  Shadow(uint64_t number, SharedPacks packs, Instant now);

  uint64_t number() const { return number_; }
  const SharedPacks& packs() const { return packs_; }
  // A batch that both packs have matched, and what the live one raised for it.
  void take(const feed::Batch& batch, const Engine& engine, std::span<const AlertRaised> live, Instant now);
  // A JSON object (docs/api.md, Rules/Shadow).
  std::string report() const;

 private:
  using Numbers = std::unordered_set<Number, NumberHash>;

  Shadow(uint64_t number, SharedPacks packs, const Genesis& genesis, Instant now);
  void apply(EventBody body, Instant now);
  static void note(Numbers& numbers, const Number& number);

  const uint64_t number_;
  const SharedPacks packs_;
  rules::Correlator correlator_;
  Sequence sequence_;
  Instant since_;
  std::vector<std::string> ids_;  // by RuleIndex, rules then correlations
  std::vector<uint64_t> alerts_;  // likewise
  uint64_t signals_ = 0;
  uint64_t live_alerts_ = 0;
  Numbers residents_;                   // whom it would have evidence on
  Numbers live_residents_;              // whom the live pack has, since then
  std::vector<MatchedSignal> matched_;  // scratch
  std::vector<Alert> raised_;           // scratch
};

}  // namespace quanzu::runtime
