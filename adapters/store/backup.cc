#include "adapters/store/backup.h"

#include <sqlite3.h>

#include <algorithm>

#include "adapters/store/data_folder.h"
#include "adapters/store/files.h"
#include "adapters/store/keyring.h"
#include "adapters/store/schema.h"
#include "adapters/store/snapshot.h"

namespace quanzu::store {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPiece = size_t{16} << 20;  // well below what SQLite takes as one value

// The copy is written beside its name and flushed at the end, so nothing of it needs a journal before.
constexpr const char* kUnjournaled = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;";

constexpr const char* kKeptFiles =
    "CREATE TABLE kept_files(path TEXT NOT NULL, part INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY(path, part)) "
    "STRICT";

// A database with what a process that was killed may have left beside it, which would be taken for the next one's.
void remove_database(const fs::path& file) {
  std::error_code ignored;
  for (const char* end : {"", "-journal", "-wal", "-shm"}) fs::remove(file.string() + end, ignored);
}

struct Position {
  uint64_t blocks = 0;
  Sequence sequence;
};

Result<Position> position_of(const Database& database) {
  const Result<int64_t> blocks = database.integer("SELECT coalesce(max(block), 0) FROM journal");
  if (!blocks) return Failure(blocks.error());
  const Result<int64_t> last = database.integer("SELECT coalesce(max(last_seq), 0) FROM journal");
  if (!last) return Failure(last.error());
  return Position{static_cast<uint64_t>(*blocks), Sequence(static_cast<uint64_t>(*last))};
}

Result<void> keep(Statement& insert, const std::string& path, std::string_view bytes) {
  int64_t part = 0;
  do {
    insert.bind(1, std::string_view(path), ColumnType::kText);
    insert.bind(2, part++);
    insert.bind(3, bytes.substr(0, kPiece), ColumnType::kBlob);
    if (Result<void> done = insert.run(); !done) return done;
    bytes.remove_prefix(std::min(kPiece, bytes.size()));
  } while (!bytes.empty());
  return {};
}

// The newest snapshot that is not ahead of the copy.
Result<uint64_t> keep_snapshot(Statement& insert, const fs::path& data, uint64_t blocks) {
  for (const fs::path& file : find_snapshots(data)) {
    const Result<std::string> bytes = read_file(file);
    if (!bytes) continue;  // removed meanwhile: the follower keeps two
    const Result<SnapshotHead> head = read_snapshot_head(*bytes);
    if (!head || head->block > blocks) continue;
    Result<void> kept = keep(insert, "snapshots/" + file.filename().string(), *bytes);
    if (!kept) return Failure(kept.error());
    return head->block;
  }
  return 0;
}

Result<void> keep_packs(Statement& insert, const fs::path& data) {
  std::error_code error;
  for (fs::recursive_directory_iterator at(data / "packs", error), end; !error && at != end; at.increment(error)) {
    if (!at->is_regular_file()) continue;
    const std::string path = at->path().lexically_relative(data).generic_string();
    if (path.starts_with("packs/half/")) continue;  // being written
    const Result<std::string> bytes = read_file(at->path());
    if (!bytes) return Failure(bytes.error());
    if (Result<void> kept = keep(insert, path, *bytes); !kept) return kept;
  }
  return {};
}

// A path that stays inside the folder.
bool stays_inside(const fs::path& path) {
  return path.is_relative() && !path.empty() &&
         std::none_of(path.begin(), path.end(), [](const fs::path& part) { return part == ".."; });
}

Result<uint64_t> write_kept_files(const Database& backup, const fs::path& data) {
  Result<Statement> rows = backup.prepare("SELECT path, bytes FROM kept_files ORDER BY path, part");
  if (!rows) return Failure(rows.error());
  uint64_t files = 0;
  std::string path;
  std::string bytes;
  const auto write = [&]() -> Result<void> {
    if (path.empty()) return {};
    std::error_code ignored;
    fs::create_directories((data / path).parent_path(), ignored);
    ++files;
    return write_durably(data / path, bytes);
  };
  for (;;) {
    Result<bool> row = rows->step();
    if (!row) return Failure(row.error());
    if (*row && rows->bytes(0) == path) {
      bytes += rows->bytes(1);
      continue;
    }
    if (Result<void> written = write(); !written) return Failure(written.error());
    if (!*row) return files;
    path = rows->bytes(0);
    bytes = rows->bytes(1);
    if (!stays_inside(path)) return fail(Code::kInternal, "the backup names a file outside of the folder: " + path);
  }
}

// A whole database into another file, which is durable when this returns.
Result<void> copy_database(const Database& source, const fs::path& file) {
  Result<Database> target = Database::open(file.string(), Database::Mode::kReadWriteCreate);
  if (!target) return Failure(target.error());
  if (Result<void> set = target->execute(kUnjournaled); !set) return set;
  sqlite3_backup* copy = sqlite3_backup_init(target->handle(), "main", source.handle(), "main");
  if (copy != nullptr) sqlite3_backup_step(copy, -1);
  if (sqlite3_backup_finish(copy) != SQLITE_OK) return Failure(target->last_error());
  return target->execute("PRAGMA synchronous=FULL; PRAGMA journal_mode=DELETE; DROP TABLE IF EXISTS kept_files");
}

}  // namespace

void Backup::End::operator()(sqlite3_backup* copy) const {
  sqlite3_backup_finish(copy);
}

Result<Backup> Backup::begin(const Database& source, const fs::path& file) {
  std::error_code error;
  if (fs::exists(file, error)) {
    return fail(Code::kAlreadyExists, file.string() + " is there already: a backup overwrites nothing, name another");
  }
  remove_database(file.string() + ".tmp");
  Result<Database> target = Database::open(file.string() + ".tmp", Database::Mode::kReadWriteCreate);
  if (!target) return Failure(target.error());
  if (Result<void> set = target->execute(kUnjournaled); !set) return Failure(set.error());
  Backup backup(std::move(*target), file);
  backup.copy_.reset(sqlite3_backup_init(backup.target_->handle(), "main", source.handle(), "main"));
  if (backup.copy_ == nullptr) return Failure(backup.target_->last_error());
  return backup;
}

Backup::~Backup() {
  if (file_.empty()) return;
  copy_.reset();
  target_.reset();
  remove_database(beside());
}

Result<bool> Backup::step(int pages) {
  const int rc = sqlite3_backup_step(copy_.get(), pages);
  if (rc == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED) return false;
  const bool done = rc == SQLITE_DONE;
  const int ended = sqlite3_backup_finish(copy_.release());
  if (done && ended == SQLITE_OK) return true;
  return Failure(target_->last_error());
}

Result<BackupReport> Backup::finish(const fs::path& data) {
  ENSURE(copy_ == nullptr, "all pages are copied");
  // Opened anew, since the copied header says that there is a write-ahead log; a backup stands alone.
  target_.reset();
  Result<Database> opened = Database::open(beside().string(), Database::Mode::kReadWriteCreate);
  if (!opened) return Failure(opened.error());
  target_ = std::move(*opened);
  Result<void> begun =
      target_->execute(std::string("PRAGMA synchronous=FULL; PRAGMA journal_mode=DELETE; BEGIN;") + kKeptFiles);
  if (!begun) return Failure(begun.error());
  const Result<Position> position = position_of(*target_);
  if (!position) return Failure(position.error());
  BackupReport report{file_.string(), position->blocks, position->sequence, 0, 0};
  {
    Result<Statement> insert = target_->prepare("INSERT INTO kept_files(path, part, bytes) VALUES(?, ?, ?)");
    if (!insert) return Failure(insert.error());
    const Result<uint64_t> snapshot = keep_snapshot(*insert, data, position->blocks);
    if (!snapshot) return Failure(snapshot.error());
    report.snapshot = *snapshot;
    if (Result<void> kept = keep_packs(*insert, data); !kept) return Failure(kept.error());
  }
  if (Result<void> committed = target_->execute("COMMIT"); !committed) return Failure(committed.error());
  target_.reset();
  if (Result<void> renamed = rename_durably(beside(), file_); !renamed) return Failure(renamed.error());
  std::error_code ignored;
  report.bytes = fs::file_size(file_, ignored);
  file_.clear();
  return report;
}

Result<BackupReport> back_up_folder(const fs::path& data, const fs::path& file) {
  if (!fs::exists(database_path(data))) {
    return fail(Code::kUnavailable,
                database_path(data).string() + ": no data here; name the folder that `quanzud serve` uses with --data");
  }
  const Result<FolderLock> lock = FolderLock::acquire(data);
  if (!lock) return Failure(lock.error());
  Result<Database> source = Database::open(database_path(data).string(), Database::Mode::kReadWriteCreate);
  if (!source) return Failure(source.error());
  if (Result<void> known = check_schema(*source); !known) return Failure(known.error());
  Result<Backup> backup = Backup::begin(*source, file);
  if (!backup) return Failure(backup.error());
  const Result<bool> copied = backup->step(-1);
  if (!copied) return Failure(copied.error());
  return backup->finish(data);
}

Result<RestoreReport> restore_folder(const fs::path& file, const DataFolder& folder) {
  const fs::path& data = folder.path();
  std::error_code error;
  if (fs::exists(data, error) && !fs::is_empty(data, error)) {
    return fail(Code::kFailedPrecondition,
                data.string() + " is not empty: a backup is restored into a new folder, name one with --data");
  }
  Result<Database> backup = Database::open(file.string(), Database::Mode::kReadOnly);
  if (!backup) return Failure(backup.error());
  const Result<int64_t> schema = schema_of(*backup);
  if (!schema) return fail(schema.error().code, file.string() + ": " + schema.error().message);
  if (*schema == kSchemaVersion) {  // an older one is upgraded when the folder is opened
    Keyring keys(*backup, folder.key_file());
    const Result<const LookupKey*> opened = keys.lookup();
    if (!opened) return fail(opened.error().code, file.string() + ": " + opened.error().message);
  }
  const Result<Position> position = position_of(*backup);
  if (!position) return Failure(position.error());
  const Result<FolderLock> lock = FolderLock::acquire(data);
  if (!lock) return Failure(lock.error());
  const Result<uint64_t> files = write_kept_files(*backup, data);
  if (!files) return Failure(files.error());
  // Last and by a rename: a folder that was restored half has no database.
  const fs::path half = database_path(data).string() + ".tmp";
  remove_database(half);
  if (Result<void> copied = copy_database(*backup, half); !copied) return Failure(copied.error());
  if (Result<void> renamed = rename_durably(half, database_path(data)); !renamed) return Failure(renamed.error());
  return RestoreReport{position->blocks, position->sequence, *files};
}

}  // namespace quanzu::store
