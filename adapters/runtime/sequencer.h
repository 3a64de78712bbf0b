// All that the engine thread does to state, without its thread and its waiting: gives every event its number, applies it, adds
// it to the block that fills, with whoever waits for its commit, and knows who owns a stream. The server drives it from its
// inbox, `quanzu simulate --faults` step by step under a seed.
// The engine thread's, or whoever drives it; what it releases runs on the committer's.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/api/ports.h"
#include "adapters/runtime/block_builder.h"
#include "adapters/runtime/clock.h"
#include "adapters/runtime/packs.h"
#include "rules/pipeline.h"

namespace quanzu::runtime {

class Sequencer {
 public:
  // Both on the committer's thread.
  struct Hooks {
    // The reply that a user got to the first command with this key.
    std::function<Result<std::string>(UserId user, const std::string& key)> first_reply;
    // The accounts are these from now on.
    std::function<void(std::shared_ptr<const accounts::Directory>)> accounts;
  };
  // An OutcomeMark after so many events, at the end of a block.
  Sequencer(rules::Pipeline pipeline, Clock& clock, uint64_t mark_every, Hooks hooks);

  const rules::Pipeline& pipeline() const { return pipeline_; }
  const Engine& engine() const { return pipeline_.engine(); }
  const BlockBuilder& block() const { return block_; }

  // A new journal's first event.
  void begin(Genesis genesis);
  // What is due is over before anybody may act on it: before each of the following. An idle server writes nothing.
  void tick();
  void apply_command(const Command& command, const api::Reply& reply);
  void apply_account(const EventBody& change, const api::Reply& reply);
  // The packs as they are now; false where they are live already: neither a restart nor a reload journals them again.
  bool take_up(const CompiledPacks& packs, const std::string& folder_hash);
  // The alerts that it raised; nothing for a batch of an earlier connection, which is discarded. They hold until the next event.
  std::optional<std::span<const AlertRaised>> apply_batch(const feed::Batch& batch);

  // A newcomer fences the older owner: batches that it sent before are discarded where they have not been applied, so next_seq
  // is the first not sequenced, and whoever has it is told after the commit that makes it true.
  void open_stream(const std::string& feed, const std::string& stream, const std::shared_ptr<feed::StreamSink>& sink);
  void close_stream(const feed::StreamBinding& binding);

  // After the commit.
  void tell(const api::Reply& reply, Result<std::string> answer);
  void on_commit(Release release) { block_.add_release(std::move(release)); }

  // The block with its rows and releases; goes on with `next`, which is empty.
  std::unique_ptr<PendingBlock> finish(std::unique_ptr<PendingBlock> next);

 private:
  struct Owner {  // of a stream, by StreamId
    uint64_t epoch = 0;
    std::weak_ptr<feed::StreamSink> sink;  // no connection outlives its sockets for us
  };

  Result<Applied> apply(EventBody body);
  Result<Applied> apply(EventBody body, Instant now);
  void repeat_reply(const Command& command, const api::Reply& reply);
  void mark_outcome();
  bool owns(const feed::StreamBinding& binding) const;

  rules::Pipeline pipeline_;
  Clock& clock_;
  const uint64_t mark_every_;
  const Hooks hooks_;
  uint64_t marked_at_ = 0;  // events before the last OutcomeMark
  BlockBuilder block_;
  std::vector<Owner> owners_;
  std::vector<MatchedSignal> spelled_out_;  // of the batch at hand
  std::vector<RejectedSignal> rejected_;
};

}  // namespace quanzu::runtime
