#include "adapters/runtime/inbox.h"

namespace quanzu::runtime {

void Inbox::put(Order order) {
  {
    const std::scoped_lock lock(mutex_);
    orders_.push_back(std::move(order));
  }
  engine_.notify_one();
}

bool Inbox::put(std::unique_ptr<feed::Batch> batch) {
  bool room = true;
  {
    const std::scoped_lock lock(mutex_);
    if (closed_) return true;  // the server is going: nothing is acked any more
    Slot slot;
    slot.bytes = batch->bytes.size();
    slot.arrived = std::chrono::steady_clock::now();
    bytes_ += slot.bytes;
    if (bytes_ > max_bytes_) {
      room = false;
      full_.push_back(batch->binding.sink);
    }
    slot.batch = std::move(batch);
    slots_.push_back(std::move(slot));
  }
  workers_.notify_one();
  return room;
}

std::optional<Inbox::Ticket> Inbox::to_match() {
  std::unique_lock lock(mutex_);
  workers_.wait(lock, [this] { return closed_ || next_to_match_ < first_ticket_ + slots_.size(); });
  if (next_to_match_ == first_ticket_ + slots_.size()) return std::nullopt;
  const uint64_t ticket = next_to_match_++;
  Slot& slot = slots_[ticket - first_ticket_];
  slot.state = State::kMatching;
  return Ticket{ticket, slot.batch.get()};
}

void Inbox::matched(uint64_t ticket) {
  bool head = false;
  {
    const std::scoped_lock lock(mutex_);
    slots_[ticket - first_ticket_].state = State::kMatched;
    head = ticket == first_ticket_;
  }
  if (head) engine_.notify_one();
}

MatchedBatch Inbox::take_head(std::vector<std::shared_ptr<feed::StreamSink>>& roomy) {
  Slot& slot = slots_.front();
  MatchedBatch taken{std::move(slot.batch), slot.arrived};
  bytes_ -= slot.bytes;
  slots_.pop_front();
  ++first_ticket_;
  if (bytes_ <= max_bytes_ / 2) roomy.swap(full_);
  return taken;
}

Inbox::Item Inbox::take(std::optional<std::chrono::steady_clock::time_point> until, bool batches) {
  std::vector<std::shared_ptr<feed::StreamSink>> roomy;
  Item item;
  {
    std::unique_lock lock(mutex_);
    const auto ready = [&] {
      if (woken_ || !orders_.empty()) return true;
      if (batches && !slots_.empty() && slots_.front().state == State::kMatched) return true;
      return closed_ && slots_.empty();
    };
    if (until) {
      engine_.wait_until(lock, *until, ready);
    } else {
      engine_.wait(lock, ready);
    }
    woken_ = false;
    if (!orders_.empty()) {
      item = std::move(orders_.front());
      orders_.pop_front();
    } else if (batches && !slots_.empty() && slots_.front().state == State::kMatched) {
      item = take_head(roomy);
    }
  }
  for (const auto& sink : roomy) sink->on_room();
  return item;
}

void Inbox::wake() {
  {
    const std::scoped_lock lock(mutex_);
    woken_ = true;
  }
  engine_.notify_one();
}

void Inbox::close() {
  {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
  }
  engine_.notify_all();
  workers_.notify_all();
}

bool Inbox::drained() const {
  const std::scoped_lock lock(mutex_);
  return closed_ && orders_.empty() && slots_.empty();
}

size_t Inbox::bytes() const {
  const std::scoped_lock lock(mutex_);
  return bytes_;
}

}  // namespace quanzu::runtime
