#include "adapters/store/schema.h"

namespace quanzu::store {
namespace {

// "Quan" in ASCII: tells our file from another program's (PRAGMA application_id).
constexpr int64_t kApplicationId = 0x5175616e;

// The large columns come last: SQLite walks a row's overflow pages only as far as the columns that are read, so a replay
// never touches `raw`, and a check of the chain touches neither.
constexpr std::string_view kJournal = R"(
CREATE TABLE journal(
  block INTEGER PRIMARY KEY,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  signals INTEGER NOT NULL,
  events_size INTEGER NOT NULL,  -- before compression and encryption, like raw_size
  raw_size INTEGER NOT NULL,
  events_hash BLOB NOT NULL,     -- SHA-256 of the stored bytes
  raw_hash BLOB NOT NULL,        -- stays when raw is removed
  chain BLOB NOT NULL,           -- SHA-256 over the previous chain and all of the above
  events BLOB NOT NULL,
  raw BLOB
) STRICT;
)";

// What encrypts the rest, each wrapped by a master key that is not in this file.
constexpr std::string_view kKeys = R"(
CREATE TABLE keys(
  key_id INTEGER PRIMARY KEY,    -- by chance
  use TEXT NOT NULL,             -- data, lookup
  first_block INTEGER NOT NULL,  -- what it encrypts begins here
  master TEXT NOT NULL,          -- which master key wraps it
  wrapped BLOB NOT NULL
) STRICT;
)";

// Times are milliseconds of UTC; enumerations are the words of the API. A confidential column is a BLOB, whatever is in it.
constexpr std::string_view kTables = R"(
CREATE TABLE meta(
  key TEXT PRIMARY KEY, value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE cases(
  case_id INTEGER PRIMARY KEY, version INTEGER NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, level TEXT NOT NULL,
  score INTEGER NOT NULL, fraud_type TEXT NOT NULL, area TEXT NOT NULL, resident_id INTEGER, opened_at INTEGER NOT NULL,
  due_at INTEGER, lead TEXT NOT NULL, closed_by TEXT NOT NULL, closed_at INTEGER, doc BLOB NOT NULL
) STRICT;
CREATE INDEX cases_by_state ON cases(state, case_id);
CREATE TABLE exposures(
  case_id INTEGER PRIMARY KEY, resident_id INTEGER, fraud_type TEXT NOT NULL, level TEXT NOT NULL, area TEXT NOT NULL,
  t0 INTEGER NOT NULL, lost_at INTEGER, reached_at INTEGER, contacted_at INTEGER, truth TEXT NOT NULL,
  no_loss_at_horizon INTEGER NOT NULL, excluded TEXT NOT NULL, closed INTEGER NOT NULL
) STRICT;
CREATE TABLE instructions(
  instruction_id INTEGER PRIMARY KEY, upstream_id TEXT NOT NULL, state TEXT NOT NULL, issued_at INTEGER NOT NULL,
  case_id INTEGER, doc BLOB NOT NULL
) STRICT;
CREATE TABLE residents(
  resident_id INTEGER PRIMARY KEY, number BLOB NOT NULL, area TEXT NOT NULL, birth_year INTEGER,
  provisional INTEGER NOT NULL, doc BLOB NOT NULL, number_key BLOB NOT NULL
) STRICT;
CREATE INDEX residents_by_number ON residents(number_key);
CREATE TABLE users(
  user_id INTEGER PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, disabled INTEGER NOT NULL,
  token_hash BLOB NOT NULL, password_hash BLOB NOT NULL, totp_secret BLOB NOT NULL
) STRICT;
CREATE TABLE streams(
  stream_id INTEGER PRIMARY KEY, feed TEXT NOT NULL, stream TEXT NOT NULL, next_seq INTEGER NOT NULL,
  accepted INTEGER NOT NULL, rejected INTEGER NOT NULL, latest_at INTEGER NOT NULL
) STRICT;
CREATE TABLE packs(
  version INTEGER PRIMARY KEY, hash TEXT NOT NULL, rules TEXT NOT NULL
) STRICT;
CREATE TABLE alerts(
  sequence INTEGER, ordinal INTEGER, stream_id INTEGER NOT NULL, seq INTEGER NOT NULL, rule TEXT NOT NULL,
  rule_version TEXT NOT NULL, resident_id INTEGER, at INTEGER NOT NULL,
  PRIMARY KEY(sequence, ordinal)
) STRICT, WITHOUT ROWID;
CREATE TABLE rejects(
  stream_id INTEGER NOT NULL, seq INTEGER NOT NULL, reason TEXT NOT NULL, detail BLOB NOT NULL, payload BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY(stream_id, seq)
) STRICT;
CREATE TABLE outbox(
  outreach_id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL, channel TEXT NOT NULL, template TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE TABLE rules(
  rule TEXT PRIMARY KEY, state TEXT NOT NULL, why TEXT NOT NULL, switched_by INTEGER, day INTEGER,
  alerts INTEGER NOT NULL, held_back INTEGER NOT NULL
) STRICT;
CREATE TABLE replies(
  user_id INTEGER NOT NULL, idempotency_key TEXT NOT NULL, body_hash BLOB NOT NULL, sequence INTEGER NOT NULL,
  reply BLOB NOT NULL,
  PRIMARY KEY(user_id, idempotency_key)
) STRICT;
)";

std::string join(const TableInfo& table, size_t count, std::string_view suffix, std::string_view separator) {
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    if (i != 0) text += separator;
    text += table.columns[i];
    text += suffix;
  }
  return text;
}

}  // namespace

Result<int64_t> schema_of(const Database& database) {
  Result<int64_t> version = database.integer("PRAGMA user_version");
  if (!version) return version;
  Result<int64_t> application = database.integer("PRAGMA application_id");
  if (!application) return application;
  if (*application != (*version == 0 ? 0 : kApplicationId)) {
    return fail(Code::kFailedPrecondition, "the file was not written by quanzud: name another data folder");
  }
  if (*version > kSchemaVersion) {
    return fail(Code::kFailedPrecondition, "the file has schema " + std::to_string(*version) +
                                               ", this release knows up to " + std::to_string(kSchemaVersion) +
                                               ": start the newer release that wrote it");
  }
  return version;
}

std::string schema_definitions() {
  return std::string(kJournal) + std::string(kKeys) + std::string(kTables);
}

std::string schema_mark() {
  return "PRAGMA application_id=" + std::to_string(kApplicationId) +
         ";PRAGMA user_version=" + std::to_string(kSchemaVersion) + ";";
}

Result<void> create_schema(const Database& database) {
  Result<void> made = database.execute("BEGIN IMMEDIATE;" + schema_definitions() + schema_mark() + "COMMIT");
  if (!made) database.rollback();
  return made;
}

Result<void> check_schema(const Database& database) {
  const Result<int64_t> version = schema_of(database);
  if (!version) return Failure(version.error());
  if (*version < kSchemaVersion) {
    return fail(Code::kFailedPrecondition, "the file has schema " + std::to_string(*version) + ", older than " +
                                               std::to_string(kSchemaVersion) +
                                               ": run `quanzud serve` once, which migrates it");
  }
  return {};
}

std::string hash_column(const TableInfo& table) {
  return std::string(table.columns[*table.looked_up]) + "_key";
}

std::string stored_columns(const TableInfo& table) {
  const std::string columns = join(table, table.columns.size(), "", ", ");
  return table.looked_up ? columns + ", " + hash_column(table) : columns;
}
std::string key_condition(const TableInfo& table) {
  return join(table, table.key_columns, " = ?", " AND ");
}
std::string key_order(const TableInfo& table) {
  return join(table, table.key_columns, "", ", ");
}

std::string upsert(const TableInfo& table) {
  std::string sql = "INSERT INTO " + std::string(table.name) + "(" + stored_columns(table) + ") VALUES(?";
  for (size_t i = 1; i < table.columns.size() + (table.looked_up ? 1 : 0); ++i) sql += ", ?";
  sql += ") ON CONFLICT(" + key_order(table) + ") DO UPDATE SET ";
  for (size_t i = table.key_columns; i < table.columns.size(); ++i) {
    if (i != table.key_columns) sql += ", ";
    sql += std::string(table.columns[i]) + " = excluded." + std::string(table.columns[i]);
  }
  if (table.looked_up) sql += ", " + hash_column(table) + " = excluded." + hash_column(table);
  return sql;
}

std::string_view table_definitions() {
  return kTables;
}

}  // namespace quanzu::store
