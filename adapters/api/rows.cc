#include "adapters/api/rows.h"

namespace quanzu::api {

namespace json = boost::json;

void Filter::add(std::string_view sql, std::vector<store::Value> bound) {
  where += " AND " + std::string(sql);
  text += std::string(sql) + '\0';
  for (store::Value& value : bound) {
    if (const auto* string = std::get_if<std::string>(&value)) text += *string;
    if (const auto* number = std::get_if<int64_t>(&value)) text += std::to_string(*number);
    text += '\0';
    values.push_back(std::move(value));
  }
}

void Filter::equals(std::string_view column, const std::string& value) {
  if (!value.empty()) add(std::string(column) + " = ?", {value});
}

Page take_page(Fields& fields) {
  Page page;
  page.size = static_cast<size_t>(fields.integer("page_size", Need::kOptional, 1, 200).value_or(50));
  page.cursor = fields.text("cursor", Need::kOptional);
  return page;
}

int64_t integer(const store::Row& row, size_t column) {
  const auto* value = std::get_if<int64_t>(&row.values.at(column));
  return value == nullptr ? 0 : *value;
}

const std::string& text(const store::Row& row, size_t column) {
  static const std::string kEmpty;
  const auto* value = std::get_if<std::string>(&row.values.at(column));
  return value == nullptr ? kEmpty : *value;
}

Result<json::object> document(const std::string& stored) {
  json::error_code error;
  json::value value = json::parse(stored, error);
  if (error || !value.is_object()) return fail(Code::kInternal, "a stored document is no JSON; run `quanzud verify`");
  return std::move(value.get_object());
}

std::string joined_documents(const std::vector<store::Row>& rows, size_t doc_column) {
  std::string out;
  for (const store::Row& row : rows) out.append(out.empty() ? "" : ",").append(text(row, doc_column));
  return out;
}

std::string render_page(std::string_view name, const std::vector<store::Row>& rows, size_t doc_column,
                        const std::string& next_cursor) {
  return "{\"" + std::string(name) + "\":[" + joined_documents(rows, doc_column) + "],\"next_cursor\":\"" +
         next_cursor + "\"}";  // base64url: nothing to escape
}

}  // namespace quanzu::api
