// The store on SQLite: a database in write-ahead mode under DIR/quanzu.db, with synchronous=FULL, so a commit that
// returned has been flushed. One process (DIR/lock), one writing thread (the committer's).
#pragma once
#include <filesystem>
#include <optional>

#include "adapters/store/checkpointer.h"
#include "adapters/store/data_folder.h"
#include "adapters/store/hash.h"
#include "adapters/store/sqlite.h"
#include "adapters/store/writers.h"

namespace quanzu::store {

struct SqliteOptions {
  std::string vfs;                     // SQLite's file layer; tests inject faults there
  Checkpointer::Settings checkpoints;  // warn: to the log where empty
  Projector projector;                 // upgrades an older file; empty: it is refused
};

class SqliteStore final : public Store {
 public:
  // Makes the folder, the file and the key file where there are none, and upgrades an older file. Errors, kUnavailable: the
  // folder is in use or can't be written, or its master key is missing; kFailedPrecondition: a file of a newer release, of
  // another program, or of an older release where no projector was given.
  static Result<std::unique_ptr<SqliteStore>> open(const DataFolder& folder, SqliteOptions options = {});
  ~SqliteStore() override;

  Result<void> commit(const Block& block) override;
  Result<std::unique_ptr<Reader>> reader() const override;
  uint64_t last_block() const override { return last_block_; }
  uint64_t wal_bytes() const override { return checkpointer_->wal_bytes(); }
  Sequence last_sequence() const { return last_sequence_; }
  // The writing thread's, between two commits.
  const Database& writer() const { return writer_; }
  Checkpointer& checkpointer() { return *checkpointer_; }
  // Under this store's own data key. For one thread at a time, which need not be the writing one.
  Encryptor& snapshot_encryptor() { return *snapshots_; }

 private:
  SqliteStore(FolderLock lock, DataFolder folder, std::string vfs, Database writer);
  Result<void> prepare();
  Result<void> load_position();
  Result<void> write(const Block& block, Hash& chain);

  FolderLock lock_;  // before the connections, so that it is let go last
  DataFolder folder_;
  std::string vfs_;
  Database writer_;
  std::unique_ptr<Checkpointer> checkpointer_;
  std::optional<Statement> begin_;
  std::optional<Statement> commit_;
  std::optional<JournalWriter> journal_;
  std::optional<TableWriter> tables_;
  std::optional<Encryptor> snapshots_;

  uint64_t last_block_ = 0;
  Sequence last_sequence_;
  Hash chain_{};
  std::optional<Error> failed_;  // the first failed commit: nothing is written after it
};

}  // namespace quanzu::store
