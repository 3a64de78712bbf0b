// Rules/Check: what the checker says of a rule's text that somebody is writing. Reads nothing and keeps nothing.
#include <algorithm>

#include "adapters/api/methods.h"
#include "rules/lang/load_text.h"
#include "rules/lang/problems.h"

namespace quanzu::api {
namespace {

namespace json = boost::json;

constexpr size_t kMaxRuleText = 60'000;  // characters are bytes here; a pack's longest file has a tenth of that

json::object render_problem(const rules::Problem& of) {
  return {{"severity", rules::severity_name(of.severity)},
          {"line", of.mark.line},
          {"column", of.mark.column},
          {"text", of.text},
          {"reason", of.reason},
          {"suggestion", of.suggestion}};
}

Result<std::string> check(Call& call) {
  const json::value text = call.fields.raw("text", Need::kRequired);
  if (!text.is_null() && (!text.is_string() || text.get_string().size() > kMaxRuleText)) {
    call.fields.wrong("text", "must be a rule file's text of at most " + std::to_string(kMaxRuleText) + " bytes");
  }
  if (const Result<void> done = call.fields.finish(); !done) return Failure(done.error());
  rules::Pack pack = rules::load_text("rule.yml", std::string(text.get_string()));
  std::stable_sort(pack.problems.begin(), pack.problems.end(), [](const rules::Problem& a, const rules::Problem& b) {
    return std::pair(a.mark.line, a.mark.column) < std::pair(b.mark.line, b.mark.column);
  });
  json::array problems;
  for (const rules::Problem& each : pack.problems) problems.emplace_back(render_problem(each));
  return json::serialize(json::object{
      {"ok", pack.ok()}, {"rules", pack.rules.size() + pack.correlations.size()}, {"problems", std::move(problems)}});
}

}  // namespace

void rules_check(Context&, Call call) {
  call.reply(check(call));
}

}  // namespace quanzu::api
