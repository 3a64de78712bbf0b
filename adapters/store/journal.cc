#include "adapters/store/journal.h"

#include "adapters/store/event_fields.h"

namespace quanzu::store {
namespace {

void write_batch(ByteWriter& out, const SignalBatch& batch) {
  ENSURE(batch.count <= kMaxBatchSignals, "feeds cut batches far below this");
  out(batch.stream, batch.first_seq, batch.count, batch.latest_at, batch.pack, uint64_t{batch.signals.size()},
      uint64_t{batch.rejects.size()});
  for (const MatchedSignal& matched : batch.signals) {
    out(matched.seq - batch.first_seq);
    write_signal(out, *matched.signal, batch.latest_at);
    out(uint64_t{matched.rules.size()});
    RuleIndex before = 0;
    for (const RuleIndex rule : matched.rules) {
      out(rule - before);
      before = rule;
    }
  }
  for (const RejectedSignal& reject : batch.rejects) {
    out(reject.seq - batch.first_seq, reject.reason, reject.detail, reject.payload);
  }
}

Failure fault_at(const ByteReader& in, const char* part, const char* fault) {
  return fail(Code::kInternal, std::string(part) + " at byte " + std::to_string(in.offset()) + ": " + fault +
                                   "; the block is damaged or of a newer release");
}

// Damaged bytes may hold any two times; their difference must not overflow, and must come back as it went.
constexpr int64_t wrapping_difference(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
}

constexpr Field field_at(size_t index) {
  return static_cast<Field>(index);
}

}  // namespace

void write_signal(ByteWriter& out, const Signal& signal, Instant latest_at) {
  uint64_t present = 0;
  for (size_t i = 0; i < kFieldCount; ++i) present |= uint64_t{signal.has(field_at(i))} << i;
  out(signal.kind, wrapping_difference(to_ms(latest_at), to_ms(signal.at)), signal.resident, signal.peer, present);
  for (size_t i = 0; i < kFieldCount; ++i) {
    if (!signal.has(field_at(i))) continue;
    if (i < kStringFieldCount) {
      out(signal.string(field_at(i)));
    } else {
      out(signal.number(field_at(i)));
    }
  }
}

void append_event(const Event& event, std::string& out) {
  ByteWriter writer(out);
  const auto head = [&](Tag tag) {
    writer.byte(static_cast<uint8_t>(tag));
    writer(event.sequence, event.now);
  };
  const auto write = [&]<class T>(const T& body) {
    if constexpr (std::is_same_v<T, Command>) {
      std::visit(
          [&]<class C>(const C& command) {
            head(kTagOf<C>);
            command_header(writer, body);
            fields(writer, command);
          },
          body.body);
    } else {
      head(kTagOf<T>);
      if constexpr (std::is_same_v<T, SignalBatch>) {
        write_batch(writer, body);
      } else {
        fields(writer, body);
      }
    }
  };
  std::visit(write, event.body);
}

Result<const Event*> EventDecoder::next() {
  if (in_.ok() && in_.left() == 0) return nullptr;
  const uint8_t tag = in_.byte();
  in_(event_.sequence, event_.now);
  if (in_.ok()) read_body(tag);
  if (!in_.ok()) return fault_at(in_, "events", in_.fault());
  return &event_;
}

namespace {

// Calls visit(T()) for the alternative of the variant that bears the tag; false where none does.
template <class... T, class Visit>
bool with_alternative(std::variant<T...>*, uint8_t tag, const Visit& visit) {
  const auto try_one = [&]<class One>(One* none) {
    if (kTagOf<One> == Tag{} || static_cast<uint8_t>(kTagOf<One>) != tag) return false;
    visit(none);
    return true;
  };
  return (try_one(static_cast<T*>(nullptr)) || ...);
}

}  // namespace

void EventDecoder::read_body(uint8_t tag) {
  if (tag == static_cast<uint8_t>(Tag::kSignalBatch)) return read_batch();
  const bool plain = with_alternative(static_cast<EventBody*>(nullptr), tag, [&]<class T>(T*) {
    if constexpr (!std::is_same_v<T, Command> && !std::is_same_v<T, SignalBatch>) {
      fields(in_, event_.body.emplace<T>());
    }
  });
  if (plain) return;
  Command command;
  const bool known = with_alternative(static_cast<CommandBody*>(nullptr), tag, [&]<class T>(T*) {
    command_header(in_, command);
    fields(in_, command.body.emplace<T>());
  });
  if (!known) return in_.fail_with("an event that this release doesn't know");
  event_.body = std::move(command);
}

void EventDecoder::read_batch() {
  SignalBatch batch;
  in_(batch.stream, batch.first_seq, batch.count, batch.latest_at, batch.pack);
  if (batch.count > kMaxBatchSignals || batch.first_seq > UINT64_MAX - batch.count) {
    return in_.fail_with("more signals than a batch may have");
  }
  const size_t matches = in_.count();
  const size_t rejects = in_.count();
  if (in_.ok() && (matches > batch.count || rejects > batch.count - matches)) {
    return in_.fail_with("more signals spelled out than the batch has");
  }
  matched_.clear();
  rejected_.clear();
  rules_.clear();
  rules_end_.clear();
  while (in_.ok() && matched_.size() < matches) read_matched(batch);
  while (in_.ok() && rejected_.size() < rejects) read_rejected(batch);
  if (!in_.ok()) return;
  size_t begin = 0;
  for (size_t i = 0; i < matched_.size(); ++i) {
    matched_[i].rules = std::span<const RuleIndex>(rules_).subspan(begin, rules_end_[i] - begin);
    begin = rules_end_[i];
  }
  batch.signals = matched_;
  batch.rejects = rejected_;
  event_.body = batch;
}

void EventDecoder::read_matched(const SignalBatch& batch) {
  if (signals_.size() == matched_.size()) signals_.emplace_back();
  Signal& signal = signals_[matched_.size()];
  const uint64_t offset = in_.varint();
  if (offset >= batch.count) in_.fail_with("a signal outside of its batch");
  if (!matched_.empty() && batch.first_seq + offset <= matched_.back().seq) in_.fail_with("signals out of order");
  read_signal(signal, batch.latest_at);
  uint64_t rule = 0;
  const size_t count = in_.count();
  for (size_t i = 0; i < count && in_.ok(); ++i) {
    const uint64_t step = in_.varint();
    rule += step;
    if (rule > UINT32_MAX || (i > 0 && step == 0)) in_.fail_with("rules out of order");
    rules_.push_back(static_cast<RuleIndex>(rule));
  }
  rules_end_.push_back(rules_.size());
  matched_.push_back({batch.first_seq + offset, &signal, {}});
}

void EventDecoder::read_rejected(const SignalBatch& batch) {
  RejectedSignal reject;
  const uint64_t offset = in_.varint();
  if (offset >= batch.count) in_.fail_with("a signal outside of its batch");
  reject.seq = batch.first_seq + offset;
  if (!rejected_.empty() && reject.seq <= rejected_.back().seq) in_.fail_with("signals out of order");
  in_(reject.reason, reject.detail, reject.payload);
  rejected_.push_back(reject);
}

void EventDecoder::read_signal(Signal& signal, Instant latest_at) {
  signal.clear();
  int64_t before = 0;
  uint64_t present = 0;
  in_(signal.kind, before, signal.resident, signal.peer, present);
  signal.at = from_ms(wrapping_difference(to_ms(latest_at), before));
  if ((present >> kFieldCount) != 0) in_.fail_with("a field that this release doesn't know");
  for (size_t i = 0; i < kFieldCount && in_.ok(); ++i) {
    if (((present >> i) & 1U) == 0) continue;
    if (i < kStringFieldCount) {
      signal.set(field_at(i), in_.bytes());
    } else {
      signal.set(field_at(i), in_.zigzag());
    }
  }
}

void append_raw(const RawBatch& batch, std::string& out) {
  ByteWriter writer(out);
  writer(batch.stream, batch.first_seq, batch.count, batch.bytes);
}

Result<bool> RawDecoder::next(RawBatch& batch) {
  if (in_.ok() && in_.left() == 0) return false;
  in_(batch.stream, batch.first_seq, batch.count, batch.bytes);
  if (!in_.ok()) return fault_at(in_, "raw", in_.fault());
  return true;
}

}  // namespace quanzu::store
