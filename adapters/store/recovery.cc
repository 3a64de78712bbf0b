#include "adapters/store/recovery.h"

#include "adapters/store/journal.h"

namespace quanzu::store {
namespace {

Failure at(const StoredBlock& block, Sequence sequence, Error error) {
  error.message = "journal block " + std::to_string(block.number) + ", sequence " + std::to_string(sequence.value()) +
                  ": " + error.message;
  return Failure(std::move(error));
}
Failure at(const StoredBlock& block, Sequence sequence, std::string message) {
  return at(block, sequence, Error{Code::kInternal, std::move(message), {}, {}, 0});
}

}  // namespace

Replayer::Replayer(rules::Pipeline& pipeline, OnReplayed on_replayed, JournalDigest* digest)
    : pipeline_(pipeline), on_replayed_(std::move(on_replayed)), digest_(digest) {}

Result<void> Replayer::apply(const StoredBlock& block) {
  EventDecoder decoder(block.events);
  Sequence next = block.first;
  uint64_t signals = 0;
  for (;; next = Sequence(next.value() + 1)) {
    Result<const Event*> decoded = decoder.next();
    if (!decoded) return at(block, next, decoded.error());
    if (*decoded == nullptr) break;
    const Event& event = **decoded;
    if (event.sequence != next) {
      return at(block, next, "the event bears sequence " + std::to_string(event.sequence.value()));
    }
    if (event.now < pipeline_.engine().now())
      return at(block, next, "its time lies before that of the event before it");
    if (const auto* batch = std::get_if<SignalBatch>(&event.body)) signals += batch->count;
    if (Result<void> applied = apply(event); !applied) return at(block, next, applied.error());
  }
  if (next.value() != block.last.value() + 1) {
    return at(block, next, "the events end here, recorded is " + std::to_string(block.last.value()) + " as the last");
  }
  if (signals != block.signals) {
    return at(block, block.last,
              "the events hold " + std::to_string(signals) + " signals, recorded are " + std::to_string(block.signals));
  }
  ++done_.blocks;
  done_.signals += signals;
  return {};
}

Result<void> Replayer::apply(const Event& event) {
  effects_.clear();
  const Result<Applied> applied = pipeline_.apply(event, effects_);
  if (!applied) {
    Error error = applied.error();
    error.message = "the engine refuses what it once took: " + error.message;
    return Failure(std::move(error));
  }
  if (*applied == Applied::kUnchanged) return fail(Code::kInternal, "the event changes nothing, though it once did");
  ++done_.events;
  if (digest_ != nullptr) digest_->add(event);
  return on_replayed_ ? on_replayed_(event, pipeline_.alerts(), effects_) : Result<void>();
}

Result<Replayed> replay(Reader& reader, uint64_t blocks_before, rules::Pipeline& pipeline,
                        const OnReplayed& on_replayed, JournalDigest* digest) {
  Replayer replayer(pipeline, on_replayed, digest);
  Result<void> read = reader.read_journal(blocks_before + 1, Parts::kEvents,
                                          [&](const StoredBlock& block) { return replayer.apply(block); });
  if (!read) return Failure(read.error());
  return replayer.done();
}

}  // namespace quanzu::store
