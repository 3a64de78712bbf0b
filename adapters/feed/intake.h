// The one path from a Signal message to a batch: order, decoding, judgement, reject or accept. The
// connection, the push and the spool each feed one. Owned by its stream's owner, on that owner's thread.
#pragma once
#include <memory>
#include <string_view>

#include "adapters/feed/ingress.h"
#include "adapters/feed/limits.h"
#include "adapters/feed/metrics.h"

namespace quanzu::feed {

class Intake {
 public:
  Intake(Ingress& ingress, const Limits& limits, Metrics& metrics)
      : ingress_(ingress), limits_(limits), metrics_(metrics) {}

  // The stream's next number, from Ingress::open().
  void bind(StreamBinding binding, uint64_t next_seq);
  void unbind() { binding_ = StreamBinding(); }  // lets go of the sink, who may own this intake
  const StreamBinding& binding() const { return binding_; }
  uint64_t next_seq() const { return next_seq_; }

  // A new batch for messages of at most `bytes` bytes together, their varint lengths included.
  void begin(size_t bytes);
  bool full() const { return batch_->count == Batch::kMaxSignals; }

  enum class Taken : uint8_t { kYes, kDuplicate, kGap, kMalformed };
  // `sized` is a Signal message with its varint length before it. Anything but kYes leaves the batch as it
  // was; seq() says which number came.
  Taken add(std::string_view sized);
  uint64_t seq() const { return seq_; }

  // Hands the batch over; false when the inbox is full (Ingress::submit). An empty batch goes back quietly.
  bool submit();
  // Rejects of the batch under way, for who must tell its sender at once.
  const std::vector<Reject>& rejects() const { return batch_->rejects; }

 private:
  void accept(const Signal& signal);

  Ingress& ingress_;
  const Limits& limits_;
  Metrics& metrics_;
  StreamBinding binding_;
  uint64_t next_seq_ = 1;
  uint64_t seq_ = 0;
  uint64_t invalid_utf8_ = 0;
  uint64_t duplicates_ = 0;
  std::unique_ptr<Batch> batch_;
};

}  // namespace quanzu::feed
