// Keys and what they encrypt: what opens, what does not, and what is said then.
#include "adapters/store/keyring.h"

#include <sys/stat.h>

#include <fstream>
#include <set>

#include "adapters/store/files.h"
#include "adapters/store/sqlite_reader.h"
#include "tests/adapters/store_support.h"
#include "tests/catch.h"

namespace quanzu::store {
namespace {

using namespace testing;
using Catch::Contains;
namespace fs = std::filesystem;

fs::path key_of(const TemporaryFolder& folder) {
  return DataFolder(folder.data()).key_file();
}

// One block with a resident in it.
void write_folder(const DataFolder& folder, uint64_t block = 1) {
  auto store = good(SqliteStore::open(folder));
  Block out = tick_block(block);
  out.rows.push_back({Table::kResidents, {int64_t{7}, "8613900001111", "", std::monostate(), int64_t{1}, "{}"}});
  good(store->commit(out));
}

Result<Row> resident(const DataFolder& folder) {
  Result<std::optional<Row>> row = good(open_reader(folder))->get(Table::kResidents, {int64_t{7}});
  if (!row) return Failure(row.error());
  return **row;
}

Database writable(const TemporaryFolder& folder) {
  return good(Database::open(database_path(folder.data()).string(), Database::Mode::kReadWriteCreate));
}

void overwrite(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::trunc) << text;
}

}  // namespace

TEST_CASE("what is encrypted comes back under its key, its context and its use, and under no other", "[keys]") {
  const DataKey key{5, SecretKey::random()};
  Encryptor encryptor(key, Use::kColumn);
  Keyring keys(key, LookupKey(SecretKey::random()));
  std::string encrypted;
  std::string plain;
  for (const std::string& text : {std::string(), std::string("13900001111"), std::string(100'000, 'x')}) {
    encryptor.encrypt("here", text, encrypted);
    CHECK(encrypted.find("13900001111") == std::string::npos);
    good(keys.decrypt(Use::kColumn, "here", encrypted, plain));
    CHECK(plain == text);
    CHECK_FALSE(keys.decrypt(Use::kColumn, "there", encrypted, plain));
    CHECK(plain.empty());
    CHECK_FALSE(keys.decrypt(Use::kBlock, "here", encrypted, plain));
  }
  encryptor.encrypt("here", "13900001111", encrypted);
  for (size_t at = 0; at < encrypted.size(); ++at) {
    std::string changed = encrypted;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CHECK_FALSE(keys.decrypt(Use::kColumn, "here", changed, plain));
    CHECK_FALSE(keys.decrypt(Use::kColumn, "here", encrypted.substr(0, at), plain));
  }
}

TEST_CASE("the same value encrypted twice looks different each time", "[keys]") {
  const DataKey key{5, SecretKey::random()};
  Encryptor encryptor(key, Use::kColumn);
  std::set<std::string> seen;
  std::string encrypted;
  for (int n = 0; n < 1000; ++n) {
    encryptor.encrypt("here", "13900001111", encrypted);
    CHECK(seen.insert(encrypted).second);
  }
}

TEST_CASE("each start of a store encrypts under a data key of its own, and old blocks stay readable", "[keys]") {
  TemporaryFolder folder;
  for (uint64_t n = 1; n <= 3; ++n) write_folder(folder.data(), n);
  const std::vector<KeyRow> keys = good(list_keys(writable(folder)));
  REQUIRE(keys.size() == 4);
  CHECK(keys[0].use == "lookup");
  std::set<int64_t> ids;
  for (size_t n = 1; n < keys.size(); ++n) {
    CHECK(keys[n].use == "data");
    CHECK(keys[n].first_block == n);
    CHECK(ids.insert(keys[n].id).second);
  }
  uint64_t blocks = 0;
  good(good(open_reader(folder.data()))->read_journal(1, [&](const StoredBlock&) -> Result<void> {
    ++blocks;
    return {};
  }));
  CHECK(blocks == 3);
}

TEST_CASE("a resident is found by their number, of which the table shows nothing", "[keys]") {
  TemporaryFolder folder;
  write_folder(folder.data());
  auto reader = good(open_reader(folder.data()));
  const std::vector<Row> found = good(reader->find(Table::kResidents, "8613900001111"));
  REQUIRE(found.size() == 1);
  CHECK(std::get<std::string>(found[0].values[1]) == "8613900001111");
  CHECK(good(reader->find(Table::kResidents, "8613900001112")).empty());
  const Database database = writable(folder);
  Statement stored = good(database.prepare("SELECT number, number_key FROM residents"));
  good(stored.step());
  CHECK(stored.bytes(0).find("1390000") == std::string_view::npos);
  CHECK(stored.bytes(1).size() == 16);
}

TEST_CASE("the key file is made for its owner alone, and is not made anew for data that has a key", "[keys]") {
  TemporaryFolder folder;
  write_folder(folder.data());
  struct stat found {};
  REQUIRE(::stat(key_of(folder).c_str(), &found) == 0);
  CHECK((found.st_mode & 0777U) == 0600U);
  const std::string id = good(read_key_file(key_of(folder))).front().id;
  fs::rename(key_of(folder), folder.data() / "elsewhere");
  const auto unopened = SqliteStore::open(folder.data());
  REQUIRE_FALSE(unopened);
  CHECK(unopened.error().code == Code::kUnavailable);
  CHECK_THAT(unopened.error().message, Contains("encrypted under master key " + id) &&
                                           Contains(key_of(folder).string()) && Contains("--key-file"));
  CHECK_FALSE(fs::exists(key_of(folder)));
  const auto unread = resident(folder.data());
  REQUIRE_FALSE(unread);
  CHECK(unread.error().code == Code::kUnavailable);
  CHECK_THAT(unread.error().message, Contains("encrypted under master key " + id));
  CHECK(std::get<std::string>(good(resident({folder.data(), folder.data() / "elsewhere"})).values[1]) ==
        "8613900001111");
}

TEST_CASE("the key of another folder is named as such", "[keys]") {
  TemporaryFolder folder;
  TemporaryFolder other;
  write_folder(folder.data());
  write_folder(other.data());
  const std::string id = good(read_key_file(key_of(folder))).front().id;
  const std::string wrong = good(read_key_file(key_of(other))).front().id;
  const DataFolder mixed(folder.data(), key_of(other));
  const std::string said = key_of(other).string() + " holds master key " + wrong + ", the data is encrypted under " +
                           id + ": it is the key of another folder; name the right file with --key-file";
  CHECK(resident(mixed).error().message == said);
  CHECK(resident(mixed).error().code == Code::kUnavailable);
  CHECK_THAT(SqliteStore::open(mixed).error().message, Contains(said));
}

TEST_CASE("a key file that was cut, mistyped or is something else is named with its line", "[keys]") {
  TemporaryFolder folder;
  write_folder(folder.data());
  const std::string sound = good(read_file(key_of(folder)));
  const size_t key = sound.rfind(' ') + 1;
  const auto said_of = [&](const std::string& text) {
    overwrite(key_of(folder), text);
    const auto read = resident(folder.data());
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Code::kUnavailable);
    return read.error().message;
  };
  CHECK_THAT(said_of(sound.substr(0, key + 10)), Contains("master.key:3: no key"));
  std::string mistyped = sound;
  mistyped[key] = mistyped[key] == '0' ? '1' : '0';
  CHECK_THAT(said_of(mistyped), Contains("master.key:3: the key is not the one that its id"));
  CHECK_THAT(said_of("# nothing\n"), Contains("the file holds no key"));
  CHECK_THAT(said_of("-----BEGIN PRIVATE KEY-----\n"), Contains("master.key:1: no key"));
  overwrite(key_of(folder), sound);
  good(resident(folder.data()));
}

TEST_CASE("after a rotation the new master key opens all, and the old one opens a copy that was made before",
          "[keys]") {
  TemporaryFolder folder;
  write_folder(folder.data());
  const std::vector<MasterKey> before = good(read_key_file(key_of(folder)));
  const fs::path copy = folder.data() / "copy";
  fs::create_directory(copy);
  fs::copy_file(database_path(folder.data()), database_path(copy));
  const std::string fresh = good(rotate_master_key(writable(folder), key_of(folder)));
  const std::vector<MasterKey> after = good(read_key_file(key_of(folder)));
  REQUIRE(after.size() == 2);
  CHECK(after[0].id == fresh);
  CHECK(after[1].id == before[0].id);
  for (const KeyRow& each : good(list_keys(writable(folder)))) CHECK(each.master == fresh);
  good(resident(folder.data()));
  good(resident({copy, key_of(folder)}));
  good(write_key_file(key_of(folder), {after[0]}));
  good(resident(folder.data()));
  CHECK_FALSE(resident({copy, key_of(folder)}));
  write_folder(folder.data(), 2);
}

TEST_CASE("what an erased key encrypted is gone, and is named", "[keys]") {
  TemporaryFolder folder;
  write_folder(folder.data());
  write_folder(folder.data(), 2);
  good(writable(folder).execute("DELETE FROM keys WHERE use = 'data' AND first_block = 1"));
  auto reader = good(open_reader(folder.data()));
  const auto read = reader->read_journal(1, [](const StoredBlock&) -> Result<void> { return {}; });
  REQUIRE_FALSE(read);
  CHECK_THAT(read.error().message, Contains("journal block 1: events: it is encrypted under key") &&
                                       Contains("which is not in the table keys: it was erased"));
  good(resident(folder.data()));  // written again by block 2
}

TEST_CASE("a wrapped key that was changed is named", "[keys]") {
  TemporaryFolder folder;
  write_folder(folder.data());
  good(writable(folder).execute("UPDATE keys SET wrapped = zeroblob(72)"));
  const auto read = resident(folder.data());
  REQUIRE_FALSE(read);
  CHECK_THAT(read.error().message, Contains("in the table keys was changed after it was written"));
}

TEST_CASE("a value that was put into another row, or beside another's hash, is named", "[keys]") {
  TemporaryFolder folder;
  {
    auto store = good(SqliteStore::open(folder.data()));
    Block block = tick_block(1);
    for (const int64_t n : {7, 8}) {
      block.rows.push_back(
          {Table::kResidents, {n, "861390000111" + std::to_string(n), "", std::monostate(), int64_t{1}, "{}"}});
    }
    good(store->commit(block));
  }
  SECTION("another row") {
    good(writable(folder).execute(
        "UPDATE residents SET number = (SELECT number FROM residents WHERE resident_id = 8) WHERE resident_id = 7"));
    CHECK_THAT(resident(folder.data()).error().message,
               Contains("table residents, row resident_id=7, column number: does not decrypt"));
  }
  SECTION("another hash") {
    good(writable(folder).execute("UPDATE residents SET number_key = zeroblob(16)"));
    CHECK_THAT(resident(folder.data()).error().message,
               Contains("table residents, row resident_id=7, column number_key: it is not the hash"));
  }
}

}  // namespace quanzu::store
