#include "adapters/store/sqlite_store.h"

#include <spdlog/spdlog.h>

#include "adapters/store/schema.h"
#include "adapters/store/seal.h"
#include "adapters/store/sqlite_reader.h"

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

SqliteStore::SqliteStore(FolderLock lock, std::filesystem::path folder, std::string vfs, Database writer)
    : lock_(std::move(lock)), folder_(std::move(folder)), vfs_(std::move(vfs)), writer_(std::move(writer)) {}

SqliteStore::~SqliteStore() = default;

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::filesystem::path& folder, SqliteOptions options) {
  Result<FolderLock> lock = FolderLock::acquire(folder);
  if (!lock) return Failure(lock.error());
  const std::filesystem::path path = database_path(folder);
  Result<Database> writer = Database::open(path.string(), Database::Mode::kReadWriteCreate, options.vfs);
  if (!writer) return Failure(writer.error());
  Result<Database> checkpoints = Database::open(path.string(), Database::Mode::kReadWriteCreate, options.vfs);
  if (!checkpoints) return Failure(checkpoints.error());
  writer->set_busy_timeout(kPatience);

  Result<void> ready = writer->execute(kPragmas);
  if (ready) ready = enter_wal_mode(*writer);
  if (ready) ready = migrate(*writer);
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

Result<void> SqliteStore::prepare() {
  const auto prepare = [this](std::string_view sql, std::optional<Statement>& into) -> Result<void> {
    Result<Statement> statement = writer_.prepare(sql);
    if (!statement) return Failure(statement.error());
    into.emplace(std::move(*statement));
    return {};
  };
  Result<void> done = prepare("BEGIN IMMEDIATE", begin_);
  if (done) done = prepare("COMMIT", commit_);
  if (done) {
    done = prepare(
        "INSERT INTO journal(block, first_seq, last_seq, signals, events_size, raw_size, events_hash, raw_hash, "
        "chain, events, raw) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        insert_journal_);
  }
  for (size_t i = 0; i < kTableCount && done; ++i)
    done = prepare(upsert(table_info(static_cast<Table>(i))), upserts_[i]);
  return done;
}

Result<void> SqliteStore::commit(const Block& block) {
  if (failed_) {
    Error error = *failed_;
    error.message = "nothing is written since an earlier commit failed; restart to go on. " + error.message;
    return Failure(std::move(error));
  }
  ENSURE(block.first.value() == last_sequence_.value() + 1 && block.last >= block.first, "blocks follow one another");
  Hash chain{};
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
  pack_part(block.events, packed_events_);
  pack_part(block.raw, packed_raw_);
  if (Result<void> begun = begin_->run(); !begun) return begun;
  if (Result<void> inserted = insert_journal(block, chain); !inserted) return inserted;
  for (const Row& row : block.rows) {
    if (Result<void> upserted = upsert_row(row); !upserted) return upserted;
  }
  return commit_->run();
}

Result<void> SqliteStore::insert_journal(const Block& block, Hash& chain) {
  const Seal seal{last_block_ + 1,        block.first,         block.last,
                  block.signals,          block.events.size(), block.raw.size(),
                  sha256(packed_events_), sha256(packed_raw_)};
  chain = chain_of(chain_, seal);
  Statement& insert = *insert_journal_;
  int parameter = 0;
  for (const uint64_t number :
       {seal.number, seal.first.value(), seal.last.value(), seal.signals, seal.events_size, seal.raw_size}) {
    insert.bind(++parameter, static_cast<int64_t>(number));
  }
  for (const std::string_view bytes : {view(seal.events_hash), view(seal.raw_hash), view(chain),
                                       std::string_view(packed_events_), std::string_view(packed_raw_)}) {
    insert.bind(++parameter, bytes, ColumnType::kBlob);
  }
  return insert.run();
}

Result<void> SqliteStore::upsert_row(const Row& row) {
  const TableInfo& info = table_info(row.table);
  ENSURE(row.values.size() == info.columns.size(), "a row has all of its table's columns");
  Statement& statement = *upserts_[static_cast<size_t>(row.table)];
  for (size_t i = 0; i < row.values.size(); ++i) statement.bind(static_cast<int>(i) + 1, row.values[i], info.types[i]);
  return statement.run();
}

Result<std::unique_ptr<Reader>> SqliteStore::reader() const {
  return open_reader(folder_, vfs_);
}

}  // namespace quanzu::store
