#include "adapters/store/verify.h"

#include "adapters/store/journal.h"
#include "adapters/store/recovery.h"
#include "adapters/store/schema.h"
#include "adapters/store/sqlite_reader.h"
#include "tests/adapters/store_support.h"
#include "tests/catch.h"

namespace quanzu::store {
namespace {

using namespace testing;

// A row in every table for every event, each column set from the sequence and, in every second event, null where it may.
void project(const Engine& engine, const Effects&, std::vector<Row>& rows) {
  const auto n = static_cast<int64_t>(engine.last_sequence().value());
  for (size_t t = 0; t < kTableCount; ++t) {
    const TableInfo& info = table_info(static_cast<Table>(t));
    Row row{static_cast<Table>(t), {}};
    for (size_t i = 0; i < info.columns.size(); ++i) {
      if (info.nullable[i] && n % 2 == 0) {
        row.values.emplace_back();
      } else if (info.types[i] == ColumnType::kInteger) {
        row.values.emplace_back(i < info.key_columns ? n : n * 100 + static_cast<int64_t>(i));
      } else {
        row.values.emplace_back(std::string(info.columns[i]) + "-" + std::to_string(n));
      }
    }
    rows.push_back(std::move(row));
  }
}

// Three blocks of real events, the rows as the server would write them.
class Folder {
 public:
  Folder() {
    auto store = good(SqliteStore::open(folder_.data()));
    Engine engine;
    rules::Correlator correlator;
    OwnedBatch first = make_batch(1, 40);
    OwnedBatch second = make_batch(41, 20);
    std::vector<EventBody> bodies{
        Genesis{"00ff", {1, 2}},
        UserAdded{User{{}, "wang", Role::kSupervisor, false, "aa", "bb", "cc"}},
        PackLive{PackVersion(1), "hash", rules(), {}, {}},
        StreamOpened{"carrier", "sms"},
        first.seal(),
        second.seal(),
    };
    const std::vector<size_t> ends{4, 5, 6};
    size_t next = 0;
    for (const size_t end : ends) {
      std::vector<Event> events;
      std::vector<Row> rows;
      for (; next < end; ++next) {
        events.push_back({Sequence(next + 1), from_ms(1795485700000 + static_cast<int64_t>(next)), bodies[next]});
        std::vector<Alert> alerts;
        Effects effects;
        correlator.apply(events.back(), alerts);
        good(engine.apply(events.back(), alerts, effects));
        project(engine, effects, rows);
      }
      Block block = block_of(events);
      block.rows = std::move(rows);
      good(store->commit(block));
    }
    cases_ = engine.case_count();
    state_ = engine.state_digest();
    store.reset();
    copy(path(), kept());
  }

  // As it was, with `sql` run over it.
  void alter(const std::string& sql) const {
    copy(kept(), path());
    good(writable().execute(sql));
  }
  VerifyReport verify() const {
    auto reader = good(open_reader(folder_.data()));
    return good(store::verify(*reader, project));
  }
  // As it was, with a bit of a journal's part turned over.
  void flip(const std::string& column, int64_t block, size_t at) const {
    alter("");
    std::string bytes = part(column, block);
    bytes[at] = static_cast<char>(static_cast<uint8_t>(bytes[at]) ^ 0x10U);
    const Database database = writable();
    Statement update = good(database.prepare("UPDATE journal SET " + column + " = ? WHERE block = ?"));
    update.bind(1, std::string_view(bytes), ColumnType::kBlob);
    update.bind(2, block);
    good(update.run());
  }
  std::string part(const std::string& column, int64_t block) const {
    const Database database = good(Database::open(kept().string(), Database::Mode::kReadOnly));
    Statement find = good(database.prepare("SELECT " + column + " FROM journal WHERE block = ?"));
    find.bind(1, block);
    good(find.step());
    return std::string(find.bytes(0));
  }
  // What verify says after the alteration; it must say something.
  std::string first_difference(const std::string& sql) const {
    alter(sql);
    const VerifyReport report = verify();
    CHECK_FALSE(report.ok);
    return report.first_difference;
  }
  const std::filesystem::path& data() const { return data_; }
  size_t cases() const { return cases_; }
  const std::string& state() const { return state_; }

 private:
  Database writable() const {
    Database database = good(Database::open(path().string(), Database::Mode::kReadWriteCreate));
    good(database.execute("PRAGMA synchronous=OFF"));  // hundreds of alterations, none to be kept
    return database;
  }
  static std::vector<RuleInfo> rules() {
    std::vector<RuleInfo> all;
    for (int n = 0; n < 10; ++n) {
      all.push_back({"rule-" + std::to_string(n), "1", "title", FraudType::kLoan, Stage::kHook, Millipoints(15000),
                     std::chrono::hours(24)});
    }
    return all;
  }
  static void copy(const std::filesystem::path& from, const std::filesystem::path& to) {
    for (const char* log : {"-wal", "-shm"}) std::filesystem::remove(to.string() + log);
    std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
  }
  std::filesystem::path path() const { return database_path(folder_.data()); }
  std::filesystem::path kept() const { return folder_.data() / "kept.db"; }

  TemporaryFolder folder_;
  std::filesystem::path data_ = folder_.data();
  size_t cases_ = 0;
  std::string state_;
};

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// Whether any of the differences holds all the parts.
bool named(const VerifyReport& report, const std::vector<std::string>& parts) {
  return std::ranges::any_of(report.differences, [&](const std::string& difference) {
    return std::ranges::all_of(parts, [&](const std::string& part) { return holds(difference, part); });
  });
}

bool encrypts(const TableInfo& info) {
  return std::ranges::find(info.confidential, true) != info.confidential.end();
}

}  // namespace

TEST_CASE("verify finds nothing where the tables are what the journal says") {
  const Folder folder;
  const VerifyReport report = folder.verify();
  CHECK(report.first_difference == "");
  CHECK(report.ok);
  CHECK(report.blocks == 3);
  CHECK(report.signals == 60);
  CHECK(report.cases == folder.cases());
  CHECK(report.cases == 1);
  CHECK(report.state_digest == folder.state());
  CHECK(report.journal_digest.size() == 64);
}

TEST_CASE("verify works beside a running server and sees one moment") {
  const Folder folder;
  auto store = good(SqliteStore::open(folder.data()));
  auto reader = good(store->reader());
  CHECK(good(verify(*reader, project)).ok);
}

TEST_CASE("verify names every altered column of every table") {
  const Folder folder;
  for (size_t t = 0; t < kTableCount; ++t) {
    const TableInfo& info = table_info(static_cast<Table>(t));
    const std::string table(info.name);
    const std::string key(info.columns[0]);
    // The third row in key order: n = 3, whose nullable columns hold something; then row 2, whose don't.
    for (const int n : {3, 2}) {
      const bool integer_key = info.types[0] == ColumnType::kInteger;
      const std::string value = integer_key ? std::to_string(n) : "'" + key + "-" + std::to_string(n) + "'";
      const std::string shown =
          integer_key ? key + "=" + std::to_string(n) : key + "=\"" + key + "-" + std::to_string(n);
      for (size_t i = 0; i < info.columns.size(); ++i) {
        const std::string column(info.columns[i]);
        const std::string altered = info.confidential[i]                    ? "zeroblob(40)"
                                    : info.types[i] == ColumnType::kInteger ? "coalesce(" + column + ", 0) + 1000"
                                    : info.types[i] == ColumnType::kText    ? "coalesce(" + column + ", '') || 'x'"
                                                                            : "x'00'";
        INFO(table << "." << column << " of row " << n);
        folder.alter("UPDATE " + table + " SET " + column + " = " + altered + " WHERE " + key + " = " + value);
        const VerifyReport report = folder.verify();
        CHECK_FALSE(report.ok);
        if (i < info.key_columns && encrypts(info)) {  // what is encrypted opens under its own key alone
          CHECK(named(report, {"table " + table + ", row ", "does not decrypt"}));
        } else if (i < info.key_columns) {  // another key: one row is missing, another is too many
          CHECK(report.difference_count == 2);
          CHECK(named(report, {"table " + table + ", row ", shown, "the table does not have it"}));
          CHECK(named(report, {"table " + table + ", row ", "the journal does not give it"}));
        } else {
          CHECK(report.difference_count == 1);
          const std::string how = info.confidential[i] ? "it is encrypted under key 0, which" : "table has ";
          CHECK(named(report, {"table " + table + ", row ", shown, ", column " + column + ": " + how}));
        }
      }
    }
  }
}

TEST_CASE("verify names a value that was removed or put where none was") {
  const Folder folder;
  CHECK(folder.first_difference("UPDATE cases SET due_at = NULL WHERE case_id = 3") ==
        "table cases, row case_id=3, column due_at: table has null, journal gives 310, written last by block 1");
  CHECK(folder.first_difference("UPDATE cases SET due_at = 5 WHERE case_id = 2") ==
        "table cases, row case_id=2, column due_at: table has 5, journal gives null, written last by block 1");
  CHECK(folder.first_difference("UPDATE cases SET level = 'high' WHERE case_id = 2") ==
        "table cases, row case_id=2, column level: table has \"high\", journal gives \"level-2\" (from byte 0 on), "
        "written last by block 1");
}

TEST_CASE("verify names first what the earliest block wrote, whatever the table") {
  const Folder folder;
  const std::string first = folder.first_difference(
      "UPDATE cases SET level = 'high' WHERE case_id = 6; UPDATE replies SET reply = x'00' WHERE user_id = 5;"
      "INSERT INTO packs VALUES(99, 'h', 'r')");
  CHECK(holds(first, "table replies, row user_id=5"));
  CHECK(holds(first, "written last by block 2"));
}

TEST_CASE("verify names a missing and an extra row of every table") {
  const Folder folder;
  for (size_t t = 0; t < kTableCount; ++t) {
    const TableInfo& info = table_info(static_cast<Table>(t));
    const std::string table(info.name);
    const std::string key(info.columns[0]);
    INFO(table);
    for (const std::string which : {"min", "max"}) {
      const std::string where = " WHERE " + key + " = (SELECT " + which + "(" + key + ") FROM " + table + ")";
      folder.alter("DELETE FROM " + table + where);
      VerifyReport report = folder.verify();
      CHECK(report.difference_count == 1);
      CHECK(named(report, {"table " + table + ", row " + key + "=", " writes it, the table does not have it"}));
    }
    std::string columns;
    for (size_t i = 1; i < info.columns.size(); ++i) columns += ", " + std::string(info.columns[i]);
    if (info.looked_up) columns += ", " + hash_column(info);
    for (const std::string extra : {"-77", "77777"}) {
      const std::string value = info.types[0] == ColumnType::kInteger ? extra : "'" + extra + "'";
      folder.alter("INSERT INTO " + table + "(" + key + columns + ") SELECT " + value + columns + " FROM " + table +
                   " LIMIT 1");
      const VerifyReport report = folder.verify();
      CHECK(report.difference_count == 1);
      const std::string how = encrypts(info) ? "does not decrypt" : "the journal does not give it";
      CHECK(named(report, {"table " + table + ", row " + key + "=", extra, how}));
    }
  }
}

TEST_CASE("verify shows nothing of a person in its messages") {
  const Folder folder;
  const auto other = [](const Engine& engine, const Effects& effects, std::vector<Row>& rows) {
    project(engine, effects, rows);
    for (Row& row : rows) {
      if (row.table == Table::kResidents) row.values[1] = "8613900001111";
    }
  };
  const VerifyReport report = good(verify(*good(open_reader(folder.data())), other));
  CHECK(holds(report.first_difference,
              "table residents, row resident_id=1, column number: table has 8 bytes, journal gives 13 bytes"));
  CHECK_FALSE(holds(report.first_difference, "8613900001111"));
}

TEST_CASE("verify names the journal's block where a byte was flipped") {
  const Folder folder;
  for (const std::string part : {"events", "raw", "events_hash", "raw_hash", "chain"}) {
    for (const int64_t block : {1, 2, 3}) {
      const size_t size = folder.part(part, block).size();
      for (size_t at = 0; at < size; at += std::max<size_t>(1, size / 8)) {
        INFO(part << " of block " << block << ", byte " << at);
        folder.flip(part, block, at);
        const VerifyReport report = folder.verify();
        CHECK_FALSE(report.ok);
        CHECK(report.first_difference.starts_with("journal block " + std::to_string(block) + ": "));
        const bool of_part = part == "events" || part == "raw";
        CHECK(holds(report.first_difference, of_part ? part + " differs from its hash" : "chain hash does not follow"));
      }
    }
  }
}

TEST_CASE("verify names the journal's block where a number was changed") {
  const Folder folder;
  for (const std::string column : {"first_seq", "last_seq", "signals", "events_size", "raw_size"}) {
    INFO(column);
    const std::string said =
        folder.first_difference("UPDATE journal SET " + column + " = " + column + " + 1 WHERE block = 2");
    CHECK(said.starts_with("journal block 2: "));
  }
  CHECK(folder.first_difference("UPDATE journal SET block = 9 WHERE block = 2") == "journal block 2: is missing");
  CHECK(folder.first_difference("UPDATE journal SET chain = x'00' WHERE block = 2") ==
        "journal block 2: a hash has not 32 bytes");
  CHECK(holds(folder.first_difference("UPDATE journal SET events = x'' WHERE block = 2"), "journal block 2: events"));
}

TEST_CASE("verify names a journal block that is missing or too many") {
  const Folder folder;
  CHECK(folder.first_difference("DELETE FROM journal WHERE block = 1") == "journal block 1: is missing");
  CHECK(folder.first_difference("DELETE FROM journal WHERE block = 2") == "journal block 2: is missing");
  // Nothing follows the last: what it brought is in the tables and in no block.
  CHECK(holds(folder.first_difference("DELETE FROM journal WHERE block = 3"), "the journal does not give it"));
  const auto extra = [](const std::string& block) {
    return "INSERT INTO journal SELECT " + block +
           ", first_seq, last_seq, signals, events_size, raw_size, events_hash, raw_hash, chain, events, raw FROM "
           "journal "
           "WHERE block = 3";
  };
  CHECK(folder.first_difference(extra("4")).starts_with("journal block 4: holds sequences 6 to 6, where 7 comes next"));
  CHECK(folder.first_difference(extra("7")) == "journal block 4: is missing");
  CHECK(folder.first_difference(extra("-1")) == "journal block 1: is missing");
}

TEST_CASE("what was received may be removed after its time without breaking the chain") {
  const Folder folder;
  folder.alter("UPDATE journal SET raw = NULL WHERE block < 3");
  CHECK(folder.verify().ok);
}

TEST_CASE("verify reports at most a hundred differences and counts them all") {
  const Folder folder;
  folder.alter(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150) "
      "INSERT INTO meta SELECT 'extra-' || i, 'x' FROM n");
  const VerifyReport report = folder.verify();
  CHECK(report.difference_count == 150);
  CHECK(report.differences.size() == 100);
  CHECK(report.first_difference == report.differences.front());
}

TEST_CASE("a replay names the block and the sequence of an event that does not follow") {
  TemporaryFolder folder;
  auto store = good(SqliteStore::open(folder.data()));
  const auto error_after = [&](const Block& block) {
    good(store->commit(block));
    rules::Pipeline pipeline;
    const auto replayed = replay(*good(store->reader()), 0, pipeline);
    return replayed ? std::string() : replayed.error().message;
  };
  Block genesis = block_of({Event{Sequence(1), from_ms(5), Genesis{"00", {1, 2}}}});
  CHECK(error_after(genesis) == "");
  SECTION("a wrong number") {
    Block block = block_of({Event{Sequence(7), from_ms(5), Tick{}}});
    block.first = block.last = Sequence(2);
    CHECK(error_after(block) == "journal block 2, sequence 2: the event bears sequence 7");
  }
  SECTION("time that goes back") {
    CHECK(error_after(block_of({Event{Sequence(2), from_ms(4), Tick{}}})) ==
          "journal block 2, sequence 2: its time lies before that of the event before it");
  }
  SECTION("fewer events than recorded") {
    Block block = block_of({Event{Sequence(2), from_ms(5), StreamOpened{"a", "b"}}});
    block.last = Sequence(3);
    CHECK(error_after(block) == "journal block 2, sequence 3: the events end here, recorded is 3 as the last");
  }
  SECTION("another number of signals than recorded") {
    Block block = block_of({Event{Sequence(2), from_ms(5), StreamOpened{"a", "b"}}});
    block.signals = 4;
    CHECK(error_after(block) == "journal block 2, sequence 2: the events hold 0 signals, recorded are 4");
  }
  SECTION("a command that the engine refuses") {
    const Command claim{UserId(1), "key", "hash", ClaimTask{TaskId(99), 1}};
    CHECK(holds(error_after(block_of({Event{Sequence(2), from_ms(5), claim}})),
                "journal block 2, sequence 2: the engine refuses what it once took: "));
  }
  SECTION("bytes that are no event") {
    Block block = block_of({Event{Sequence(2), from_ms(5), StreamOpened{"a", "b"}}});
    block.events.pop_back();
    CHECK(holds(error_after(block), "journal block 2, sequence 2: events at byte"));
  }
}

}  // namespace quanzu::store
