// Truth/Next: the oldest case without a label, for a reviewer who sees neither loss nor operator. Decide is a
// command.
#include "adapters/api/methods.h"
#include "adapters/api/rows.h"

namespace quanzu::api {
namespace {

namespace json = boost::json;

// What would tell how it ended or who worked on it.
void blind(json::object& of) {
  for (const std::string_view key : {"lead", "closing", "past_closings", "truth", "follow_ups", "corrections",
                                     "lost_at", "loss_fen", "reached_at", "tasks", "state"}) {
    of.erase(key);
  }
  for (json::value& each : of.at("attempts").get_array()) {
    for (const std::string_view key : {"by", "note", "stopped_by"}) each.get_object().erase(key);
  }
}

Result<std::string> next(Context& context, Call& call) {
  if (const Result<void> done = call.fields.finish(); !done) return Failure(done.error());
  Result<Readers::Loan> reader = context.readers.lend();
  if (!reader) return Failure(reader.error());
  const std::string& name = call.caller.name;
  const Result<std::vector<store::Row>> rows = (*reader)->select(
      store::Table::kCases,
      // A loss proves true, so what was lost needs no label.
      "state <> 'open' AND case_id IN (SELECT case_id FROM exposures WHERE truth = '' AND lost_at IS NULL)"
      " AND closed_by <> ? AND lead <> ?",
      {name, name}, "case_id", 1);
  if (!rows) return Failure(rows.error());
  if (rows->empty()) return std::string("{}");
  Result<json::object> of = document(text(rows->front(), column::kCaseDoc));
  if (!of) return Failure(of.error());
  blind(*of);
  return json::serialize(json::object{{"case", std::move(*of)}});
}

}  // namespace

void truth_next(Context& context, Call call) {
  call.reply(next(context, call));
}

}  // namespace quanzu::api
