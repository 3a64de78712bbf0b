// The tables on disk and how an older file becomes today's. Forward only: a file of a newer release is refused. And the SQL
// that every table needs, made from the port's description of it (adapters/store/tables.cc).
#pragma once
#include "adapters/store/sqlite.h"

namespace quanzu::store {

constexpr int64_t kSchemaVersion = 2;

// The version of the file, 0 where nothing is in it yet. Errors: a newer file, a file that is not ours, the disk.
Result<int64_t> schema_of(const Database& database);
// Makes the tables in an empty file, in a transaction of its own.
Result<void> create_schema(const Database& database);
// The same as SQL for a transaction that is under way, and what marks the file as one of this version.
std::string schema_definitions();
std::string schema_mark();
// For readers, which change nothing. Errors: a file of another version, with what to do.
Result<void> check_schema(const Database& database);

// How an older file becomes one of this version: adapters/store/upgrade.h.

// SQL over all columns, with the hash of the looked-up one last, or over the key columns alone: "a, b, c", "a = ? AND b = ?".
std::string stored_columns(const TableInfo& table);
std::string hash_column(const TableInfo& table);  // "number_key"
std::string key_condition(const TableInfo& table);
std::string key_order(const TableInfo& table);
// INSERT ... ON CONFLICT DO UPDATE of every column, and of the hash beside the one that is looked up.
std::string upsert(const TableInfo& table);

// The tables without journal and keys: what verify rebuilds beside the stored ones.
std::string_view table_definitions();

}  // namespace quanzu::store
