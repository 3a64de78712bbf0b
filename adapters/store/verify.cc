#include "adapters/store/verify.h"

#include "adapters/store/journal.h"
#include "adapters/store/rebuilt.h"
#include "adapters/store/recovery.h"

namespace quanzu::store {
namespace {

class Verification {
 public:
  Verification(Reader& reader, const Projector& projector, RebuiltTables rebuilt)
      : reader_(reader), projector_(projector), rebuilt_(std::move(rebuilt)) {}

  Result<VerifyReport> run() {
    if (Result<void> begun = reader_.begin(); !begun) return differs_or_fails(begun.error());
    Result<void> done = replay_blocks();
    for (size_t i = 0; i < kTableCount && done; ++i) {
      done = rebuilt_.compare(static_cast<Table>(i), reader_, [this](std::string what) { differs(std::move(what)); });
    }
    reader_.end();
    if (!done) return differs_or_fails(done.error());
    report_.ok = report_.difference_count == 0;
    return report_;
  }

 private:
  // Opens the raw parts too, which recovery leaves alone.
  Result<void> replay_blocks() {
    rules::Pipeline pipeline;
    const Engine& engine = pipeline.engine();
    JournalDigest digest;
    Replayer replayer(
        pipeline,
        [&](const Event&, std::span<const Alert>, const Effects& effects) { return project(engine, effects); },
        &digest);
    Result<void> read = reader_.read_journal(1, [&](const StoredBlock& block) {
      Result<void> sound = check_raw(block);
      return sound ? replayer.apply(block) : sound;
    });
    if (!read) return read;
    report_.blocks = replayer.done().blocks;
    report_.signals = replayer.done().signals;
    report_.cases = engine.case_count();
    report_.journal_digest = digest.hex();
    report_.state_digest = engine.state_digest();
    return {};
  }

  Result<void> project(const Engine& engine, const Effects& effects) {
    rows_.clear();
    projector_(engine, effects, rows_);
    for (const Row& row : rows_) {
      if (Result<void> put = rebuilt_.put(row); !put) return put;
    }
    return {};
  }

  static Result<void> check_raw(const StoredBlock& block) {
    RawDecoder decoder(block.raw);
    RawBatch batch;
    Result<bool> more = true;
    while (more && *more) more = decoder.next(batch);
    if (more) return {};
    return fail(more.error().code, "journal block " + std::to_string(block.number) + ", " + more.error().message);
  }

  void differs(std::string what) {
    if (report_.difference_count++ == 0) report_.first_difference = what;
    if (report_.differences.size() < VerifyReport::kMaxDifferences) report_.differences.push_back(std::move(what));
  }

  // A damaged file is what we were asked to find; a disk that does not answer is not.
  Result<VerifyReport> differs_or_fails(const Error& error) {
    if (error.code == Code::kUnavailable) return Failure(error);
    differs(error.message);
    report_.ok = false;
    return report_;
  }

  Reader& reader_;
  const Projector& projector_;
  RebuiltTables rebuilt_;
  VerifyReport report_;
  std::vector<Row> rows_;
};

}  // namespace

Result<VerifyReport> verify(Reader& reader, const Projector& projector) {
  Result<RebuiltTables> rebuilt = RebuiltTables::make();
  if (!rebuilt) return Failure(rebuilt.error());
  return Verification(reader, projector, std::move(*rebuilt)).run();
}

}  // namespace quanzu::store
