// The tables on disk and how an older file becomes today's. Forward only: a file of a newer release is refused. And the SQL
// that every table needs, made from the port's description of it (adapters/store/tables.cc).
#pragma once
#include "adapters/store/sqlite.h"

namespace quanzu::store {

constexpr int64_t kSchemaVersion = 1;

// Brings the file to kSchemaVersion, a transaction a step. Errors: a newer file, a file that is not ours, the disk.
Result<void> migrate(const Database& database);
// For readers, which change nothing. Errors: a file of another version, with what to do.
Result<void> check_schema(const Database& database);

// SQL over all columns, or over the key columns alone, of a table: "a, b, c", "a = ? AND b = ?".
std::string column_list(const TableInfo& table);
std::string key_condition(const TableInfo& table);
std::string key_order(const TableInfo& table);
// INSERT ... ON CONFLICT DO UPDATE of every column.
std::string upsert(const TableInfo& table);

// The tables of version 1 without the journal: what verify rebuilds beside the stored ones.
std::string_view table_definitions();

}  // namespace quanzu::store
