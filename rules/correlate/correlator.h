// From matches to alerts over time: stateful and ordered, run on the engine thread (and by every replay) just before
// Engine::apply. A plain rule's match is an alert of its own, unless only correlations are to tell of it. Correlations run
// in arrival mode, so no alert waits; each stream has a watermark, moved only by what the journal holds.
#pragma once
#include <map>
#include <vector>

#include "engine/event.h"
#include "rules/correlate/core.h"
#include "rules/match/subject.h"

namespace quanzu::rules {

class Correlator {
 public:
  // Alerts that the event raises, in the order of its signals; cleared first. Errors: a pack's correlations that cannot
  // be read (kInternal); then nothing has changed.
  Result<void> apply(const Event& event, std::vector<Alert>& alerts);

  const Core& core() const { return core_; }
  uint64_t digest() const;

 private:
  // A pack that may still match: its rules' roles in the live correlations, and their indices in this pack.
  struct Known {
    Definitions definitions;
    std::vector<std::vector<Role>> roles;           // by RuleIndex
    std::vector<std::optional<RuleIndex>> indices;  // by live correlation
  };
  struct Stream {
    Ms greatest = 0;
    Instant heard{};
  };

  Result<void> go_live(const PackLive& pack);
  void take(const Event& event, const SignalBatch& batch, std::vector<Alert>& alerts);
  void take_signal(const Known& known, const SignalBatch& batch, uint32_t index, Instant now,
                   std::vector<Alert>& alerts);
  void move_watermark(const SignalBatch& batch, Instant now);

  Core core_{Definitions(), {}, Core::Mode::kArrival};
  std::map<PackVersion, Known> packs_;
  std::map<StreamId, Stream> streams_;
  std::vector<std::optional<Source>> sources_;  // of the live definitions' fields
  uint64_t taken_ = 0;                          // signals: their order
  std::vector<Role> roles_;                     // scratch
  std::vector<Conclusion> concluded_;           // scratch
};

}  // namespace quanzu::rules
