#include "adapters/store/sqlite_store.h"

#include <spdlog/spdlog.h>

#include "adapters/store/schema.h"
#include "adapters/store/sqlite_reader.h"
#include "adapters/store/upgrade.h"

namespace quanzu::store {
namespace {

// Somebody with a SQLite shell may hold the file for a while; nothing is written yet, so waiting is safe.
constexpr std::chrono::seconds kPatience{60};

// cache_size (KiB, negative) holds a block's dirty pages, which would spill into the log before the commit otherwise.
constexpr const char* kPragmas =
    "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-32768; PRAGMA "
    "journal_size_limit=67108864;"
    "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;";

Result<void> enter_wal_mode(const Database& database) {
  Result<Statement> statement = database.prepare("PRAGMA journal_mode=WAL");
  if (!statement) return Failure(statement.error());
  Result<bool> row = statement->step();
  if (!row) return Failure(row.error());
  if (!*row || statement->bytes(0) != "wal") {
    return fail(Code::kUnavailable,
                "the file system has no shared memory for SQLite's write-ahead log: put the data "
                "folder on a local disk");
  }
  return {};
}

Failure at(const std::filesystem::path& path, Error error) {
  if (error.message.find(path.string()) == std::string::npos) error.message = path.string() + ": " + error.message;
  return Failure(std::move(error));
}

}  // namespace

SqliteStore::SqliteStore(FolderLock lock, DataFolder folder, std::string vfs, Database writer)
    : lock_(std::move(lock)), folder_(std::move(folder)), vfs_(std::move(vfs)), writer_(std::move(writer)) {}

SqliteStore::~SqliteStore() = default;

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const DataFolder& folder, SqliteOptions options) {
  Result<FolderLock> lock = FolderLock::acquire(folder.path());
  if (!lock) return Failure(lock.error());
  const std::filesystem::path path = database_path(folder.path());
  Result<Database> writer = Database::open(path.string(), Database::Mode::kReadWriteCreate, options.vfs);
  if (!writer) return Failure(writer.error());
  Result<Database> checkpoints = Database::open(path.string(), Database::Mode::kReadWriteCreate, options.vfs);
  if (!checkpoints) return Failure(checkpoints.error());
  writer->set_busy_timeout(kPatience);

  Result<void> ready = writer->execute(kPragmas);
  if (ready) ready = enter_wal_mode(*writer);
  if (ready) ready = make_or_upgrade(*writer, folder, options.projector);
  if (ready) ready = checkpoints->execute(kPragmas);
  if (!ready) return at(path, ready.error());
  Result<int64_t> page_size = writer->integer("PRAGMA page_size");
  if (!page_size) return at(path, page_size.error());

  std::unique_ptr<SqliteStore> store(new SqliteStore(std::move(*lock), folder, options.vfs, std::move(*writer)));
  ready = store->load_position();
  if (ready) ready = store->prepare();
  if (!ready) return at(path, ready.error());
  if (!options.checkpoints.warn) {
    options.checkpoints.warn = [](const std::string& text) { spdlog::warn("store: {}", text); };
  }
  store->checkpointer_ =
      std::make_unique<Checkpointer>(std::move(*checkpoints), *page_size, std::move(options.checkpoints));
  return store;
}

Result<void> SqliteStore::load_position() {
  Result<Statement> last = writer_.prepare("SELECT block, last_seq, chain FROM journal ORDER BY block DESC LIMIT 1");
  if (!last) return Failure(last.error());
  Result<bool> row = last->step();
  if (!row) return Failure(row.error());
  if (!*row) return {};
  const std::string_view chain = last->bytes(2);
  if (chain.size() != chain_.size()) {
    return fail(Code::kInternal, "journal block " + std::to_string(last->integer(0)) +
                                     ": its chain hash has not 32 bytes; run `quanzud verify`");
  }
  last_block_ = static_cast<uint64_t>(last->integer(0));
  last_sequence_ = Sequence(static_cast<uint64_t>(last->integer(1)));
  std::copy(chain.begin(), chain.end(), chain_.begin());
  return {};
}

// With a fresh data key each start: nonces count from one, and this folder may be the copy of one that counts as well.
Result<void> SqliteStore::prepare() {
  Result<WritingKeys> keys = make_writing_keys(writer_, folder_.key_file(), last_block_ + 1);
  if (!keys) return Failure(keys.error());
  snapshots_.emplace(keys->data, Use::kSnapshot);
  Result<JournalWriter> journal = JournalWriter::make(writer_, keys->data);
  if (!journal) return Failure(journal.error());
  journal_.emplace(std::move(*journal));
  Result<TableWriter> tables = TableWriter::make(writer_, keys->data, std::move(keys->lookup));
  if (!tables) return Failure(tables.error());
  tables_.emplace(std::move(*tables));
  for (const auto& [sql, into] : {std::pair("BEGIN IMMEDIATE", &begin_), std::pair("COMMIT", &commit_)}) {
    Result<Statement> statement = writer_.prepare(sql);
    if (!statement) return Failure(statement.error());
    into->emplace(std::move(*statement));
  }
  return {};
}

Result<void> SqliteStore::commit(const Block& block) {
  if (failed_) {
    Error error = *failed_;
    error.message = "nothing is written since an earlier commit failed; restart to go on. " + error.message;
    return Failure(std::move(error));
  }
  ENSURE(block.first.value() == last_sequence_.value() + 1 && block.last >= block.first, "blocks follow one another");
  Hash chain = chain_;
  if (Result<void> written = write(block, chain); !written) {
    // Whether it is on disk is unknown, and a second flush may claim success for pages that the first one lost: the
    // process must start again and read what is there.
    writer_.rollback();
    writer_.keep_wal_on_close();
    failed_ = written.error();
    return written;
  }
  chain_ = chain;
  last_sequence_ = block.last;
  ++last_block_;
  checkpointer_->after_commit(writer_);
  return {};
}

Result<void> SqliteStore::write(const Block& block, Hash& chain) {
  if (Result<void> begun = begin_->run(); !begun) return begun;
  if (Result<void> inserted = journal_->insert(block, last_block_ + 1, chain); !inserted) return inserted;
  for (const Row& row : block.rows) {
    if (Result<void> put = tables_->put(row); !put) return put;
  }
  return commit_->run();
}

Result<std::unique_ptr<Reader>> SqliteStore::reader() const {
  return open_reader(folder_, vfs_);
}

}  // namespace quanzu::store
