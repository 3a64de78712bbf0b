// Databases kept between starts: what comes back finds the same, and what was altered does not come back.
#include <fstream>

#include "rules/match/database_cache.h"
#include "tests/catch.h"
#include "tests/temporary_folder.h"

namespace quanzu::rules {
namespace {

namespace fs = std::filesystem;
using quanzu::testing::TemporaryFolder;

const std::vector<Expression> kExpressions = {{"安全账户", HS_FLAG_SINGLEMATCH, 7}, {"转.{0,3}账", HS_FLAG_UTF8, 9}};

std::vector<uint32_t> found_by(const Database& database, std::string_view text) {
  Scratch scratch;
  database.grow(scratch);
  std::vector<uint32_t> ids;
  database.scan(text, scratch, [&ids](uint32_t id, size_t, size_t) { ids.push_back(id); });
  return ids;
}

fs::path only_database(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const fs::directory_entry& each : fs::directory_iterator(folder)) {
    if (each.path().extension() == ".hsdb") found.push_back(each.path());
  }
  REQUIRE(found.size() == 1);
  return found.front();
}

void alter(const fs::path& path, std::streamoff at) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekg(at);
  const int byte = file.get();
  file.seekp(at);
  file.put(static_cast<char>(byte ^ 1));
}

DatabaseCache open(const fs::path& folder) {
  Result<DatabaseCache> cache = DatabaseCache::open(folder);
  REQUIRE(cache.has_value());
  return std::move(*cache);
}

TEST_CASE("a database that was kept finds what it found") {
  const TemporaryFolder folder;
  CHECK_FALSE(open(folder.path()).find(kExpressions).has_value());
  const auto database = Database::compile(kExpressions);
  open(folder.path()).put(kExpressions, *database);
  const std::optional<Database> kept = open(folder.path()).find(kExpressions);
  REQUIRE(kept.has_value());
  CHECK(found_by(*kept, "钱到安全账户") == std::vector<uint32_t>{7});
  CHECK(found_by(*kept, "转个账") == std::vector<uint32_t>{9});
  std::vector<Expression> others = kExpressions;
  others[0].id = 8;
  CHECK_FALSE(open(folder.path()).find(others).has_value());
}

TEST_CASE("a database that was altered, cut or made with another key does not come back") {
  const TemporaryFolder folder;
  const auto database = Database::compile(kExpressions);
  const auto keep = [&] { open(folder.path()).put(kExpressions, *database); };
  const auto comes_back = [&] { return open(folder.path()).find(kExpressions).has_value(); };
  keep();
  const fs::path file = only_database(folder.path());
  const auto size = static_cast<std::streamoff>(fs::file_size(file));
  for (const std::streamoff at : {std::streamoff{0}, std::streamoff{31}, std::streamoff{32}, size / 2, size - 1}) {
    keep();
    REQUIRE(comes_back());
    alter(file, at);
    CHECK_FALSE(comes_back());
  }
  for (const std::streamoff left : {std::streamoff{0}, std::streamoff{10}, size - 1}) {
    keep();
    fs::resize_file(file, static_cast<uintmax_t>(left));
    CHECK_FALSE(comes_back());
  }
  keep();
  fs::remove(folder.path() / "key");
  CHECK_FALSE(comes_back());
}

TEST_CASE("a key that others may read is refused") {
  const TemporaryFolder folder;
  open(folder.path());
  fs::permissions(folder.path() / "key", fs::perms::group_read, fs::perm_options::add);
  const Result<DatabaseCache> cache = DatabaseCache::open(folder.path());
  REQUIRE_FALSE(cache.has_value());
  CHECK(cache.error().message.find("may be read by others: remove it") != std::string::npos);
}

TEST_CASE("the oldest databases go") {
  const TemporaryFolder folder;
  const DatabaseCache cache = open(folder.path());
  std::vector<Expression> expressions = {{"a", HS_FLAG_SINGLEMATCH, 0}};
  const auto database = Database::compile(expressions);
  for (uint32_t id = 0; id < DatabaseCache::kMaxFiles + 5; ++id) {
    expressions[0].id = id;
    cache.put(expressions, *database);
  }
  const auto count = std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator());
  CHECK(count == DatabaseCache::kMaxFiles + 1);  // and the key
  CHECK(cache.find(expressions).has_value());
}

}  // namespace
}  // namespace quanzu::rules
