#include "adapters/store/verify.h"

#include "adapters/store/files.h"
#include "adapters/store/journal.h"
#include "adapters/store/rebuilt.h"
#include "adapters/store/recovery.h"
#include "adapters/store/snapshot.h"

namespace quanzu::store {
namespace {

class Verification {
 public:
  Verification(Reader& reader, const Projector& projector, RebuiltTables rebuilt, const std::filesystem::path& data)
      : reader_(reader), projector_(projector), rebuilt_(std::move(rebuilt)) {
    if (!data.empty()) snapshots_ = find_snapshots(data);
  }

  Result<VerifyReport> run() {
    if (Result<void> begun = reader_.begin(); !begun) return differs_or_fails(begun.error());
    read_heads();
    Result<void> done = replay_blocks();
    for (size_t i = 0; i < kTableCount && done; ++i) {
      done = rebuilt_.compare(static_cast<Table>(i), reader_,
                              [this](std::string what, uint64_t block) { differs(std::move(what), block); });
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
      block_ = block.number;
      Result<void> sound = check_raw(block);
      if (sound) sound = replayer.apply(block);
      if (sound) compare_snapshots(pipeline, block);
      return sound;
    });
    if (!read) return read;
    report_.blocks = replayer.done().blocks;
    report_.signals = replayer.done().signals;
    report_.cases = engine.case_count();
    report_.at = engine.now();
    report_.journal_digest = digest.hex();
    report_.state_digest = engine.state_digest();
    return {};
  }

  Result<void> project(const Engine& engine, const Effects& effects) {
    rows_.clear();
    projector_(engine, effects, rows_);
    for (const Row& row : rows_) {
      if (Result<void> put = rebuilt_.put(row, block_); !put) return put;
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

  // Those of blocks that this read sees: a running server may have written a later one meanwhile.
  void read_heads() {
    for (const std::filesystem::path& file : snapshots_) {
      const Result<std::string> bytes = read_file(file);
      if (!bytes) continue;  // the server keeps two: it was one too many
      Result<SnapshotHead> head = read_snapshot_head(*bytes);
      if (!head) {
        differs(file.string() + ": " + head.error().message, 0);
        continue;
      }
      heads_.emplace_back(file.string(), std::move(*head));
    }
  }

  void compare_snapshots(const rules::Pipeline& pipeline, const StoredBlock& block) {
    for (const auto& [file, head] : heads_) {
      if (head.block != block.number) continue;
      ++report_.snapshots;
      const bool same = head.digest == pipeline.digest() && head.chain == view(block.chain);
      if (!same) differs(file + ": it is not the state after block " + std::to_string(block.number), block.number);
    }
  }

  // The earliest block's is the first, and what has no block comes last: it follows from no event.
  void differs(std::string what, uint64_t block) {
    if (block == 0) block = UINT64_MAX;
    if (report_.difference_count++ == 0 || block < first_block_) {
      report_.first_difference = what;
      first_block_ = block;
    }
    if (report_.differences.size() < VerifyReport::kMaxDifferences) report_.differences.push_back(std::move(what));
  }

  // A damaged file is what we were asked to find; a disk that does not answer is not.
  Result<VerifyReport> differs_or_fails(const Error& error) {
    if (error.code == Code::kUnavailable) return Failure(error);
    differs(error.message, block_);
    report_.ok = false;
    return report_;
  }

  Reader& reader_;
  const Projector& projector_;
  RebuiltTables rebuilt_;
  std::vector<std::filesystem::path> snapshots_;
  std::vector<std::pair<std::string, SnapshotHead>> heads_;  // with their files
  uint64_t block_ = 0;                                       // at hand
  uint64_t first_block_ = 0;                                 // of the first difference
  VerifyReport report_;
  std::vector<Row> rows_;
};

}  // namespace

Result<VerifyReport> verify(Reader& reader, const Projector& projector, const std::filesystem::path& data) {
  Result<RebuiltTables> rebuilt = RebuiltTables::make();
  if (!rebuilt) return Failure(rebuilt.error());
  return Verification(reader, projector, std::move(*rebuilt), data).run();
}

}  // namespace quanzu::store
