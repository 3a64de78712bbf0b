#include <unistd.h>

#include <fstream>

#include "adapters/store/journal.h"
#include "adapters/store/schema.h"
#include "adapters/store/sqlite_reader.h"
#include "tests/adapters/store_support.h"
#include "tests/catch.h"

namespace quanzu::store {
namespace {

using namespace testing;

Row meta(std::string key, std::string value) {
  return {Table::kMeta, {std::move(key), std::move(value)}};
}

Block block_with(uint64_t sequence, std::vector<Row> rows = {}) {
  Block block = block_of({Event{Sequence(sequence), from_ms(0), Tick{}}});
  block.rows = std::move(rows);
  return block;
}

std::vector<uint64_t> blocks_in(Reader& reader, uint64_t from = 1) {
  std::vector<uint64_t> numbers;
  good(reader.read_journal(from, [&](const StoredBlock& block) -> Result<void> {
    numbers.push_back(block.number);
    return {};
  }));
  return numbers;
}

}  // namespace

TEST_CASE("what was committed is there after the store was closed and opened again") {
  TemporaryFolder folder;
  OwnedBatch batch = make_batch(1, 30);
  Block block = block_of(every_event(batch));
  block.rows = {meta("a", "1"), meta("b", std::string("x\0y", 3))};
  {
    auto store = good(SqliteStore::open(folder.data()));
    CHECK(store->last_block() == 0);
    good(store->commit(block));
    CHECK(store->last_block() == 1);
  }
  auto store = good(SqliteStore::open(folder.data()));
  CHECK(store->last_block() == 1);
  CHECK(store->last_sequence() == block.last);
  good(store->commit(block_with(block.last.value() + 1, {meta("a", "2")})));
  auto reader = good(store->reader());
  std::vector<StoredBlock> stored;
  good(reader->read_journal(1, [&](const StoredBlock& each) -> Result<void> {
    stored.push_back(each);
    return {};
  }));
  REQUIRE(stored.size() == 2);
  CHECK(stored[0].number == 1);
  CHECK(stored[0].first == block.first);
  CHECK(stored[0].last == block.last);
  CHECK(stored[0].signals == 30);
  CHECK(stored[0].events == block.events);
  CHECK(stored[0].raw == block.raw);
  CHECK(stored[1].number == 2);
  CHECK(std::get<std::string>(good(reader->get(Table::kMeta, {"a"}))->values[1]) == "2");
  CHECK(std::get<std::string>(good(reader->get(Table::kMeta, {"b"}))->values[1]) == std::string("x\0y", 3));
  CHECK_FALSE(good(reader->get(Table::kMeta, {"c"})));
}

TEST_CASE("a journal can be read from any block on, with or without what was received") {
  TemporaryFolder folder;
  auto store = good(SqliteStore::open(folder.data()));
  for (uint64_t n = 1; n <= 4; ++n) good(store->commit(block_with(n)));
  auto reader = good(store->reader());
  CHECK(blocks_in(*reader) == std::vector<uint64_t>{1, 2, 3, 4});
  CHECK(blocks_in(*reader, 3) == std::vector<uint64_t>{3, 4});
  CHECK(blocks_in(*reader, 5).empty());
  CHECK(reader->read_journal(7, [](const StoredBlock&) -> Result<void> { return {}; }).error().message ==
        "journal block 6: is missing");
  OwnedBatch batch = make_batch(1, 3);
  good(store->commit(block_of({Event{Sequence(5), from_ms(0), batch.seal()}})));
  good(reader->read_journal(5, Parts::kEvents, [](const StoredBlock& block) -> Result<void> {
    CHECK_FALSE(block.events.empty());
    CHECK(block.raw.empty());
    return {};
  }));
}

TEST_CASE("a callback's error ends the read and comes out") {
  TemporaryFolder folder;
  auto store = good(SqliteStore::open(folder.data()));
  good(store->commit(block_with(1)));
  auto reader = good(store->reader());
  const auto refuse = [](const auto&) -> Result<void> { return fail(Code::kAborted, "enough"); };
  CHECK(reader->read_journal(1, refuse).error().message == "enough");
  good(store->commit(block_with(2, {meta("a", "1")})));
  CHECK(reader->scan(Table::kMeta, refuse).error().message == "enough");
  CHECK(blocks_in(*reader).size() == 2);
}

TEST_CASE("rows are found by key, in key order, and by condition") {
  TemporaryFolder folder;
  auto store = good(SqliteStore::open(folder.data()));
  std::vector<Row> rows;
  for (int64_t n : {3, 1, 2}) {
    rows.push_back({Table::kAlerts, {int64_t{7}, n, int64_t{1}, n * 10, "rule", "1", std::monostate(), int64_t{5}}});
  }
  good(store->commit(block_with(1, rows)));
  auto reader = good(store->reader());
  std::vector<int64_t> order;
  good(reader->scan(Table::kAlerts, [&](const Row& row) -> Result<void> {
    order.push_back(std::get<int64_t>(row.values[1]));
    CHECK(std::holds_alternative<std::monostate>(row.values[6]));
    return {};
  }));
  CHECK(order == std::vector<int64_t>{1, 2, 3});
  const auto found =
      good(reader->select(Table::kAlerts, "seq >= ? AND rule = ?", {int64_t{20}, "rule"}, "seq DESC", 1));
  REQUIRE(found.size() == 1);
  CHECK(found[0].values == rows[0].values);
  CHECK(good(reader->select(Table::kAlerts, "", {}, "", 10)).size() == 3);
}

TEST_CASE("a reader's transaction sees one moment") {
  TemporaryFolder folder;
  auto store = good(SqliteStore::open(folder.data()));
  good(store->commit(block_with(1, {meta("a", "1")})));
  auto reader = good(store->reader());
  good(reader->begin());
  good(store->commit(block_with(2, {meta("a", "2")})));
  CHECK(std::get<std::string>(good(reader->get(Table::kMeta, {"a"}))->values[1]) == "1");
  CHECK(blocks_in(*reader).size() == 1);
  reader->end();
  CHECK(std::get<std::string>(good(reader->get(Table::kMeta, {"a"}))->values[1]) == "2");
  CHECK(blocks_in(*reader).size() == 2);
}

TEST_CASE("a read that takes longer than its limit fails and says so") {
  TemporaryFolder folder;
  auto store = good(SqliteStore::open(folder.data()));
  auto reader = good(store->reader());
  reader->set_time_limit(std::chrono::milliseconds(1));
  // Endless, so that no machine is fast enough.
  const std::string_view endless =
      "key IN (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n)";
  good(store->commit(block_with(1, {meta("a", "1")})));
  const auto late = reader->select(Table::kMeta, endless, {}, "", 1);
  REQUIRE_FALSE(late);
  CHECK(late.error().code == Code::kUnavailable);
  CHECK(late.error().message.find("took longer than it may") != std::string::npos);
  reader->set_time_limit(std::chrono::minutes(1));
  CHECK(good(reader->get(Table::kMeta, {"a"})));
}

TEST_CASE("a second server on a folder is told who has it") {
  TemporaryFolder folder;
  {
    auto store = good(SqliteStore::open(folder.data()));
    const auto second = SqliteStore::open(folder.data());
    REQUIRE_FALSE(second);
    CHECK(second.error().code == Code::kUnavailable);
    CHECK(second.error().message == folder.data().string() + ": the data folder is in use by process " +
                                        std::to_string(::getpid()) +
                                        "; stop that one first, or name another folder with --data");
  }
  CHECK(SqliteStore::open(folder.data()));
}

TEST_CASE("a reader needs no lock, and an empty folder has nothing to read") {
  TemporaryFolder folder;
  const auto none = open_reader(folder.data());
  REQUIRE_FALSE(none);
  CHECK(none.error().message.find("no data here") != std::string::npos);
  {
    auto store = good(SqliteStore::open(folder.data()));
    good(store->commit(block_with(1)));
    CHECK(blocks_in(*good(open_reader(folder.data()))).size() == 1);
  }
  CHECK(blocks_in(*good(open_reader(folder.data()))).size() == 1);  // after the server closed
}

TEST_CASE("a file of another program or of a newer release is refused") {
  TemporaryFolder folder;
  std::filesystem::create_directories(folder.data());
  const std::string path = database_path(folder.data()).string();
  good(good(Database::open(path, Database::Mode::kReadWriteCreate))
           .execute("PRAGMA application_id=7; CREATE TABLE t(a)"));
  CHECK(SqliteStore::open(folder.data()).error().message ==
        path + ": the file was not written by quanzud: name another data folder");
  std::filesystem::remove(path);
  good(SqliteStore::open(folder.data()));
  good(good(Database::open(path, Database::Mode::kReadWriteCreate)).execute("PRAGMA user_version=99"));
  const std::string newer = "the file has schema 99, this release knows up to 2: start the newer release that wrote it";
  CHECK(SqliteStore::open(folder.data()).error().message == path + ": " + newer);
  CHECK(open_reader(folder.data()).error().message == path + ": " + newer);
}

TEST_CASE("a file that is no database is named with what to do") {
  TemporaryFolder folder;
  std::filesystem::create_directories(folder.data());
  std::ofstream(database_path(folder.data())) << std::string(5000, 'x');
  const auto opened = SqliteStore::open(folder.data());
  REQUIRE_FALSE(opened);
  CHECK(opened.error().message.find("quanzu.db") != std::string::npos);
  CHECK(opened.error().message.find("restore a backup") != std::string::npos);
}

TEST_CASE("the tables on disk have the columns that the port names") {
  TemporaryFolder folder;
  auto store = good(SqliteStore::open(folder.data()));
  const Database database = good(Database::open(database_path(folder.data()).string(), Database::Mode::kReadOnly));
  for (size_t i = 0; i < kTableCount; ++i) {
    const TableInfo& info = table_info(static_cast<Table>(i));
    Statement columns = good(database.prepare("SELECT name, type, \"notnull\", pk FROM pragma_table_info('" +
                                              std::string(info.name) + "')"));
    size_t n = 0;
    for (; good(columns.step()); ++n) {
      INFO(info.name << "." << columns.bytes(0));
      if (info.looked_up && n == info.columns.size()) {  // beside the one by which rows are found
        CHECK(columns.bytes(0) == hash_column(info));
        continue;
      }
      REQUIRE(n < info.columns.size());
      CHECK(columns.bytes(0) == info.columns[n]);
      const char* type = info.confidential[n]                    ? "BLOB"  // encrypted, whatever it is
                         : info.types[n] == ColumnType::kInteger ? "INTEGER"
                         : info.types[n] == ColumnType::kText    ? "TEXT"
                                                                 : "BLOB";
      CHECK(columns.bytes(1) == type);
      const bool key = columns.integer(3) != 0;
      CHECK(key == (n < info.key_columns));
      if (!key) CHECK((columns.integer(2) == 0) == info.nullable[n]);
    }
    CHECK(n == info.columns.size() + (info.looked_up ? 1 : 0));
  }
}

}  // namespace quanzu::store
