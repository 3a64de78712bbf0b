// From matches to alerts over time: stateful and ordered, run on the engine thread (and by every replay) just before
// Engine::apply. A plain rule's match is an alert of its own, unless only correlations are to tell of it. Correlations run
// in arrival mode, so no alert waits but those that a window's close decides. Each stream has a watermark; the global one
// is the least over streams that are heard, and the clock takes its place where none is. Only what the journal holds moves
// it, so a Tick must come when a close is due.
#pragma once
#include <map>
#include <vector>

#include "engine/event.h"
#include "rules/correlate/core.h"
#include "rules/match/subject.h"

namespace quanzu::rules {

class Correlator {
 public:
  // Alerts that the event raises, in the order of its signals, then of windows that closed; cleared first. Errors: a pack's correlations that cannot
  // be read (kInternal); then nothing has changed.
  Result<void> apply(const Event& event, std::vector<Alert>& alerts);

  // When the next Tick must come: it lets a window close, or takes a stream as idle that held one open. kNever where
  // nothing is due. May be early, never late.
  Instant next_due() const;

  const Core& core() const { return core_; }
  uint64_t digest() const;

  // All of it as bytes: what goes on from there raises the same alerts at the same events.
  std::string snapshot() const;
  // Errors: kInternal, for bytes of another release or of no snapshot.
  static Result<Correlator> restore(std::string_view snapshot);

 private:
  // A pack that may still match: its rules' roles in the live correlations, and their indices in this pack.
  struct Known {
    Definitions definitions;
    std::vector<std::vector<Role>> roles;           // by RuleIndex
    std::vector<std::optional<RuleIndex>> indices;  // by live correlation
  };
  struct Stream {
    Ms greatest = kNoTime;
    Instant heard{};
  };
  // A window's close has no signal: the group names the resident (rules/correlate/live), and the peer where it can.
  struct Naming {
    std::optional<uint32_t> resident;  // index into group_by
    std::optional<uint32_t> peer;
  };

  Result<void> go_live(const PackLive& pack);
  void link();
  void take(const SignalBatch& batch, std::vector<Alert>& alerts);
  void post(const Known& known, const SignalBatch& batch, uint32_t index, std::vector<Alert>& alerts);
  void hear(const SignalBatch& batch, Instant now);
  bool is_heard(const Stream& stream) const;
  Ms foremost() const;
  void move_watermark(std::vector<Alert>& alerts);

  Core core_{Definitions(), {}, Core::Mode::kArrival};
  std::map<PackVersion, Known> packs_;
  PackVersion live_;
  std::vector<Stream> streams_;                 // by StreamId
  Instant now_{};                               // of the last event that may move the watermark
  std::vector<std::optional<Source>> sources_;  // of the live definitions' fields
  std::vector<Naming> names_;                   // by live correlation
  uint64_t taken_ = 0;                          // signals: their order
  std::vector<Role> roles_;                     // scratch
  std::vector<uint32_t> posted_;                // scratch: which signal of the batch each was
  std::vector<Conclusion> concluded_;           // scratch
};

}  // namespace quanzu::rules
