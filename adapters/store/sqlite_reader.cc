#include "adapters/store/sqlite_reader.h"

#include <sqlite3.h>

#include "adapters/store/row_cipher.h"
#include "adapters/store/schema.h"
#include "adapters/store/seal.h"

namespace quanzu::store {
namespace {

constexpr int kStepsBetweenChecks = 1000;  // of SQLite's virtual machine: some tens of microseconds

Failure damaged(uint64_t block, std::string_view what) {
  return fail(Code::kInternal, "journal block " + std::to_string(block) + ": " + std::string(what));
}

}  // namespace

Result<std::unique_ptr<Reader>> open_reader(const DataFolder& folder, const std::string& vfs) {
  const std::filesystem::path path = database_path(folder.path());
  if (!std::filesystem::exists(path)) {
    return fail(Code::kUnavailable,
                path.string() + ": no data here; name the folder that `quanzud serve` uses with --data");
  }
  Result<Database> database = Database::open(path.string(), Database::Mode::kReadOnly, vfs);
  if (!database) return Failure(database.error());
  database->set_busy_timeout(std::chrono::seconds(5));
  if (Result<void> known = check_schema(*database); !known) {
    return fail(known.error().code, path.string() + ": " + known.error().message);
  }
  return std::make_unique<SqliteReader>(std::move(*database), folder.key_file());
}

// Resets the statement whatever way the function is left, which ends its implicit transaction.
class SqliteReader::InUse {
 public:
  InUse(SqliteReader& reader, Statement& statement) : statement_(statement) {
    if (!reader.inside_) reader.start_clock();
  }
  ~InUse() { statement_.reset(); }
  InUse(const InUse&) = delete;
  InUse& operator=(const InUse&) = delete;

 private:
  Statement& statement_;
};

SqliteReader::SqliteReader(Database database, std::filesystem::path key_file)
    : database_(std::move(database)), keys_(database_, std::move(key_file)) {
  const auto late = [](void* self) -> int {
    const auto* reader = static_cast<const SqliteReader*>(self);
    return std::chrono::steady_clock::now() > reader->deadline_ ? 1 : 0;
  };
  sqlite3_progress_handler(database_.handle(), kStepsBetweenChecks, late, this);
}

SqliteReader::~SqliteReader() {
  sqlite3_progress_handler(database_.handle(), 0, nullptr, nullptr);
}

void SqliteReader::start_clock() {
  deadline_ =
      limit_.count() == 0 ? std::chrono::steady_clock::time_point::max() : std::chrono::steady_clock::now() + limit_;
}

Result<Statement*> SqliteReader::prepared(const std::string& sql) {
  const auto found = statements_.find(sql);
  if (found != statements_.end()) return &found->second;
  Result<Statement> statement = database_.prepare(sql);
  if (!statement) return Failure(statement.error());
  return &statements_.emplace(sql, std::move(*statement)).first->second;
}

Result<SqliteReader::Position> SqliteReader::position_before(uint64_t block) {
  Position at;
  if (block <= 1) return at;
  Result<Statement*> find = prepared("SELECT last_seq, chain FROM journal WHERE block = ?");
  if (!find) return Failure(find.error());
  Statement& statement = **find;
  const InUse use(*this, statement);
  statement.bind(1, static_cast<int64_t>(block - 1));
  Result<bool> row = statement.step();
  if (!row) return Failure(row.error());
  if (!*row) return damaged(block - 1, "is missing");
  const std::string_view chain = statement.bytes(1);
  if (chain.size() != at.chain.size()) return damaged(block - 1, "its chain hash has not 32 bytes");
  at.block = block - 1;
  at.last = static_cast<uint64_t>(statement.integer(0));
  std::copy(chain.begin(), chain.end(), at.chain.begin());
  return at;
}

namespace {

// Columns of read_journal, in the order of its query.
enum Column : int {
  kBlock,
  kFirst,
  kLast,
  kSignals,
  kEventsSize,
  kRawSize,
  kEventsHash,
  kRawHash,
  kChain,
  kEvents,
  kRaw
};

uint64_t number(const Statement& row, Column column) {
  return static_cast<uint64_t>(row.integer(column));
}

bool take_hash(const Statement& row, Column column, Hash& out) {
  const std::string_view bytes = row.bytes(column);
  if (bytes.size() != out.size()) return false;
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return true;
}

}  // namespace

Result<void> SqliteReader::open_part(uint64_t block, std::string_view name, std::string_view stored, const Hash& hash,
                                     const std::string& context, uint64_t size, std::string& out) {
  if (sha256(stored) != hash) {
    return damaged(block, std::string(name) + " differs from its hash: it was changed after it was written");
  }
  Result<void> opened = keys_.decrypt(Use::kBlock, context, stored, packed_);
  if (!opened && opened.error().code == Code::kUnavailable) return opened;
  if (opened) opened = unpack_part(packed_, size, out);
  if (!opened) return damaged(block, std::string(name) + ": " + opened.error().message);
  return {};
}

Result<void> SqliteReader::open_block(const Statement& row, Parts parts, Position& at, StoredBlock& block) {
  const uint64_t name = at.block + 1;
  if (number(row, kBlock) != name) return damaged(name, "is missing");
  Seal seal{name,
            Sequence(number(row, kFirst)),
            Sequence(number(row, kLast)),
            number(row, kSignals),
            number(row, kEventsSize),
            number(row, kRawSize),
            {},
            {}};
  Hash chain{};
  if (!take_hash(row, kEventsHash, seal.events_hash) || !take_hash(row, kRawHash, seal.raw_hash) ||
      !take_hash(row, kChain, chain)) {
    return damaged(name, "a hash has not 32 bytes");
  }
  if (seal.first.value() != at.last + 1 || seal.last < seal.first) {
    return damaged(name, "holds sequences " + std::to_string(seal.first.value()) + " to " +
                             std::to_string(seal.last.value()) + ", where " + std::to_string(at.last + 1) +
                             " comes next");
  }
  if (chain_of(at.chain, seal) != chain) {
    return damaged(name,
                   "its chain hash does not follow from its columns (block, first_seq, last_seq, signals, sizes, "
                   "events_hash, raw_hash) and the block before: one of them was changed");
  }
  if (Result<void> opened = open_part(name, "events", row.bytes(kEvents), seal.events_hash,
                                      part_context(at.chain, seal, Part::kEvents), seal.events_size, block.events);
      !opened) {
    return opened;
  }
  block.raw.clear();
  if (parts == Parts::kEventsAndRaw && !row.is_null(kRaw)) {
    if (Result<void> opened = open_part(name, "raw", row.bytes(kRaw), seal.raw_hash,
                                        part_context(at.chain, seal, Part::kRaw), seal.raw_size, block.raw);
        !opened) {
      return opened;
    }
  }
  block.number = name;
  block.first = seal.first;
  block.last = seal.last;
  block.signals = seal.signals;
  block.chain = chain;
  at = Position{name, seal.last.value(), chain};
  return {};
}

Result<Hash> SqliteReader::chain_at(uint64_t block) {
  const Result<Position> at = position_before(block + 1);
  if (!at) return Failure(at.error());
  return at->chain;
}

Result<void> SqliteReader::read_journal(BlockRange range, Parts parts,
                                        const std::function<Result<void>(const StoredBlock&)>& each) {
  const uint64_t from = range.from;
  Result<Position> at = position_before(from);
  if (!at) return Failure(at.error());
  std::string sql =
      "SELECT block, first_seq, last_seq, signals, events_size, raw_size, events_hash, raw_hash, chain, events";
  if (parts == Parts::kEventsAndRaw) sql += ", raw";
  Result<Statement*> rows = prepared(sql + " FROM journal WHERE block BETWEEN ? AND ? ORDER BY block");
  if (!rows) return Failure(rows.error());
  Statement& statement = **rows;
  const InUse use(*this, statement);
  // Whatever stands before block 1 is not ours: it shows as a missing block 1.
  statement.bind(1, from <= 1 ? INT64_MIN : static_cast<int64_t>(from));
  statement.bind(2, static_cast<int64_t>(range.to));
  StoredBlock block;
  for (;;) {
    Result<bool> row = statement.step();
    if (!row) return Failure(row.error());
    if (!*row) return {};
    if (Result<void> opened = open_block(statement, parts, *at, block); !opened) return opened;
    if (Result<void> taken = each(block); !taken) return taken;
  }
}

Result<std::optional<Row>> SqliteReader::get(Table table, const std::vector<Value>& key) {
  const TableInfo& info = table_info(table);
  ENSURE(key.size() == info.key_columns, "a key has the table's key columns");
  Result<Statement*> find =
      prepared("SELECT " + stored_columns(info) + " FROM " + std::string(info.name) + " WHERE " + key_condition(info));
  if (!find) return Failure(find.error());
  Statement& statement = **find;
  const InUse use(*this, statement);
  for (size_t i = 0; i < key.size(); ++i) statement.bind(static_cast<int>(i) + 1, key[i], info.types[i]);
  Result<bool> row = statement.step();
  if (!row) return Failure(row.error());
  if (!*row) return std::nullopt;
  Result<Row> found = read_row(table, statement, keys_);
  if (!found) return Failure(found.error());
  return std::move(*found);
}

Result<void> SqliteReader::scan(Table table, const std::function<Result<void>(const Row&)>& each) {
  const TableInfo& info = table_info(table);
  Result<Statement*> all =
      prepared("SELECT " + stored_columns(info) + " FROM " + std::string(info.name) + " ORDER BY " + key_order(info));
  if (!all) return Failure(all.error());
  Statement& statement = **all;
  const InUse use(*this, statement);
  for (;;) {
    Result<bool> row = statement.step();
    if (!row) return Failure(row.error());
    if (!*row) return {};
    const Result<Row> opened = read_row(table, statement, keys_);
    if (!opened) return Failure(opened.error());
    if (Result<void> taken = each(*opened); !taken) return taken;
  }
}

Result<std::vector<Row>> SqliteReader::select(Table table, std::string_view where, const std::vector<Value>& values,
                                              std::string_view order, size_t limit) {
  const TableInfo& info = table_info(table);
  std::string sql = "SELECT " + stored_columns(info) + " FROM " + std::string(info.name);
  if (!where.empty()) sql += " WHERE " + std::string(where);
  sql += " ORDER BY " + (order.empty() ? key_order(info) : std::string(order)) + " LIMIT ?";
  Result<Statement*> found = prepared(sql);
  if (!found) return Failure(found.error());
  Statement& statement = **found;
  const InUse use(*this, statement);
  int parameter = 0;
  for (const Value& value : values) statement.bind(++parameter, value);
  statement.bind(++parameter, static_cast<int64_t>(limit));
  return rows_of(table, statement);
}

Result<std::vector<Row>> SqliteReader::find(Table table, std::string_view value) {
  const TableInfo& info = table_info(table);
  ENSURE(info.looked_up, "this table has no column by which rows are found");
  const Result<const LookupKey*> lookup = keys_.lookup();
  if (!lookup) return Failure(lookup.error());
  Result<Statement*> found = prepared("SELECT " + stored_columns(info) + " FROM " + std::string(info.name) + " WHERE " +
                                      hash_column(info) + " = ? ORDER BY " + key_order(info));
  if (!found) return Failure(found.error());
  Statement& statement = **found;
  const InUse use(*this, statement);
  const std::string hash = (*lookup)->hash(value);
  statement.bind(1, std::string_view(hash), ColumnType::kBlob);
  return rows_of(table, statement);
}

Result<std::vector<Row>> SqliteReader::rows_of(Table table, Statement& statement) {
  std::vector<Row> rows;
  for (;;) {
    const Result<bool> row = statement.step();
    if (!row) return Failure(row.error());
    if (!*row) return rows;
    Result<Row> opened = read_row(table, statement, keys_);
    if (!opened) return Failure(opened.error());
    rows.push_back(std::move(*opened));
  }
}

Result<void> SqliteReader::begin() {
  ENSURE(!inside_, "begin() once, then end()");
  start_clock();
  // The transaction begins with its first read, so read something: the moment is now.
  Result<void> begun = database_.execute("BEGIN; SELECT 1 FROM journal LIMIT 1");
  if (!begun) {
    database_.rollback();
    return begun;
  }
  inside_ = true;
  return {};
}

void SqliteReader::end() {
  database_.rollback();
  inside_ = false;
}

}  // namespace quanzu::store
