#include "adapters/store/digest.h"

#include <algorithm>

#include "adapters/store/event_fields.h"
#include "adapters/store/journal.h"

namespace quanzu::store {
namespace {

enum class Record : uint8_t { kUnmatched = 1, kMatched = 2, kRejected = 3 };
constexpr uint8_t kEventRecords = 64;  // an event's record is this plus its tag
constexpr size_t kGathered = 4096;

}  // namespace

void JournalDigest::add(const Event& event) {
  ByteWriter out(record_);
  const auto tag = [&](Tag of) { out.byte(static_cast<uint8_t>(kEventRecords + static_cast<uint8_t>(of))); };
  const auto write = [&]<class T>(const T& body) {
    if constexpr (std::is_same_v<T, SignalBatch>) {
      add_batch(body);
    } else if constexpr (std::is_same_v<T, Genesis> || std::is_same_v<T, Tick> || std::is_same_v<T, OutcomeMark>) {
      // left out
    } else if constexpr (std::is_same_v<T, UserAdded>) {
      tag(kTagOf<T>);
      out(body.user.name, body.user.role, body.user.disabled);
    } else if constexpr (std::is_same_v<T, UserReset>) {
      tag(kTagOf<T>);
      out(body.name);
    } else if constexpr (std::is_same_v<T, Command>) {
      std::visit(
          [&]<class C>(const C& command) {
            tag(kTagOf<C>);
            command_header(out, body);
            fields(out, command);
          },
          body.body);
    } else {
      tag(kTagOf<T>);
      fields(out, body);
    }
  };
  std::visit(write, event.body);
  if (record_.size() >= kGathered) flush();
}

void JournalDigest::add_batch(const SignalBatch& batch) {
  ByteWriter out(record_);
  const auto head = [&](Record record, uint64_t seq) {
    out.byte(static_cast<uint8_t>(record));
    out(batch.stream, seq);
  };
  auto matched = batch.signals.begin();
  auto rejected = batch.rejects.begin();
  for (uint64_t seq = batch.first_seq; seq < batch.first_seq + batch.count; ++seq) {
    if (matched != batch.signals.end() && matched->seq == seq) {
      head(Record::kMatched, seq);
      out(to_ms(matched->signal->at));
      write_signal(out, *matched->signal, matched->signal->at);
      out(batch.pack, uint64_t{matched->rules.size()});
      for (const RuleIndex rule : matched->rules) out(rule);
      ++matched;
    } else if (rejected != batch.rejects.end() && rejected->seq == seq) {
      head(Record::kRejected, seq);
      out(rejected->reason, rejected->detail, rejected->payload);
      ++rejected;
    } else {
      head(Record::kUnmatched, seq);
    }
    if (record_.size() >= kGathered) flush();
  }
  Instant& latest = latest_[batch.stream];
  latest = std::max(latest, batch.latest_at);
}

void JournalDigest::flush() {
  hash_.update(record_);
  record_.clear();
}

std::string JournalDigest::hex() const {
  std::string rest = record_;
  ByteWriter out(rest);
  for (const auto& [stream, at] : latest_) out(stream, at);
  Sha256 whole = hash_;
  whole.update(rest);
  return to_hex(whole.value());
}

}  // namespace quanzu::store
