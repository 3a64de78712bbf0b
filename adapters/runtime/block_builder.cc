#include "adapters/runtime/block_builder.h"

#include "adapters/runtime/projection.h"
#include "adapters/store/journal.h"

namespace quanzu::runtime {

void BlockBuilder::add(const Event& event) {
  store::Block& block = pending_->block;
  if (block.events.empty()) block.first = event.sequence;
  block.last = event.sequence;
  if (const auto* batch = std::get_if<SignalBatch>(&event.body)) block.signals += batch->count;
  store::append_event(event, block.events);
}

void BlockBuilder::add_raw(const feed::Batch& batch) {
  store::append_raw({batch.binding.stream, batch.first_seq, batch.count, batch.bytes}, pending_->block.raw);
}

void BlockBuilder::add_reply(const Engine& engine, const CommandDone& done, const std::string& reply) {
  project_reply(engine, done, reply, reply_rows_);
}

void BlockBuilder::add_ack(const feed::Batch& batch) {
  Ack* ack = nullptr;
  for (Ack& each : acks_) {
    if (each.binding.stream == batch.binding.stream && each.binding.epoch == batch.binding.epoch) ack = &each;
  }
  if (ack == nullptr) {
    ack = &acks_.emplace_back();
    ack->binding = batch.binding;
  }
  ack->up_to_seq = batch.first_seq + batch.count - 1;
  ack->accepted += batch.accepted;
  ack->rejected += batch.rejects.size();
  for (const feed::Reject& reject : batch.rejects) {
    ack->nacks.push_back({reject.seq, std::string(reject.reason), reject.detail});
  }
}

Release BlockBuilder::release_of(Ack ack) {
  // A shared pointer, since a std::function is copied.
  return [told = std::make_shared<Ack>(std::move(ack))](const Result<void>& committed) {
    if (!committed) return told->binding.sink->on_fenced(committed.error().message);
    told->binding.sink->on_committed(told->up_to_seq, told->accepted, told->rejected, std::move(told->nacks));
  };
}

std::unique_ptr<PendingBlock> BlockBuilder::finish(const Engine& engine, std::unique_ptr<PendingBlock> next) {
  if (!pending_->block.events.empty()) {
    effects_.compact();
    project(engine, effects_, pending_->block.rows);
    for (store::Row& row : reply_rows_) pending_->block.rows.push_back(std::move(row));
  }
  effects_.clear();
  reply_rows_.clear();
  for (Ack& ack : acks_) pending_->releases.push_back(release_of(std::move(ack)));
  acks_.clear();
  std::swap(pending_, next);
  return next;
}

}  // namespace quanzu::runtime
