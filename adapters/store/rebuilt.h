// The tables as the journal gives them, gathered during a replay and then compared with the stored ones. They lie in a
// private temporary SQLite file, not in memory: alerts and rejects grow with the years; encrypted as the stored ones are, under
// keys that nobody keeps.
#pragma once
#include <functional>

#include "adapters/store/row_cipher.h"
#include "adapters/store/sqlite.h"

namespace quanzu::store {

class RebuiltTables {
 public:
  static Result<RebuiltTables> make();

  // What differs, and the block that wrote the row last; 0 where the journal has no such row.
  using Differs = std::function<void(std::string, uint64_t block)>;

  // A row that this block writes.
  Result<void> put(const Row& row, uint64_t block);
  // Both ways, in key order, column by column. `differs` gets a message for each difference that names table, row, column and
  // block.
  Result<void> compare(Table table, Reader& stored, const Differs& differs);

 private:
  RebuiltTables(Database database, const DataKey& data, const LookupKey& lookup)
      : database_(std::move(database)), keys_(data, lookup), rows_(data, lookup) {}
  Database database_;
  Keyring keys_;
  RowWriter rows_;
  std::vector<Statement> upserts_;  // by table
};

}  // namespace quanzu::store
