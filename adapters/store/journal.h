// The bytes of a block's two parts (docs/journal-format.md). `events`, all that a replay needs:
//
//   events    := event*
//   event     := tag:byte sequence now body                    tag and body: adapters/store/event_fields.h
//   command   := user idempotency_key body_hash body           for tags from 32
//   batch     := stream first_seq count latest_at pack matches:count rejects:count matched* rejected*
//   matched   := (seq - first_seq) kind (latest_at - at) resident peer present field* rules:count rule*
//   field     := bytes, or a signed number, of each bit of `present` from the lowest (bit n is Field n)
//   rule      := the first as it is, then the difference to the one before
//   rejected  := (seq - first_seq) reason detail payload
//
// and `raw`, what the feeds sent, as they sent it:
//
//   raw       := (stream first_seq count bytes)*               bytes: quanzu.feed.v1.Signal messages, each after its length
//
// Numbers and bytes are written as in engine/bytes.h. An unmatched signal costs nothing of its own: its batch moves
// the cursor. append_* is for the engine thread; a decoder belongs to one thread.
#pragma once
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bytes.h"
#include "engine/event.h"

namespace quanzu::store {

// Far above what a feed batches; keeps a damaged count from sending a reader around for ever.
constexpr uint64_t kMaxBatchSignals = uint64_t{1} << 20;

void append_event(const Event& event, std::string& out);

class EventDecoder {
 public:
  explicit EventDecoder(std::string_view events) : in_(events) {}

  // The next event; nullptr at the end. Its views point into the bytes given and into this decoder, and hold until the
  // next call. Errors: kInternal with the offset and what is wrong there; then the decoder is done.
  Result<const Event*> next();

 private:
  void read_body(uint8_t tag);
  void read_batch();
  void read_matched(const SignalBatch& batch);
  void read_rejected(const SignalBatch& batch);
  void read_signal(Signal& signal, Instant latest_at);

  ByteReader in_;
  Event event_;
  // The arena of a batch's signals; grows to the largest batch and is used again. A deque never moves its elements.
  std::deque<Signal> signals_;
  std::vector<MatchedSignal> matched_;
  std::vector<RejectedSignal> rejected_;
  std::vector<RuleIndex> rules_;
  std::vector<size_t> rules_end_;  // of each matched signal in rules_, since rules_ moves while it grows
};

struct RawBatch {
  StreamId stream;
  uint64_t first_seq = 0;
  uint64_t count = 0;
  std::string_view bytes;
};

void append_raw(const RawBatch& batch, std::string& out);

class RawDecoder {
 public:
  explicit RawDecoder(std::string_view raw) : in_(raw) {}
  // False at the end. Errors as above.
  Result<bool> next(RawBatch& batch);

 private:
  ByteReader in_;
};

// As the journal and the digest write it: kind, at (the difference to `latest_at`), numbers, present fields.
void write_signal(ByteWriter& out, const Signal& signal, Instant latest_at);

}  // namespace quanzu::store
