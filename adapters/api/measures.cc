// Measures/Query: exposures and instructions, read as rows, go through the engine's own measure().
#include "engine/measures.h"

#include <unordered_set>

#include "adapters/api/measure_rows.h"
#include "adapters/api/methods.h"
#include "adapters/api/render.h"
#include "adapters/api/rows.h"

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
      reader.select(store::Table::kCases, "json_extract(doc, '$.lead') = ?", {user}, "case_id", 1'000'000);
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

Result<std::string> query(Context& context, Call& call) {
  const MeasureQuery asked = parse_query(call.fields, context);
  if (const Result<void> done = call.fields.finish(); !done) return Failure(done.error());
  Result<Readers::Loan> reader = context.readers.lend();
  if (!reader) return Failure(reader.error());
  if (const Result<void> begun = (*reader)->begin(); !begun) return Failure(begun.error());
  const Result<MeasureInput> input = read_input(**reader, call.caller);
  (*reader)->end();
  if (!input) return Failure(input.error());
  const Result<std::vector<Measure>> measures = measure(input->exposures, input->loops, asked);
  if (!measures) return Failure(measures.error());
  json::array out;
  for (const Measure& each : *measures) out.emplace_back(render_measure(each));
  return json::serialize(json::object{{"as_of", format_rfc3339(asked.as_of)}, {"measures", std::move(out)}});
}

}  // namespace

void measures_query(Context& context, Call call) {
  call.reply(query(context, call));
}

}  // namespace quanzu::api
