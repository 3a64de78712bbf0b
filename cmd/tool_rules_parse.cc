// quanzu rules parse: the tree that a rule's condition becomes.
#include <iostream>

#include "cmd/tool_rules.h"
#include "rules/lang/dump.h"

namespace quanzu::tool {
namespace {

struct ParseCommand {
  std::string path;
  bool json = false;
};

Exit parse(const ParseCommand& command) {
  const std::optional<rules::Pack> pack = load_rules(command.path, {.any_schema = true, .keep_placeholders = true});
  if (!pack) return Exit::kFailed;
  for (const rules::Rule& rule : pack->rules) {
    const std::string path = boost::json::serialize(boost::json::value(rule.file));
    const std::string id = boost::json::serialize(boost::json::value(rule.info.id));
    std::cout << R"({"path":)" << path << R"(,"id":)" << id << R"(,"conditions":)" << rules::dump_conditions(rule)
              << "}\n";
  }
  return Exit::kOk;
}

}  // namespace

void add_rules_parse(CLI::App& rules) {
  CLI::App* sub = rules.add_subcommand("parse",
                                       "Print each rule as a JSON line: {\"path\",\"id\",\"conditions\":[tree]}, every "
                                       "selection, list and modifier resolved.\n"
                                       "Exits: 0 all parse; 1 one does not");
  auto command = std::make_shared<ParseCommand>();
  sub->add_option("PATH", command->path, "A folder of rules, or one rule file")->required();
  sub->add_flag("--json", command->json, "The default, and the only form");
  sub->footer("Example: quanzu rules parse rules/packs/loan/hook.yml | head -1");
  on_chosen(sub, [command] { return parse(*command); });
}

}  // namespace quanzu::tool
