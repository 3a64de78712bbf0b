// Backups: the journal and the tables of a moment, the newest snapshot and the packs that were live, as one SQLite file that
// stands alone. Copied in slices on the writer's own connection, between two commits: the copy of another connection would
// begin again at each commit. Restoring makes a data folder of it.
//
//   FILE := the tables of quanzu.db, and kept_files(path, part, bytes): snapshots/..., packs/HASH/..., in pieces of 16 MiB
#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "adapters/store/data_folder.h"
#include "adapters/store/sqlite.h"

struct sqlite3_backup;

namespace quanzu::store {

struct BackupReport {
  std::string file;
  uint64_t blocks = 0;
  Sequence sequence;  // of the last event in it
  uint64_t bytes = 0;
  uint64_t snapshot = 0;  // the block of the snapshot in it; 0: none
};

class Backup {
 public:
  // Errors: kAlreadyExists where the file is there; kUnavailable where it can't be made. Like step(), on the thread that
  // `source` belongs to, while it is in no transaction.
  static Result<Backup> begin(const Database& source, const std::filesystem::path& file);
  Backup(Backup&&) = default;
  Backup& operator=(Backup&&) = default;
  ~Backup();  // removes what was written, unless it is finished

  // Copies so many pages; true when all are copied. An error ends the backup.
  Result<bool> step(int pages);
  // Any thread, after the last step: adds the files of the data folder, flushes, gives the file its name.
  Result<BackupReport> finish(const std::filesystem::path& data);

 private:
  struct End {
    void operator()(sqlite3_backup* copy) const;
  };
  Backup(Database target, std::filesystem::path file) : target_(std::move(target)), file_(std::move(file)) {}
  std::filesystem::path beside() const { return file_.string() + ".tmp"; }

  std::optional<Database> target_;
  std::filesystem::path file_;                 // empty once it is finished, or moved from
  std::unique_ptr<sqlite3_backup, End> copy_;  // before target_ goes
};

// Of a folder that no server has. Errors also: those of the lock.
Result<BackupReport> back_up_folder(const std::filesystem::path& data, const std::filesystem::path& file);

struct RestoreReport {
  uint64_t blocks = 0;
  Sequence sequence;
  uint64_t files = 0;  // snapshots and packs
};

// Makes the folder, which must be empty or missing. Checks that the file is one of ours; whether what it holds is sound is
// for verify() to say. Errors: kFailedPrecondition where the folder is not empty; kInternal where the file is no backup;
// kUnavailable where its master key is missing, before anything is made.
Result<RestoreReport> restore_folder(const std::filesystem::path& file, const DataFolder& folder);

}  // namespace quanzu::store
