#include "adapters/store/recovery.h"

#include "adapters/store/journal.h"
#include "adapters/store/keyring.h"
#include "adapters/store/snapshot.h"

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
  const auto* mark = std::get_if<OutcomeMark>(&event.body);
  if (mark != nullptr && mark->outcome != pipeline_.outcome()) {
    return fail(Code::kInternal, "what comes of the journal up to here is " + hex16(pipeline_.outcome()) +
                                     ", in the server that wrote it it was " + hex16(mark->outcome) +
                                     ": replay it with the release that wrote it, and report this");
  }
  at_mark_ = mark != nullptr;
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

namespace {

// Whether a snapshot is of this journal and lies inside it; the message names its file.
Result<void> belongs(Reader& reader, const std::filesystem::path& file, const SnapshotHead& head) {
  const auto wrong = [&file](const std::string& why) { return fail(Code::kInternal, file.string() + ": " + why); };
  const Result<Hash> chain = reader.chain_at(head.block);
  if (!chain && chain.error().code == Code::kUnavailable) return wrong(chain.error().message);
  if (!chain) return wrong("it is ahead of the journal: " + chain.error().message);
  if (head.chain == view(*chain)) return {};
  return wrong("it is of another journal: block " + std::to_string(head.block) + " has another chain hash");
}

// The newest good snapshot from the `skip`th on, and how many were looked at.
Result<Recovery> begin_from(Reader& reader, const std::vector<std::filesystem::path>& files, size_t& skip,
                            std::vector<std::string> passed_over, const Playbook& playbook) {
  while (skip < files.size()) {
    const std::filesystem::path& file = files[skip++];
    Result<Snapshot> snapshot = read_snapshot(file, reader.keyring(), playbook);
    Result<void> ours = snapshot ? belongs(reader, file, snapshot->head) : Result<void>(Failure(snapshot.error()));
    if (ours) return Recovery{std::move(snapshot->pipeline), snapshot->head.block, {}, std::move(passed_over)};
    passed_over.push_back(ours.error().message);
  }
  return Recovery{rules::Pipeline(playbook), 0, {}, std::move(passed_over)};
}

}  // namespace

Result<Recovery> newest_snapshot(Reader& reader, const std::filesystem::path& data, const Playbook& playbook) {
  size_t skip = 0;
  return begin_from(reader, find_snapshots(data), skip, {}, playbook);
}

Result<Recovery> recover(Reader& reader, const std::filesystem::path& data, const Playbook& playbook) {
  const std::vector<std::filesystem::path> files = find_snapshots(data);
  std::vector<std::string> passed_over;
  for (size_t skip = 0;;) {
    Result<Recovery> begun = begin_from(reader, files, skip, std::move(passed_over), playbook);
    if (!begun) return begun;
    const Result<Replayed> replayed = replay(reader, begun->snapshot, begun->pipeline);
    if (replayed) {
      begun->replayed = *replayed;
      return begun;
    }
    if (begun->snapshot == 0 || replayed.error().code == Code::kUnavailable) return Failure(replayed.error());
    passed_over = std::move(begun->passed_over);
    passed_over.push_back(files[skip - 1].string() +
                          ": the journal does not go on from it: " + replayed.error().message);
  }
}

}  // namespace quanzu::store
