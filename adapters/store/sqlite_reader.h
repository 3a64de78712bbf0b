// The store's Reader over a read-only connection of its own, for one thread. Checks every journal block before it hands it
// out: its place, its sequence numbers, the chain, and the hash of each part that is opened.
#pragma once
#include <filesystem>
#include <unordered_map>

#include "adapters/store/data_folder.h"
#include "adapters/store/hash.h"
#include "adapters/store/keyring.h"
#include "adapters/store/sqlite.h"
#include "adapters/store/store.h"

namespace quanzu::store {

// Of a folder whose server may be running or not; takes no lock. Errors: no data there, a file of another release. A missing
// master key is one when something encrypted is read.
Result<std::unique_ptr<Reader>> open_reader(const DataFolder& folder, const std::string& vfs = {});

class SqliteReader final : public Reader {
 public:
  SqliteReader(Database database, std::filesystem::path key_file);
  ~SqliteReader() override;

  using Reader::read_journal;
  Result<void> read_journal(BlockRange range, Parts parts,
                            const std::function<Result<void>(const StoredBlock&)>& each) override;
  Result<Hash> chain_at(uint64_t block) override;
  Result<std::optional<Row>> get(Table table, const std::vector<Value>& key) override;
  Result<void> scan(Table table, const std::function<Result<void>(const Row&)>& each) override;
  Result<std::vector<Row>> select(Table table, std::string_view where, const std::vector<Value>& values,
                                  std::string_view order, size_t limit) override;
  Result<std::vector<Row>> find(Table table, std::string_view value) override;
  Keyring& keyring() override { return keys_; }
  Result<void> begin() override;
  void end() override;
  void set_time_limit(std::chrono::milliseconds limit) override { limit_ = limit; }

 private:
  class InUse;  // a statement while it runs, under the time limit
  struct Position {
    uint64_t block = 0;
    uint64_t last = 0;  // sequence
    Hash chain{};
  };
  Result<Statement*> prepared(const std::string& sql);
  Result<Position> position_before(uint64_t block);
  Result<void> open_block(const Statement& row, Parts parts, Position& at, StoredBlock& block);
  Result<void> open_part(uint64_t block, std::string_view name, std::string_view stored, const Hash& hash,
                         const std::string& context, uint64_t size, std::string& out);
  Result<std::vector<Row>> rows_of(Table table, Statement& statement);
  void start_clock();

  Database database_;
  Keyring keys_;
  std::string packed_;  // reused from part to part
  std::unordered_map<std::string, Statement> statements_;
  std::chrono::milliseconds limit_{0};  // 0: none
  std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
  bool inside_ = false;  // between begin() and end()
};

}  // namespace quanzu::store
