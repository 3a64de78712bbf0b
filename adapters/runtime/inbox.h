// What the engine thread takes from: orders (operators' commands, streams that open, packs) before everything else, then
// batches in the order of their tickets. A batch takes its ticket when it arrives, may be matched by any worker, and waits
// at its place: so one busy connection uses every core, and one or many workers give the same journal. Any thread.
#pragma once
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

#include "adapters/feed/ingress.h"

namespace quanzu::runtime {

// On the engine thread.
using Order = std::function<void()>;

struct MatchedBatch {
  std::unique_ptr<feed::Batch> batch;
  std::chrono::steady_clock::time_point arrived;
};

class Inbox {
 public:
  // More bytes of signals than this, waiting to be applied, stop the reading of sockets.
  explicit Inbox(size_t max_bytes = size_t{64} << 20) : max_bytes_(max_bytes) {}

  void put(Order order);
  // Takes the batch in any case. False: full; its sink hears on_room() once half of it is free.
  bool put(std::unique_ptr<feed::Batch> batch);

  // A match worker's: the next batch to match, by ticket; nullptr once closed. give() puts it back, matched.
  struct Ticket {
    uint64_t number = 0;
    feed::Batch* batch = nullptr;  // stays the inbox's
  };
  std::optional<Ticket> to_match();
  void matched(uint64_t ticket);

  // The engine thread's: an order, the batch whose turn it is, or nothing: at `until`, after wake(), or once closed and
  // empty. `batches` false takes orders alone.
  using Item = std::variant<std::monostate, Order, MatchedBatch>;
  Item take(std::optional<std::chrono::steady_clock::time_point> until, bool batches);
  void wake();
  // No more is taken in; what is there is still handed out.
  void close();
  bool drained() const;  // closed, and everything was handed out
  size_t bytes() const;

 private:
  enum class State : uint8_t { kWaiting, kMatching, kMatched };
  struct Slot {
    std::unique_ptr<feed::Batch> batch;
    State state = State::kWaiting;
    size_t bytes = 0;
    std::chrono::steady_clock::time_point arrived;
  };
  MatchedBatch take_head(std::vector<std::shared_ptr<feed::StreamSink>>& roomy);

  const size_t max_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable engine_;
  std::condition_variable workers_;
  std::deque<Order> orders_;
  std::deque<Slot> slots_;      // by ticket from first_ticket_
  uint64_t first_ticket_ = 0;   // of slots_.front()
  uint64_t next_to_match_ = 0;  // ticket
  size_t bytes_ = 0;
  std::vector<std::shared_ptr<feed::StreamSink>> full_;  // who was told that it is full
  bool woken_ = false;
  bool closed_ = false;
};

}  // namespace quanzu::runtime
