// Rows on their way to the tables and back: a confidential column lies there encrypted, tied to its table, row and column, so
// that it opens nowhere else; a column that is looked up has the hash of its value beside it, in COLUMN_key. Serves one thread.
#pragma once
#include <string>
#include <vector>

#include "adapters/store/keyring.h"
#include "adapters/store/sqlite.h"

namespace quanzu::store {

class RowWriter {
 public:
  RowWriter(const DataKey& key, LookupKey lookup) : columns_(key, Use::kColumn), lookup_(std::move(lookup)) {}

  // Binds a row to the parameters of upsert() (adapters/store/schema.h); the number of the last. The bytes are kept here and in
  // the row until the next call.
  int bind(const Row& row, Statement& statement);

 private:
  Encryptor columns_;
  LookupKey lookup_;
  std::vector<std::string> encrypted_;  // by column; reused from row to row
  std::string context_;
  std::string hash_;
};

// The present row of a statement over stored_columns() (adapters/store/schema.h). Errors: kInternal naming table, row and the
// column that does not decrypt, or whose hash is another value's; those of the keyring.
Result<Row> read_row(Table table, const Statement& statement, Keyring& keys);

// "table cases, row case_id=3": keys are never confidential.
std::string row_name(const TableInfo& table, const std::vector<Value>& row);

}  // namespace quanzu::store
