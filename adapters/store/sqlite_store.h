// The store on SQLite: a database in write-ahead mode under DIR/quanzu.db, with synchronous=FULL, so a commit that
// returned has been flushed. One process (DIR/lock), one writing thread (the committer's).
#pragma once
#include <array>
#include <filesystem>
#include <optional>

#include "adapters/store/checkpointer.h"
#include "adapters/store/data_folder.h"
#include "adapters/store/hash.h"
#include "adapters/store/sqlite.h"

namespace quanzu::store {

struct SqliteOptions {
  std::string vfs;  // SQLite's file layer; tests inject faults there
  Checkpointer::Settings checkpoints;  // warn: to the log where empty
};

class SqliteStore final : public Store {
 public:
  // Makes the folder and the file where there are none, and migrates an older file. Errors, kUnavailable: the folder is in
  // use or can't be written; kFailedPrecondition: a file of a newer release or of another program.
  static Result<std::unique_ptr<SqliteStore>> open(const std::filesystem::path& folder, SqliteOptions options = {});
  ~SqliteStore() override;

  Result<void> commit(const Block& block) override;
  Result<std::unique_ptr<Reader>> reader() const override;
  uint64_t last_block() const override { return last_block_; }
  uint64_t wal_bytes() const override { return checkpointer_->wal_bytes(); }
  Sequence last_sequence() const { return last_sequence_; }
  // The writing thread's, between two commits.
  const Database& writer() const { return writer_; }
  Checkpointer& checkpointer() { return *checkpointer_; }

 private:
  SqliteStore(FolderLock lock, std::filesystem::path folder, std::string vfs, Database writer);
  Result<void> load_position();
  Result<void> prepare();
  Result<void> write(const Block& block, Hash& chain);
  Result<void> insert_journal(const Block& block, Hash& chain);
  Result<void> upsert_row(const Row& row);

  FolderLock lock_;  // before the connections, so that it is let go last
  std::filesystem::path folder_;
  std::string vfs_;
  Database writer_;
  std::unique_ptr<Checkpointer> checkpointer_;
  std::optional<Statement> begin_;
  std::optional<Statement> commit_;
  std::optional<Statement> insert_journal_;
  std::array<std::optional<Statement>, kTableCount> upserts_;
  std::string packed_events_;  // reused from block to block
  std::string packed_raw_;

  uint64_t last_block_ = 0;
  Sequence last_sequence_;
  Hash chain_{};
  std::optional<Error> failed_;  // the first failed commit: nothing is written after it
};

}  // namespace quanzu::store
