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

Result<std::map<std::string, int64_t>> count_closed(store::Reader& reader, Instant since) {
  // Few cases live longer than this, and it spares looking through years.
  const Instant oldest = since - std::chrono::days(40);
  const Result<std::vector<store::Row>> rows =
      reader.select(store::Table::kCases, "state <> 'open' AND opened_at >= ? AND closed_at >= ?",
                    {to_ms(oldest), to_ms(since)}, "case_id DESC", 100'000);
  if (!rows) return Failure(rows.error());
  std::map<std::string, int64_t> by_reason;
  for (const store::Row& row : *rows) {
    const Result<boost::json::object> of = document(text(row, column::kCaseDoc));
    if (!of) return Failure(of.error());
    ++by_reason[std::string(of->at("closing").get_object().at("reason").get_string())];
  }
  return by_reason;
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
