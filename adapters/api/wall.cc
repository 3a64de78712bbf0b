// Wall/Get: the street as counts, for a screen that anybody may stand before. No name, no case, no building.
#include "adapters/api/wall.h"

#include "adapters/api/methods.h"
#include "adapters/api/rows.h"

namespace quanzu::api {
namespace {

namespace json = boost::json;
using store::Table;

// What the open cases come to.
struct Open {
  std::map<std::string, int64_t> by_level;
  std::map<std::string, int64_t> by_community;
  int64_t waiting = 0;  // tasks
  int64_t held = 0;
  int64_t overdue = 0;  // cases
  std::optional<Duration> longest_overdue;
};

void count_tasks(const json::object& of, Open& open) {
  for (const json::value& each : of.at("tasks").get_array()) {
    const json::string& state = each.get_object().at("state").get_string();
    if (state == "waiting") ++open.waiting;
    if (state == "claimed" || state == "under_way") ++open.held;
  }
}

// cases: case_id, version, kind, state, level, score, fraud_type, area, resident_id, opened_at, due_at, doc.
Result<Open> count_open(store::Reader& reader, Instant now) {
  constexpr size_t kArea = 7;
  constexpr size_t kMost = 1'000'000;
  const Result<std::vector<store::Row>> rows = reader.select(Table::kCases, "state = 'open'", {}, "case_id", kMost);
  if (!rows) return Failure(rows.error());
  Open open;
  for (const store::Row& row : *rows) {
    ++open.by_level[text(row, column::kCaseLevel)];
    const std::string community = community_of(text(row, kArea));
    if (!community.empty()) ++open.by_community[community];
    const auto* due = std::get_if<int64_t>(&row.values.at(column::kCaseDueAt));
    if (due != nullptr && from_ms(*due) < now) {
      ++open.overdue;
      open.longest_overdue = std::max(open.longest_overdue.value_or(Duration{}), now - from_ms(*due));
    }
    const Result<json::object> of = document(text(row, column::kCaseDoc));
    if (!of) return Failure(of.error());
    count_tasks(*of, open);
  }
  return open;
}

json::object counts_of(const std::map<std::string, int64_t>& of) {
  json::object out;
  for (const auto& [name, count] : of) out[name] = count;
  return out;
}

Result<std::string> get(Context& context, Call& call) {
  const std::optional<Instant> since = call.fields.time("since");
  if (!since) call.fields.wrong("since", "is needed: the moment from which to count what was closed");
  if (const Result<void> done = call.fields.finish(); !done) return Failure(done.error());
  Result<Readers::Loan> reader = context.readers.lend();
  if (!reader) return Failure(reader.error());
  const Instant now = context.backend.now();
  const Result<Open> open = count_open(**reader, now);
  if (!open) return Failure(open.error());
  const Result<std::map<std::string, int64_t>> closed = count_closed(**reader, *since);
  if (!closed) return Failure(closed.error());
  json::value longest(nullptr);
  if (open->longest_overdue) longest = std::chrono::duration_cast<std::chrono::seconds>(*open->longest_overdue).count();
  return json::serialize(json::object{{"now", format_rfc3339(now)},
                                      {"open", counts_of(open->by_level)},
                                      {"waiting", open->waiting},
                                      {"held", open->held},
                                      {"overdue", open->overdue},
                                      {"longest_overdue_s", std::move(longest)},
                                      {"closed", counts_of(*closed)},
                                      {"communities", bands_of(open->by_community)}});
}

}  // namespace

std::string community_of(std::string_view area) {
  const size_t street = area.find('/');
  if (street == std::string_view::npos) return {};
  return std::string(area.substr(0, area.find('/', street + 1)));
}

json::array bands_of(const std::map<std::string, int64_t>& communities) {
  json::array out;
  for (const auto& [area, count] : communities) {
    if (count < kCell) continue;
    const int64_t from = count / kCell * kCell;
    out.emplace_back(
        json::object{{"area", area}, {"band", std::to_string(from) + "–" + std::to_string(from + kCell - 1)}});
  }
  return out;
}

void wall_get(Context& context, Call call) {
  call.reply(get(context, call));
}

}  // namespace quanzu::api
