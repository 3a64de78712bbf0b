#include "adapters/store/rebuilt.h"

#include <algorithm>

#include "adapters/store/schema.h"

namespace quanzu::store {
namespace {

// A value for a message: short, and nothing of a person's.
std::string shown(const Value& value, bool confidential) {
  if (std::holds_alternative<std::monostate>(value)) return "null";
  if (const auto* number = std::get_if<int64_t>(&value)) return std::to_string(*number);
  const std::string& text = std::get<std::string>(value);
  constexpr size_t kShown = 60;
  if (!confidential && text.size() <= kShown) return '"' + text + '"';
  // A hash of a number would be as good as the number.
  return std::to_string(text.size()) + " bytes";
}

std::string first_differing_byte(const Value& a, const Value& b) {
  const auto* x = std::get_if<std::string>(&a);
  const auto* y = std::get_if<std::string>(&b);
  if (x == nullptr || y == nullptr) return {};
  const auto at = std::mismatch(x->begin(), x->end(), y->begin(), y->end()).first - x->begin();
  return " (from byte " + std::to_string(at) + " on)";
}

class Comparison {
 public:
  Comparison(Table table, Statement& rebuilt, Keyring& keys, const RebuiltTables::Differs& differs)
      : table_(table), info_(table_info(table)), rebuilt_(rebuilt), keys_(keys), differs_(differs) {}

  Result<void> advance() {
    Result<bool> row = rebuilt_.step();
    if (!row) return Failure(row.error());
    expected_.reset();
    if (!*row) return {};
    Result<Row> opened = read_row(table_, rebuilt_, keys_);
    if (!opened) return Failure(opened.error());
    expected_ = std::move(opened->values);
    block_ =
        static_cast<uint64_t>(rebuilt_.integer(static_cast<int>(info_.columns.size() + (info_.looked_up ? 1 : 0))));
    return {};
  }

  Result<void> stored_row(const std::vector<Value>& stored) {
    while (expected_ && key_less(*expected_, stored)) {
      if (Result<void> next = missing(); !next) return next;
    }
    if (!expected_ || key_less(stored, *expected_)) {
      differs_(name(stored) + ": the table has it, the journal does not give it", 0);
      return {};
    }
    for (size_t i = info_.key_columns; i < stored.size(); ++i) {
      if (stored[i] != (*expected_)[i]) column_differs(i, stored, *expected_);
    }
    return advance();
  }

  // A stored row that does not decrypt: the rest of the table can't be told from it.
  void unreadable(const Error& error) { differs_(error.message + written_last(), block_); }

  Result<void> end_of_stored() {
    while (expected_) {
      if (Result<void> next = missing(); !next) return next;
    }
    return {};
  }

 private:
  Result<void> missing() {
    differs_(name(*expected_) + ": block " + std::to_string(block_) + " writes it, the table does not have it", block_);
    return advance();
  }

  void column_differs(size_t i, const std::vector<Value>& stored, const std::vector<Value>& expected) {
    const bool confidential = info_.confidential[i];
    differs_(name(stored) + ", column " + std::string(info_.columns[i]) + ": table has " +
                 shown(stored[i], confidential) + ", journal gives " + shown(expected[i], confidential) +
                 first_differing_byte(stored[i], expected[i]) + written_last(),
             block_);
  }

  std::string written_last() const { return ", written last by block " + std::to_string(block_); }

  // As SQLite orders the keys: integers by value, text by its bytes.
  bool key_less(const std::vector<Value>& a, const std::vector<Value>& b) const {
    const auto end = static_cast<std::ptrdiff_t>(info_.key_columns);
    return std::lexicographical_compare(a.begin(), a.begin() + end, b.begin(), b.begin() + end);
  }

  std::string name(const std::vector<Value>& row) const { return row_name(info_, row); }

  const Table table_;
  const TableInfo& info_;
  Statement& rebuilt_;
  Keyring& keys_;
  const RebuiltTables::Differs& differs_;
  std::optional<std::vector<Value>> expected_;  // the next row of the journal's
  uint64_t block_ = 0;                          // that wrote it last
};

// The server's statement, with one column more.
std::string upsert_by_block(const TableInfo& info) {
  std::string sql = upsert(info);
  const std::string columns = stored_columns(info);
  sql.replace(sql.find(columns), columns.size(), columns + ", written_by");
  sql.replace(sql.find(") ON CONFLICT"), 1, ", ?)");
  return sql + ", written_by = excluded.written_by";
}

}  // namespace

Result<RebuiltTables> RebuiltTables::make() {
  Result<Database> database = Database::open("", Database::Mode::kReadWriteCreate);
  if (!database) return Failure(database.error());
  // Nothing of it outlives the process, so nothing needs a journal or a flush.
  Result<void> ready = database->execute("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;" +
                                         std::string(table_definitions()) + "BEGIN");
  if (!ready) return Failure(ready.error());
  const DataKey key{static_cast<int64_t>(random_number() >> 1), SecretKey::random()};
  RebuiltTables tables(std::move(*database), key, LookupKey(SecretKey::random()));
  for (size_t i = 0; i < kTableCount; ++i) {
    Result<void> added = tables.database_.execute("ALTER TABLE " + std::string(table_info(static_cast<Table>(i)).name) +
                                                  " ADD COLUMN written_by INTEGER");
    if (!added) return Failure(added.error());
    Result<Statement> statement = tables.database_.prepare(upsert_by_block(table_info(static_cast<Table>(i))));
    if (!statement) return Failure(statement.error());
    tables.upserts_.push_back(std::move(*statement));
  }
  return tables;
}

Result<void> RebuiltTables::put(const Row& row, uint64_t block) {
  Statement& statement = upserts_[static_cast<size_t>(row.table)];
  const int last = rows_.bind(row, statement);
  statement.bind(last + 1, static_cast<int64_t>(block));
  return statement.run();
}

Result<void> RebuiltTables::compare(Table table, Reader& stored, const Differs& differs) {
  const TableInfo& info = table_info(table);
  Result<Statement> rebuilt = database_.prepare("SELECT " + stored_columns(info) + ", written_by FROM " +
                                                std::string(info.name) + " ORDER BY " + key_order(info));
  if (!rebuilt) return Failure(rebuilt.error());
  Comparison comparison(table, *rebuilt, keys_, differs);
  if (Result<void> begun = comparison.advance(); !begun) return begun;
  Result<void> scanned = stored.scan(table, [&](const Row& row) { return comparison.stored_row(row.values); });
  if (!scanned && scanned.error().code != Code::kInternal) return scanned;
  if (!scanned) return comparison.unreadable(scanned.error()), Result<void>();
  return comparison.end_of_stored();
}

}  // namespace quanzu::store
