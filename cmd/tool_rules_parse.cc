// quanzu rules parse: what the loader makes of each document.
#include <iostream>

#include "cmd/tool_rules.h"
#include "rules/lang/dump.h"

namespace quanzu::tool {
namespace {

struct ParseCommand {
  std::string path;
  bool json = false;
};

void print(const rules::Document& document, const char* part, const std::string& tree) {
  const std::string path = boost::json::serialize(boost::json::value(document.file));
  const std::string id = boost::json::serialize(boost::json::value(document.info.id));
  std::cout << R"({"path":)" << path << R"(,"id":)" << id << ",\"" << part << "\":" << tree << "}\n";
}

Exit parse(const ParseCommand& command) {
  const std::optional<rules::Pack> pack = load_rules(command.path, {.any_schema = true, .keep_placeholders = true});
  if (!pack) return Exit::kFailed;
  for (const rules::Rule& rule : pack->rules) print(rule, "conditions", rules::dump_conditions(rule));
  for (const rules::Correlation& one : pack->correlations) print(one, "correlation", rules::dump_correlation(one));
  for (const rules::Filter& filter : pack->filters) print(filter, "filter", rules::dump_filter(filter));
  return Exit::kOk;
}

}  // namespace

void add_rules_parse(CLI::App& rules) {
  CLI::App* sub =
      rules.add_subcommand("parse",
                           "Print each rule as a JSON line: {\"path\",\"id\",\"conditions\":[tree]}, every "
                           "selection, list, modifier and filter resolved.\n"
                           "Then each correlation ({..,\"correlation\":{..}}) and filter ({..,\"filter\":{..}}).\n"
                           "Exits: 0 all parse; 1 one does not");
  auto command = std::make_shared<ParseCommand>();
  sub->add_option("PATH", command->path, "A folder of rules, or one rule file")->required();
  sub->add_flag("--json", command->json, "The default, and the only form");
  sub->footer("Example: quanzu rules parse rules/packs/loan/hook.yml | head -1");
  on_chosen(sub, [command] { return parse(*command); });
}

}  // namespace quanzu::tool
