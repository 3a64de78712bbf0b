// A batch: up to kMaxSignals signals of one stream, on the way from an io thread through a match worker to
// the engine thread. It owns the bytes that its signals borrow. Pooled, because a million signals a second
// must not allocate.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/event.h"
#include "engine/signal.h"

namespace quanzu::feed {

// Who sent a batch, as far as ordering and acks go. `epoch` grows with each Welcome of the stream: a batch of
// an earlier connection is discarded by the engine thread.
class StreamSink;
struct StreamBinding {
  StreamId stream;
  uint64_t epoch = 0;
  std::shared_ptr<StreamSink> sink;
  std::string feed{};  // its name
};

struct Reject {
  uint64_t seq = 0;
  std::string_view reason;  // static
  std::string detail;
  std::string_view payload;  // into bytes
};

// Which rules of one pack hold for each signal of a batch.
struct Matches {
  std::vector<RuleIndex> rules;
  std::vector<uint32_t> begin;  // those of signal i are rules[begin[i]] .. rules[begin[i + 1]]

  std::span<const RuleIndex> of(size_t i) const { return std::span(rules).subspan(begin[i], begin[i + 1] - begin[i]); }
  void clear() {
    rules.clear();
    begin.clear();
  }
};

struct Batch {
  static constexpr size_t kMaxSignals = 256;

  StreamBinding binding;
  uint64_t first_seq = 0;
  uint64_t count = 0;  // accepted and rejected
  Instant received_at{};
  Instant latest_at{};
  std::string bytes;            // the Signal messages as received, each after its varint length: the journal's raw part
  std::vector<Signal> signals;  // capacity is kept; the first `accepted` are in use
  std::vector<uint64_t> seqs;   // of each accepted signal
  size_t accepted = 0;
  std::vector<Reject> rejects;

  // By the match worker.
  PackVersion pack;
  Matches matches;
  uint64_t shadow_number = 0;  // of the pack in shadow (runtime/shadow.h); 0: none
  Matches shadow;

  std::span<const Signal> taken() const { return std::span(signals).first(accepted); }
  void clear();
};

// Of the signals with their numbers and matches those that an event spells out: that a rule holds for, or whose kind speaks
// for itself. What is in `out` borrows from all three.
void spell_out(std::span<const Signal> signals, std::span<const uint64_t> seqs, const Matches& matches,
               std::vector<MatchedSignal>& out);

}  // namespace quanzu::feed
