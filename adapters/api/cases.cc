// Cases/List, Get and Counts: what is read of cases. What changes them is in commands.cc.
#include <limits>

#include "adapters/api/methods.h"
#include "adapters/api/rows.h"

namespace quanzu::api {
namespace {

namespace json = boost::json;
using store::Table;

// Open cases stand as the queue does: level, then deadline. Others: the newest first, by the primary key.
constexpr std::string_view kRank =
    "CASE level WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END";
constexpr std::string_view kDue = "ifnull(due_at, 9223372036854775807)";

int64_t rank_of(std::string_view level) {
  const std::optional<Level> found = find_level(level);
  return static_cast<int64_t>(Level::kCritical) - static_cast<int64_t>(found.value_or(Level::kNone));
}

struct Order {
  bool queue = false;
  std::string by() const {
    return queue ? std::string(kRank) + ", " + std::string(kDue) + ", case_id" : std::string("case_id DESC");
  }
  std::string after() const {
    return queue ? "(" + std::string(kRank) + ", " + std::string(kDue) + ", case_id) > (?, ?, ?)"
                 : std::string("case_id < ?");
  }
  size_t columns() const { return queue ? 3 : 1; }
  std::vector<int64_t> position(const store::Row& row) const {
    const int64_t id = integer(row, 0);
    if (!queue) return {id};
    const auto* due = std::get_if<int64_t>(&row.values.at(column::kCaseDueAt));
    return {rank_of(text(row, column::kCaseLevel)), due == nullptr ? std::numeric_limits<int64_t>::max() : *due, id};
  }
};

struct Selection {
  Filter filter;
  Order order;
};

Selection select_cases(Fields& fields) {
  Selection selection;
  Filter& filter = selection.filter;
  const auto state = fields.word<CaseState>("state", Need::kOptional, find_case_state);
  const auto level = fields.word<Level>("level", Need::kOptional, find_level);
  selection.order.queue = state == CaseState::kOpen;
  if (state) filter.equals("state", std::string(case_state_name(*state)));
  if (level) filter.equals("level", std::string(level_name(*level)));
  filter.equals("kind", fields.text("kind", Need::kOptional));
  // An area is a path: "street/community" holds all its buildings.
  const std::string area = fields.text("area", Need::kOptional);
  if (!area.empty()) filter.add("(area = ? OR substr(area, 1, length(?)) = ?)", {area, area + "/", area + "/"});
  return selection;
}

// The words of a reason that its rule matched, marked when they are read: [[begin, end), ...] in bytes of the
// text.
void mark_spans(const Backend& backend, json::object& of) {
  json::value* reasons = of.if_contains("reasons");
  if (reasons == nullptr || !reasons->is_array()) return;
  for (json::value& each : reasons->get_array()) {
    json::object& reason = each.get_object();
    const std::string rule(reason.at("rule").get_string());
    const std::string words(reason.at("text").get_string());
    if (rule.empty() || words.empty()) continue;
    json::array spans;
    for (const auto& [begin, end] : backend.spans(rule, words)) spans.emplace_back(json::array{begin, end});
    reason["spans"] = std::move(spans);
  }
}

bool holds_task(const json::object& of, std::string_view user) {
  for (const json::value& task : of.at("tasks").get_array()) {
    if (std::string_view(task.get_object().at("owner").get_string()) == user) return true;
  }
  return false;
}

Result<std::string> list(Context& context, Call& call) {
  const Page page = take_page(call.fields);
  auto [filter, order] = select_cases(call.fields);
  if (const Result<void> done = call.fields.finish(); !done) return Failure(done.error());
  const std::string filters = "cases" + filter.text;
  if (!page.cursor.empty()) {
    const Result<std::vector<int64_t>> position = decode_cursor(page.cursor, filters, order.columns());
    if (!position) return Failure(position.error());
    filter.add(order.after(), {position->begin(), position->end()});
  }
  Result<Readers::Loan> reader = context.readers.lend();
  if (!reader) return Failure(reader.error());
  // One more than asked for tells whether there is a next page.
  Result<std::vector<store::Row>> rows =
      (*reader)->select(Table::kCases, filter.where, filter.values, order.by(), page.size + 1);
  if (!rows) return Failure(rows.error());
  std::string next;
  if (rows->size() > page.size) {
    rows->resize(page.size);
    next = encode_cursor(filters, order.position(rows->back()));
  }
  return render_page("cases", *rows, column::kCaseDoc, next);
}

Result<std::string> get(Context& context, Call& call) {
  const CaseId id = call.fields.id<CaseId>("case_id", Need::kRequired);
  if (const Result<void> done = call.fields.finish(); !done) return Failure(done.error());
  Result<Readers::Loan> reader = context.readers.lend();
  if (!reader) return Failure(reader.error());
  Result<std::optional<store::Row>> row = (*reader)->get(Table::kCases, {static_cast<int64_t>(id.value())});
  if (!row) return Failure(row.error());
  if (!*row) return fail(Code::kNotFound, "there is no case " + id_text(id), "case_id");
  Result<json::object> of = document(text(**row, column::kCaseDoc));
  if (!of) return Failure(of.error());
  if (call.caller.role == Role::kFieldWorker && !holds_task(*of, call.caller.name)) {
    return fail(Code::kPermissionDenied, "a field worker reads the cases whose task they hold");
  }
  mark_spans(context.backend, *of);
  return json::serialize(json::object{{"case", std::move(*of)}});
}

Result<std::string> counts(Context& context, Call& call) {
  const std::optional<Instant> since = call.fields.time("since");
  if (!since) call.fields.wrong("since", "is needed: the moment from which to count");
  if (const Result<void> done = call.fields.finish(); !done) return Failure(done.error());
  Result<Readers::Loan> reader = context.readers.lend();
  if (!reader) return Failure(reader.error());
  const Result<std::map<std::string, int64_t>> by_reason = count_closed(**reader, *since);
  if (!by_reason) return Failure(by_reason.error());
  json::object closed;
  for (const auto& [reason, count] : *by_reason) closed[reason] = count;
  return json::serialize(json::object{{"closed", std::move(closed)}});
}

}  // namespace

void cases_list(Context& context, Call call) {
  call.reply(list(context, call));
}
void cases_get(Context& context, Call call) {
  call.reply(get(context, call));
}
void cases_counts(Context& context, Call call) {
  call.reply(counts(context, call));
}

}  // namespace quanzu::api
