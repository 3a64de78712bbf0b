// The file of an older release becomes today's: the same journal, the same tables, and nothing in clear.
#include "adapters/store/upgrade.h"

#include <fstream>
#include <sstream>

#include "adapters/runtime/offline.h"
#include "adapters/runtime/projection.h"
#include "adapters/store/files.h"
#include "adapters/store/schema.h"
#include "adapters/store/sqlite_reader.h"
#include "adapters/store/verify.h"
#include "tests/adapters/store_support.h"
#include "tests/catch.h"

namespace quanzu::store {
namespace {

using namespace testing;
using Catch::Contains;
namespace fs = std::filesystem;

constexpr std::string_view kDigest = "-- journal_digest ";

std::string dump() {
  return good(read_file(fs::path(QUANZU_SOURCE_DIR) / "tests/golden/journals/schema_1.sql"));
}

// What `quanzud verify` of that release printed.
std::string digest_of(const std::string& text) {
  return text.substr(text.find(kDigest) + kDigest.size(), 64);
}

// A folder as that release left it.
void make_old_folder(const fs::path& data) {
  fs::create_directories(data / "snapshots");
  std::ofstream(data / "snapshots/000000000004.snapshot") << "quanzu snapshot 1\n13900000001";
  const Database database = good(Database::open(database_path(data).string(), Database::Mode::kReadWriteCreate));
  good(database.execute("PRAGMA journal_mode=WAL;" + dump()));
}

std::string bytes_of(const fs::path& data) {
  std::string bytes;
  for (const auto& each : fs::recursive_directory_iterator(data)) {
    if (each.is_regular_file()) bytes += good(read_file(each.path()));
  }
  return bytes;
}

SqliteOptions upgrading() {
  SqliteOptions options;
  options.projector = runtime::project_event;
  return options;
}

}  // namespace

TEST_CASE("the file of schema 1 is upgraded: the same journal, tables that follow from it, and nothing in clear",
          "[upgrade]") {
  TemporaryFolder folder;
  make_old_folder(folder.data());
  const std::vector<std::string> personal = {"8613900000003", "1390000", "王某", "安全账户", "疑似贷款诈骗"};
  for (const std::string& each : personal) CHECK_THAT(bytes_of(folder.data()), Contains(each));
  good(SqliteStore::open(folder.data(), upgrading()));
  for (const std::string& each : personal) CHECK_THAT(bytes_of(folder.data()), !Contains(each));
  auto reader = good(open_reader(folder.data()));
  const VerifyReport report = good(verify(*reader, runtime::project_event, folder.data()));
  CHECK(report.first_difference == "");
  CHECK(report.blocks == 10);
  CHECK(report.signals == 14);
  CHECK(report.cases == 3);
  CHECK(report.journal_digest == digest_of(dump()));
  CHECK(good(reader->find(Table::kResidents, "8613900000000")).size() == 1);
  const auto closed = good(reader->select(Table::kCases, "closed_by = 'li' AND closed_at IS NOT NULL", {}, "", 9));
  REQUIRE(closed.size() == 1);
  CHECK_THAT(std::get<std::string>(closed[0].values.back()), Contains("王某"));
}

TEST_CASE("an upgraded folder goes on where the older release stopped", "[upgrade]") {
  TemporaryFolder folder;
  make_old_folder(folder.data());
  good(runtime::apply_offline(folder.data(), {UserDisabled{"li", true}}));
  const VerifyReport report = good(verify(*good(open_reader(folder.data())), runtime::project_event, folder.data()));
  CHECK(report.first_difference == "");
  CHECK(report.blocks == 11);
}

TEST_CASE("an older file is refused by who does not upgrade it, with what to do", "[upgrade]") {
  TemporaryFolder folder;
  make_old_folder(folder.data());
  const std::string said = "the file has schema 1, older than 2: run `quanzud serve` once, which migrates it";
  const auto read = open_reader(folder.data());
  REQUIRE_FALSE(read);
  CHECK_THAT(read.error().message, Contains(said));
  CHECK_THAT(SqliteStore::open(folder.data()).error().message, Contains(said));
}

TEST_CASE("an upgrade that can't be done leaves the older file as it was", "[upgrade]") {
  TemporaryFolder folder;
  make_old_folder(folder.data());
  const auto version = [&] {
    return good(schema_of(good(Database::open(database_path(folder.data()).string(), Database::Mode::kReadOnly))));
  };
  SECTION("since a block was changed") {
    good(good(Database::open(database_path(folder.data()).string(), Database::Mode::kReadWriteCreate))
             .execute("UPDATE journal SET events = zeroblob(9) WHERE block = 5"));
    CHECK_THAT(SqliteStore::open(folder.data(), upgrading()).error().message,
               Contains("journal block 5: its chain hash does not follow"));
    CHECK(version() == 1);
  }
  SECTION("since the rows can't be written") {
    SqliteOptions options;
    options.projector = [](const Engine&, const Effects&, std::vector<Row>& rows) {
      rows.push_back({Table::kMeta, {"key", std::monostate()}});
    };
    CHECK_FALSE(SqliteStore::open(folder.data(), options));
    CHECK(version() == 1);
    good(SqliteStore::open(folder.data(), upgrading()));
    CHECK(version() == kSchemaVersion);
  }
}

}  // namespace quanzu::store
