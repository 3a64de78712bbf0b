// Measures/Query, Drill and Export: exposures and instructions, read as rows, go through the engine's own measure().
#include "engine/measures.h"

#include <sodium.h>

#include <algorithm>
#include <unordered_set>

#include "adapters/api/measure_rows.h"
#include "adapters/api/methods.h"
#include "adapters/api/render.h"
#include "adapters/api/rows.h"
#include "adapters/api/sheet.h"

namespace quanzu::api {
namespace {

namespace json = boost::json;

MeasureQuery parse_query(Fields& fields, const Context& context) {
  MeasureQuery query;
  query.names = fields.texts("names", Need::kOptional);
  query.from = fields.time("from");
  query.to = fields.time("to");
  query.group_by = fields.texts("group_by", Need::kOptional);
  query.as_of = fields.time("as_of").value_or(context.backend.now());
  query.horizon = context.playbook.horizon;
  if (query.from && query.to && *query.from >= *query.to) fields.wrong("to", "must be after from");
  return query;
}

// Who answers for nobody else's work sees their own: the cases that they led, the instructions that they fed
// back.
bool own_work_only(Role role) {
  return role == Role::kOperator || role == Role::kDispatcher;
}

Result<void> keep_own(store::Reader& reader, const std::string& user, std::vector<Exposure>& exposures) {
  std::unordered_set<int64_t> own;
  const Result<std::vector<store::Row>> rows =
      reader.select(store::Table::kCases, "lead = ?", {user}, "case_id", 1'000'000);
  if (!rows) return Failure(rows.error());
  for (const store::Row& row : *rows) own.insert(integer(row, 0));
  std::erase_if(exposures,
                [&own](const Exposure& each) { return !own.contains(static_cast<int64_t>(each.id.value())); });
  return {};
}

Result<MeasureInput> read_input(store::Reader& reader, const User& caller) {
  const bool own = own_work_only(caller.role);
  Result<MeasureInput> input = read_measure_input(reader, own ? caller.name : std::string());
  if (!input || !own) return input;
  if (const Result<void> kept = keep_own(reader, caller.name, input->exposures); !kept) return Failure(kept.error());
  return input;
}

// Of one moment.
Result<MeasureInput> read_moment(Context& context, const User& caller) {
  Result<Readers::Loan> reader = context.readers.lend();
  if (!reader) return Failure(reader.error());
  if (const Result<void> begun = (*reader)->begin(); !begun) return Failure(begun.error());
  Result<MeasureInput> input = read_input(**reader, caller);
  (*reader)->end();
  return input;
}

Result<std::vector<Measure>> measure_all(Context& context, const User& caller, const MeasureQuery& asked) {
  const Result<MeasureInput> input = read_moment(context, caller);
  if (!input) return Failure(input.error());
  return measure(input->exposures, input->loops, asked);
}

Result<std::string> query(Context& context, Call& call) {
  const MeasureQuery asked = parse_query(call.fields, context);
  if (const Result<void> done = call.fields.finish(); !done) return Failure(done.error());
  const Result<std::vector<Measure>> measures = measure_all(context, call.caller, asked);
  if (!measures) return Failure(measures.error());
  json::array out;
  for (const Measure& each : *measures) out.emplace_back(render_measure(each));
  return json::serialize(json::object{{"as_of", format_rfc3339(asked.as_of)}, {"measures", std::move(out)}});
}

struct Drill {
  MeasureQuery query;
  std::map<std::string, std::string> group;
  Side side = Side::kNumerator;
  Page page;
};

Drill parse_drill(Fields& fields, const Context& context) {
  Drill drill;
  drill.page = take_page(fields);
  drill.query.names = {fields.text("name", Need::kRequired)};
  drill.query.from = fields.time("from");
  drill.query.to = fields.time("to");
  drill.query.as_of = fields.time("as_of").value_or(context.backend.now());
  drill.query.horizon = context.playbook.horizon;
  drill.side = fields.word<Side>("side", Need::kRequired, find_side).value_or(Side::kNumerator);
  for (const char* key : {"area", "level", "fraud_type", "month"}) {
    if (!fields.has(key)) continue;
    drill.query.group_by.emplace_back(key);
    drill.group[key] = fields.text(key, Need::kOptional);
  }
  return drill;
}

// The rows of the page's ids, in their order. One key at a time: a page is short.
template <class Id>
Result<std::vector<store::Row>> rows_of(store::Reader& reader, store::Table table, const std::vector<Id>& ids,
                                        size_t first, size_t size) {
  std::vector<store::Row> out;
  for (size_t i = first; i < std::min(ids.size(), first + size); ++i) {
    Result<std::optional<store::Row>> row = reader.get(table, {static_cast<int64_t>(ids[i].value())});
    if (!row) return Failure(row.error());
    if (*row) out.push_back(std::move(**row));
  }
  return out;
}

Result<std::string> drill(Context& context, Call& call) {
  const Drill asked = parse_drill(call.fields, context);
  if (const Result<void> done = call.fields.finish(); !done) return Failure(done.error());
  const Result<MeasureInput> input = read_moment(context, call.caller);
  if (!input) return Failure(input.error());
  const Result<Drilled> found = quanzu::drill(input->exposures, input->loops, asked.query, asked.group, asked.side);
  if (!found) return Failure(found.error());
  const size_t total = found->cases.size() + found->instructions.size();
  size_t first = 0;
  const std::string filters = "drill" + asked.query.names.front();
  if (!asked.page.cursor.empty()) {
    const Result<std::vector<int64_t>> position = decode_cursor(asked.page.cursor, filters, 1);
    if (!position) return Failure(position.error());
    first = static_cast<size_t>(position->front());
  }
  Result<Readers::Loan> reader = context.readers.lend();
  if (!reader) return Failure(reader.error());
  const auto cases = rows_of(**reader, store::Table::kCases, found->cases, first, asked.page.size);
  if (!cases) return Failure(cases.error());
  const auto instructions = rows_of(**reader, store::Table::kInstructions, found->instructions, first, asked.page.size);
  if (!instructions) return Failure(instructions.error());
  const size_t next = first + asked.page.size;
  const std::string cursor = next < total ? encode_cursor(filters, {static_cast<int64_t>(next)}) : std::string();
  return "{\"total\":" + std::to_string(total) + ",\"cases\":[" + joined_documents(*cases, column::kCaseDoc) +
         "],\"instructions\":[" + joined_documents(*instructions, column::kInstructionDoc) + "],\"next_cursor\":\"" +
         cursor + "\"}";
}

Cell cell(const std::optional<double>& number, bool shown) {
  return number && shown ? Cell(*number) : Cell();
}

// Under 20 the counts alone, as everywhere.
Sheet sheet_of(const std::vector<Measure>& measures, const MeasureQuery& query) {
  Sheet sheet{"measures", {"name"}, {}};
  sheet.columns.insert(sheet.columns.end(), query.group_by.begin(), query.group_by.end());
  for (const char* column : {"numerator", "denominator", "value", "low", "high", "bound_low", "bound_high", "immature",
                             "excluded", "definition"}) {
    sheet.columns.emplace_back(column);
  }
  for (const Measure& each : measures) {
    std::vector<Cell>& row = sheet.rows.emplace_back();
    row.emplace_back(each.name);
    for (const std::string& key : query.group_by) row.emplace_back(each.group.at(key));
    for (const uint64_t count : {each.numerator, each.denominator}) row.emplace_back(static_cast<double>(count));
    for (const auto& number : {each.value, each.low, each.high, each.bound_low, each.bound_high}) {
      row.push_back(cell(number, !each.small));
    }
    row.emplace_back(static_cast<double>(each.immature));
    std::string excluded;
    for (const Excluded& reason : each.excluded) {
      excluded += (excluded.empty() ? "" : "; ") + reason.reason + " " + std::to_string(reason.count);
    }
    row.emplace_back(std::move(excluded));
    row.emplace_back(each.definition);
  }
  return sheet;
}

std::string base64(const std::string& bytes) {
  std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  out.pop_back();  // its zero
  return out;
}

Result<std::string> export_sheet(Context& context, Call& call) {
  const std::string format = call.fields.text("format", Need::kRequired);
  if (format != "csv" && format != "xlsx") call.fields.wrong("format", "must be csv or xlsx");
  const MeasureQuery asked = parse_query(call.fields, context);
  if (const Result<void> done = call.fields.finish(); !done) return Failure(done.error());
  const Result<std::vector<Measure>> measures = measure_all(context, call.caller, asked);
  if (!measures) return Failure(measures.error());
  const Sheet sheet = sheet_of(*measures, asked);
  const Result<std::string> content = format == "csv" ? Result<std::string>(csv_of(sheet)) : xlsx_of(sheet);
  if (!content) return Failure(content.error());
  const std::string type =
      format == "csv" ? "text/csv" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  return json::serialize(
      json::object{{"file_name", "measures-" + format_rfc3339(asked.as_of).substr(0, 10) + "." + format},
                   {"content_type", type},
                   {"content", base64(*content)}});
}

}  // namespace

void measures_query(Context& context, Call call) {
  call.reply(query(context, call));
}
void measures_drill(Context& context, Call call) {
  call.reply(drill(context, call));
}
void measures_export(Context& context, Call call) {
  call.reply(export_sheet(context, call));
}

}  // namespace quanzu::api
