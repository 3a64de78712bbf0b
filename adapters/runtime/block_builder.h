// Gathers events into the block that commits next, with the rows that follow from them and everybody who waits for it.
// Feed acks of one connection are told once a block. The engine thread's.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "adapters/feed/ingress.h"
#include "adapters/runtime/committer.h"
#include "engine/engine.h"

namespace quanzu::runtime {

class BlockBuilder {
 public:
  static constexpr size_t kMaxBytes = size_t{1} << 20;
  static constexpr uint64_t kMaxSignals = 5000;

  BlockBuilder() : pending_(std::make_unique<PendingBlock>()) {}

  // Where the next event's effects go; take_done() has what a command's own were.
  Effects& effects() { return effects_; }
  void add(const Event& event);
  void add_raw(const feed::Batch& batch);  // the signals as received, beside the event of their batch
  void add_reply(const Engine& engine, const CommandDone& done, const std::string& reply);  // its row
  void add_ack(const feed::Batch& batch);
  void add_release(Release release) { pending_->releases.push_back(std::move(release)); }

  bool empty() const { return pending_->block.events.empty() && pending_->releases.empty() && acks_.empty(); }
  bool has_events() const { return !pending_->block.events.empty(); }
  bool full() const {
    return pending_->block.events.size() + pending_->block.raw.size() >= kMaxBytes ||
           pending_->block.signals >= kMaxSignals;
  }

  // The block with its rows and releases; the builder goes on with `next`, which is empty.
  std::unique_ptr<PendingBlock> finish(const Engine& engine, std::unique_ptr<PendingBlock> next);

 private:
  struct Ack {
    feed::StreamBinding binding;
    uint64_t up_to_seq = 0;
    uint64_t accepted = 0;
    uint64_t rejected = 0;
    std::vector<feed::NackNotice> nacks;
  };
  static Release release_of(Ack ack);

  std::unique_ptr<PendingBlock> pending_;
  Effects effects_;
  std::vector<Ack> acks_;  // a few: one a connection that sent something
  std::vector<store::Row> reply_rows_;
};

}  // namespace quanzu::runtime
