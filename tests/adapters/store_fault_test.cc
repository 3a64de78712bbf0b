#include <sqlite3.h>

#include "adapters/store/journal.h"
#include "adapters/store/sqlite_reader.h"
#include "tests/adapters/faulty_vfs.h"
#include "tests/adapters/store_support.h"
#include "tests/catch.h"

namespace quanzu::store {
namespace {

using namespace testing;

SqliteOptions faulty_options(std::vector<std::string>* warnings = nullptr, uint64_t warn_bytes = kWarnWalBytes) {
  SqliteOptions options;
  options.vfs = FaultyVfs::name();
  options.checkpoints.pace = std::chrono::hours(1);  // rounds are the test's
  options.checkpoints.warn_bytes = warn_bytes;
  options.checkpoints.warn = [warnings](const std::string& text) {
    if (warnings != nullptr) warnings->push_back(text);
  };
  return options;
}

uint64_t count_blocks(const std::filesystem::path& folder) {
  uint64_t blocks = 0;
  good(good(open_reader(folder))->read_journal(1, [&](const StoredBlock&) -> Result<void> {
    ++blocks;
    return {};
  }));
  return blocks;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a full disk ends writing, says what to do, and loses nothing that was committed") {
  TemporaryFolder folder;
  FaultyVfs faults;
  {
    auto store = good(SqliteStore::open(folder.data(), faulty_options()));
    good(store->commit(tick_block(1)));
    faults.log_write = SQLITE_FULL;
    const auto failed = store->commit(tick_block(2));
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == Code::kUnavailable);
    CHECK(holds(failed.error().message, folder.data().string()));
    CHECK(holds(failed.error().message, "full"));
    CHECK(holds(failed.error().message, "free space on this disk, then start again"));
    CHECK(store->last_block() == 1);
    faults.log_write = 0;
    SECTION("not even when the disk has room again, until a restart") {
      const auto later = store->commit(tick_block(2));
      REQUIRE_FALSE(later);
      CHECK(holds(later.error().message, "nothing is written since an earlier commit failed; restart to go on"));
      CHECK(holds(later.error().message, "full"));
    }
    SECTION("readers go on") {
      auto reader = good(store->reader());
      CHECK(good(reader->select(Table::kMeta, "", {}, "", 9)).size() == 1);
    }
  }
  CHECK(count_blocks(folder.data()) == 1);
  auto store = good(SqliteStore::open(folder.data(), faulty_options()));
  good(store->commit(tick_block(2)));
  CHECK(count_blocks(folder.data()) == 2);
}

TEST_CASE("after a failed flush the outcome is unknown until a restart, which finds one sound journal") {
  TemporaryFolder folder;
  FaultyVfs faults;
  {
    auto store = good(SqliteStore::open(folder.data(), faulty_options()));
    good(store->commit(tick_block(1)));
    faults.log_flush = SQLITE_IOERR_FSYNC;
    const auto failed = store->commit(tick_block(2));
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == Code::kUnavailable);
    CHECK(holds(failed.error().message, "disk I/O error"));
    CHECK(holds(failed.error().message, "check the disk"));
    faults.log_flush = 0;
    CHECK_FALSE(store->commit(tick_block(2)));
  }
  auto store = good(SqliteStore::open(folder.data(), faulty_options()));
  const uint64_t found = store->last_block();
  CHECK((found == 1 || found == 2));
  CHECK(store->last_sequence().value() == found);
  good(store->commit(tick_block(found + 1)));
  CHECK(count_blocks(folder.data()) == found + 1);
}

TEST_CASE("a row that the schema does not take fails the whole block") {
  TemporaryFolder folder;
  {
    auto store = good(SqliteStore::open(folder.data()));
    good(store->commit(tick_block(1)));
    Block block = tick_block(2);
    block.rows.push_back({Table::kMeta, {"other", std::monostate()}});
    const auto failed = store->commit(block);
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == Code::kInternal);
    CHECK(holds(failed.error().message, "meta.value"));
  }
  CHECK(count_blocks(folder.data()) == 1);
  CHECK(std::get<std::string>(good(good(open_reader(folder.data()))->get(Table::kMeta, {"block"}))->values[1]) == "1");
}

TEST_CASE("a failed checkpoint warns once and stops nothing") {
  TemporaryFolder folder;
  FaultyVfs faults;
  std::vector<std::string> warnings;
  auto store = good(SqliteStore::open(folder.data(), faulty_options(&warnings)));
  good(store->commit(tick_block(1)));
  faults.table_write = SQLITE_IOERR_WRITE;
  store->checkpointer().round();
  store->checkpointer().round();
  REQUIRE(warnings.size() == 1);
  CHECK(holds(warnings[0], "checkpoint failed"));
  CHECK(holds(warnings[0], "disk I/O error"));
  good(store->commit(tick_block(2)));
  faults.table_write = 0;
  store->checkpointer().round();
  CHECK(store->wal_bytes() == 0);
  CHECK(warnings.size() == 1);
}

TEST_CASE("the log restarts once it is in the tables, though the writer never stops") {
  TemporaryFolder folder;
  SqliteOptions options = faulty_options();
  options.vfs.clear();
  auto store = good(SqliteStore::open(folder.data(), options));
  const std::filesystem::path log = database_path(folder.data()).string() + "-wal";
  uintmax_t largest = 0;
  for (uint64_t n = 1; n <= 200; ++n) {
    good(store->commit(tick_block(n)));
    if (n % 10 == 0) store->checkpointer().round();
    if (n == 20) largest = std::filesystem::file_size(log);
  }
  CHECK(std::filesystem::file_size(log) <= largest + (64U << 10));
}

TEST_CASE("a long read holds the log back, which is seen and warned of, and then the tail is moved") {
  TemporaryFolder folder;
  std::vector<std::string> warnings;
  SqliteOptions options = faulty_options(&warnings, 1000);
  options.vfs.clear();
  auto store = good(SqliteStore::open(folder.data(), options));
  good(store->commit(tick_block(1)));
  auto reader = good(store->reader());
  good(reader->begin());
  good(store->commit(tick_block(2)));
  store->checkpointer().round();
  CHECK(store->wal_bytes() > 1000);
  REQUIRE(warnings.size() == 1);
  CHECK(holds(warnings[0], "write-ahead log has grown"));
  CHECK(holds(warnings[0], "a long read"));
  reader->end();
  good(store->commit(tick_block(3)));  // the writer's own turn, since the round did not reach the end
  CHECK(store->wal_bytes() == 0);
}

}  // namespace quanzu::store
