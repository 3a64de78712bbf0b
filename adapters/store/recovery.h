// Replays a journal into a pipeline: how a server starts, and how verify and `measures rebuild` get their state. Everything
// that could make the replay differ from what was written is an error that names its place. One thread.
#pragma once
#include <functional>
#include <span>

#include "adapters/store/digest.h"
#include "adapters/store/store.h"
#include "rules/pipeline.h"

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
  explicit Replayer(rules::Pipeline& pipeline, OnReplayed on_replayed = {}, JournalDigest* digest = nullptr);
  Result<void> apply(const StoredBlock& block);
  const Replayed& done() const { return done_; }

 private:
  Result<void> apply(const Event& event);

  rules::Pipeline& pipeline_;
  const OnReplayed on_replayed_;
  JournalDigest* digest_;
  Replayed done_;
  Effects effects_;
};

// From the block after `blocks_before` (0: the whole journal); the pipeline stands where that block left it.
// Reads `events` alone. Errors: those of the reader and of the replayer.
Result<Replayed> replay(Reader& reader, uint64_t blocks_before, rules::Pipeline& pipeline,
                        const OnReplayed& on_replayed = {}, JournalDigest* digest = nullptr);

}  // namespace quanzu::store
