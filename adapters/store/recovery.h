// Replays a journal into an engine: how a server starts, and how verify and `measures rebuild` get their state. Everything
// that could make the replay differ from what was written is an error that names its place. One thread.
#pragma once
#include <functional>
#include <span>

#include "adapters/store/digest.h"
#include "adapters/store/store.h"
#include "engine/engine.h"
#include "rules/correlate/correlator.h"

namespace quanzu::store {

// After each event was applied; `effects` are those of this event alone. An error stops the replay and is returned.
using OnReplayed =
    std::function<Result<void>(const Event& event, std::span<const Alert> alerts, const Effects& effects)>;

struct Replayed {
  uint64_t blocks = 0;
  uint64_t events = 0;
  uint64_t signals = 0;
};

// Applies block after block. Errors name the block and the sequence: an event that does not decode or does not follow the
// one before, a command that the engine refuses although it once took it. After an error it must not be used again.
class Replayer {
 public:
  // `digest`, if given, gets every event. Everything is borrowed.
  Replayer(Engine& engine, rules::Correlator& correlator, OnReplayed on_replayed, JournalDigest* digest = nullptr);
  Result<void> apply(const StoredBlock& block);
  const Replayed& done() const { return done_; }

 private:
  Result<void> apply(const Event& event);

  Engine& engine_;
  rules::Correlator& correlator_;
  const OnReplayed on_replayed_;
  JournalDigest* digest_;
  Replayed done_;
  std::vector<Alert> alerts_;
  Effects effects_;
};

// From the block after `blocks_before` (0: the whole journal); engine and correlator stand where that block left them.
// Reads `events` alone. Errors: those of the reader and of the replayer.
Result<Replayed> replay(Reader& reader, uint64_t blocks_before, Engine& engine, rules::Correlator& correlator,
                        const OnReplayed& on_replayed = {}, JournalDigest* digest = nullptr);

}  // namespace quanzu::store
