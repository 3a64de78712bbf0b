#include "adapters/store/row_cipher.h"

#include "adapters/store/schema.h"
#include "engine/bytes.h"

namespace quanzu::store {
namespace {

// Table and key; the column's index is put behind it.
void begin_context(const TableInfo& table, const std::vector<Value>& values, std::string& context) {
  context.clear();
  ByteWriter out(context);
  out(table.name);
  for (size_t i = 0; i < table.key_columns; ++i) {
    const auto* text = std::get_if<std::string>(&values[i]);
    if (text != nullptr) {
      out(*text);
    } else {
      const auto* number = std::get_if<int64_t>(&values[i]);
      out(number == nullptr ? int64_t{0} : *number);
    }
  }
}

}  // namespace

int RowWriter::bind(const Row& row, Statement& statement) {
  const TableInfo& table = table_info(row.table);
  ENSURE(row.values.size() == table.columns.size(), "a row has all of its table's columns");
  if (encrypted_.size() < row.values.size()) encrypted_.resize(row.values.size());
  begin_context(table, row.values, context_);
  int parameter = 0;
  for (size_t i = 0; i < row.values.size(); ++i) {
    const auto* plain = table.confidential[i] ? std::get_if<std::string>(&row.values[i]) : nullptr;
    if (plain == nullptr) {
      statement.bind(++parameter, row.values[i], table.types[i]);
      continue;
    }
    context_ += static_cast<char>(i);
    columns_.encrypt(context_, *plain, encrypted_[i]);
    context_.pop_back();
    statement.bind(++parameter, std::string_view(encrypted_[i]), ColumnType::kBlob);
  }
  if (table.looked_up) {
    hash_ = lookup_.hash(std::get<std::string>(row.values[*table.looked_up]));
    statement.bind(++parameter, std::string_view(hash_), ColumnType::kBlob);
  }
  return parameter;
}

Result<Row> read_row(Table table, const Statement& statement, Keyring& keys) {
  const TableInfo& info = table_info(table);
  Row row{table, {}};
  row.values.reserve(info.columns.size());
  std::string context;
  for (size_t i = 0; i < info.columns.size(); ++i) {
    const int column = static_cast<int>(i);
    if (!info.confidential[i] || statement.is_null(column)) {
      row.values.push_back(statement.value(column));
      continue;
    }
    if (context.empty()) begin_context(info, row.values, context);
    context += static_cast<char>(i);
    std::string plain;
    const Result<void> opened = keys.decrypt(Use::kColumn, context, statement.bytes(column), plain);
    context.pop_back();
    if (!opened) {
      Error error = opened.error();
      if (error.code == Code::kUnavailable) return Failure(std::move(error));  // a key is missing: of all rows
      error.message = row_name(info, row.values) + ", column " + std::string(info.columns[i]) + ": " + error.message;
      return Failure(std::move(error));
    }
    row.values.emplace_back(std::move(plain));
  }
  if (info.looked_up) {
    const Result<const LookupKey*> lookup = keys.lookup();
    if (!lookup) return Failure(lookup.error());
    const std::string& value = std::get<std::string>(row.values[*info.looked_up]);
    if (statement.bytes(static_cast<int>(info.columns.size())) != (*lookup)->hash(value)) {
      return fail(Code::kInternal, row_name(info, row.values) + ", column " + hash_column(info) +
                                       ": it is not the hash of the value beside it");
    }
  }
  return row;
}

std::string row_name(const TableInfo& table, const std::vector<Value>& row) {
  std::string text = "table " + std::string(table.name) + ", row ";
  for (size_t i = 0; i < table.key_columns; ++i) {
    if (i != 0) text += ", ";
    text += std::string(table.columns[i]) + "=";
    const auto* number = std::get_if<int64_t>(&row[i]);
    const auto* key = std::get_if<std::string>(&row[i]);
    if (number != nullptr) text += std::to_string(*number);
    if (key != nullptr) text += '"' + *key + '"';
  }
  return text;
}

}  // namespace quanzu::store
