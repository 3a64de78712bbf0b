#include "adapters/feed/intake.h"

#include "adapters/feed/validate.h"
#include "adapters/feed/wire.h"
#include "rules/text/utf8.h"

namespace quanzu::feed {

void Intake::bind(StreamBinding binding, uint64_t next_seq) {
  binding_ = std::move(binding);
  next_seq_ = next_seq;
}

void Intake::begin(size_t bytes) {
  if (!batch_) batch_ = ingress_.take_batch();
  batch_->clear();
  batch_->binding = binding_;
  batch_->first_seq = next_seq_;
  batch_->received_at = ingress_.now();
  batch_->bytes.reserve(bytes);  // the signals' views point into it: it must not move
  batch_->signals.resize(Batch::kMaxSignals);
}

Intake::Taken Intake::add(std::string_view sized) {
  Batch& batch = *batch_;
  const size_t mark = batch.bytes.size();
  ENSURE(mark + sized.size() <= batch.bytes.capacity(), "a batch's bytes must not move under its signals");
  batch.bytes.append(sized);
  const std::string_view message = unsized(std::string_view(batch.bytes).substr(mark));
  Signal& signal = batch.signals[batch.accepted];
  SignalHead head;
  Taken taken = Taken::kYes;
  if (!decode_signal(message, head, signal)) {
    taken = Taken::kMalformed;
  } else if (head.seq != next_seq_) {
    taken = head.seq < next_seq_ && head.seq != 0 ? Taken::kDuplicate : Taken::kGap;
  }
  seq_ = head.seq;
  duplicates_ += taken == Taken::kDuplicate;
  if (taken != Taken::kYes) {
    batch.bytes.resize(mark);
    return taken;
  }
  ++next_seq_;
  ++batch.count;
  std::optional<Refusal> refusal = validate(head, batch.received_at, limits_, signal);
  if (!refusal) {
    accept(signal);
    return taken;
  }
  metrics_.rejected(refusal->reason);
  if (!refusal->keep_payload) batch.bytes.resize(mark);
  batch.rejects.push_back(
      {seq_, refusal->reason, std::move(refusal->detail), refusal->keep_payload ? message : std::string_view()});
  return taken;
}

void Intake::accept(const Signal& signal) {
  Batch& batch = *batch_;
  batch.seqs.push_back(seq_);
  ++batch.accepted;
  batch.latest_at = std::max(batch.latest_at, signal.at);
  // Kept as it came, since the normaliser repairs it; but a feed that sends such text must show.
  if (rules::find_invalid_utf8(signal.string(Field::kText)) != std::string_view::npos) ++invalid_utf8_;
}

bool Intake::submit() {
  if (duplicates_ > 0) metrics_.duplicates.Increment(static_cast<double>(std::exchange(duplicates_, 0)));
  if (batch_->count == 0) {
    batch_->clear();  // kept for the next begin(), but not its sink
    return true;
  }
  metrics_.signals.Increment(static_cast<double>(batch_->count));
  if (invalid_utf8_ > 0) metrics_.invalid_utf8.Increment(static_cast<double>(std::exchange(invalid_utf8_, 0)));
  return ingress_.submit(std::move(batch_));
}

}  // namespace quanzu::feed
