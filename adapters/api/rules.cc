// Rules: what is live and how much each rule has said today; going over to other packs, back, and shadow. Switch is a
// command.
#include <map>

#include "adapters/api/methods.h"
#include "adapters/api/rows.h"

namespace quanzu::api {
namespace {

namespace json = boost::json;
using store::Table;

// rules: rule, state, why, switched_by, day, alerts, held_back.
json::object render_state(const store::Row& row) {
  const auto* day = std::get_if<int64_t>(&row.values.at(4));
  return {{"state", text(row, 1)},
          {"why", text(row, 2)},
          {"day", day == nullptr ? json::value(nullptr) : json::value(format_rfc3339(from_ms(*day)))},
          {"alerts_that_day", integer(row, 5)},
          {"held_back", integer(row, 6)}};
}

Result<std::map<std::string, json::object>> states_of(store::Reader& reader) {
  std::map<std::string, json::object> states;
  const Result<void> read = reader.scan(Table::kRules, [&states](const store::Row& row) -> Result<void> {
    states[text(row, 0)] = render_state(row);
    return {};
  });
  if (!read) return Failure(read.error());
  return states;
}

Result<std::string> list(Context& context, Call& call) {
  if (const Result<void> done = call.fields.finish(); !done) return Failure(done.error());
  Result<Readers::Loan> reader = context.readers.lend();
  if (!reader) return Failure(reader.error());
  const Result<std::vector<store::Row>> packs = (*reader)->select(Table::kPacks, "1", {}, "version DESC", 1);
  if (!packs) return Failure(packs.error());
  if (packs->empty()) return json::serialize(json::object{{"version", 0}, {"rules", json::array()}});
  Result<std::map<std::string, json::object>> states = states_of(**reader);
  if (!states) return Failure(states.error());
  const store::Row& live = packs->front();  // version, hash, rules
  json::array rules;
  const json::value stored = json::parse(text(live, 2));
  for (const json::value& each : stored.as_array()) {
    json::object rule = each.as_object();
    rule["state"] = "on";
    const auto state = states->find(std::string(rule.at("rule").as_string()));
    if (state != states->end()) {
      for (const auto& [name, value] : state->second) rule[name] = value;
    }
    rules.emplace_back(std::move(rule));
  }
  return json::serialize(
      json::object{{"version", integer(live, 0)}, {"hash", text(live, 1)}, {"rules", std::move(rules)}});
}

void ask(Context& context, Call& call, PackRequest request) {
  if (const Result<void> done = call.fields.finish(); !done) return call.refuse(done.error());
  context.backend.packs(request, call.reply);
}

}  // namespace

void rules_list(Context& context, Call call) {
  call.reply(list(context, call));
}

void rules_preview(Context& context, Call call) {
  ask(context, call, PackRequest::kPreview);
}

void rules_publish(Context& context, Call call) {
  ask(context, call, PackRequest::kReload);
}

void rules_rollback(Context& context, Call call) {
  ask(context, call, PackRequest::kRollback);
}

void rules_shadow(Context& context, Call call) {
  const std::optional<bool> on = call.fields.boolean("on");
  ask(context, call, !on ? PackRequest::kShadowReport : *on ? PackRequest::kShadowOn : PackRequest::kShadowOff);
}

}  // namespace quanzu::api
