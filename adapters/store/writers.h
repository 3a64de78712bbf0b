// What a commit is made of, inside a transaction that somebody else begins and ends: a block of the journal, packed, encrypted,
// hashed and chained, and the rows of the tables. The store's on every commit; the upgrade's of a whole file. One thread.
#pragma once
#include <array>

#include "adapters/store/hash.h"
#include "adapters/store/row_cipher.h"

namespace quanzu::store {

class JournalWriter {
 public:
  // The database is borrowed.
  static Result<JournalWriter> make(const Database& database, const DataKey& key);
  // As block `number`; `chain` is the block's before it, and then this one's.
  Result<void> insert(const Block& block, uint64_t number, Hash& chain);

 private:
  JournalWriter(Statement insert, const DataKey& key) : insert_(std::move(insert)), blocks_(key, Use::kBlock) {}

  Statement insert_;
  Encryptor blocks_;
  std::string packed_;  // reused from part to part
  std::string events_;  // as stored; reused from block to block
  std::string raw_;
};

class TableWriter {
 public:
  static Result<TableWriter> make(const Database& database, const DataKey& key, LookupKey lookup);
  Result<void> put(const Row& row);

 private:
  TableWriter(const DataKey& key, LookupKey lookup) : rows_(key, std::move(lookup)) {}

  std::vector<Statement> upserts_;  // by table
  RowWriter rows_;
};

}  // namespace quanzu::store
