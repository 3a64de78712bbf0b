// The tables as the journal gives them, gathered during a replay and then compared with the stored ones. They lie in a
// private temporary SQLite file, not in memory: alerts and rejects grow with the years.
#pragma once
#include <functional>

#include "adapters/store/sqlite.h"

namespace quanzu::store {

class RebuiltTables {
 public:
  static Result<RebuiltTables> make();

  Result<void> put(const Row& row);
  // Both ways, in key order, column by column. `differs` gets a message for each difference that names table, row and column.
  Result<void> compare(Table table, Reader& stored, const std::function<void(std::string)>& differs);

 private:
  explicit RebuiltTables(Database database) : database_(std::move(database)) {}
  Database database_;
  std::vector<Statement> upserts_;  // by table
};

}  // namespace quanzu::store
