// Replays a journal into a pipeline: how a server starts (from the newest good snapshot on), and how verify, the follower and
// `measures rebuild` get their state. Everything that could make the replay differ from what was written is an error that
// names its place. One thread.
#pragma once
#include <filesystem>
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
  // Whether the last event was an OutcomeMark: what had come of all before it is what had come of it in the server.
  bool at_mark() const { return at_mark_; }

 private:
  Result<void> apply(const Event& event);

  rules::Pipeline& pipeline_;
  const OnReplayed on_replayed_;
  JournalDigest* digest_;
  bool at_mark_ = false;
  Replayed done_;
  Effects effects_;
};

// From the block after `blocks_before` (0: the whole journal); the pipeline stands where that block left it.
// Reads `events` alone. Errors: those of the reader and of the replayer.
Result<Replayed> replay(Reader& reader, uint64_t blocks_before, rules::Pipeline& pipeline,
                        const OnReplayed& on_replayed = {}, JournalDigest* digest = nullptr);

struct Recovery {
  rules::Pipeline pipeline;
  uint64_t snapshot = 0;                 // the block of the snapshot that it began with; 0: the journal's begin
  Replayed replayed;                     // after that
  std::vector<std::string> passed_over;  // snapshots that were no good: which, and why
};

// The state after the journal's last block: the newest snapshot that is sound and of this journal, and what came after it. A
// bad one is passed over for the one before, at last for the whole journal. Errors: those of replaying the whole journal.
Result<Recovery> recover(Reader& reader, const std::filesystem::path& data, const Playbook& playbook);

// The first half: that snapshot, or a fresh pipeline, and nothing replayed yet.
Result<Recovery> newest_snapshot(Reader& reader, const std::filesystem::path& data, const Playbook& playbook);

}  // namespace quanzu::store
