// quanzu rules: what a rule author does with a pack. Each verb is in its own tool_rules_*.cc.
#include <CLI/CLI.hpp>

#include "cmd/tool.h"

namespace quanzu::tool {

void add_rules(CLI::App& app) {
  CLI::App* rules = app.add_subcommand("rules", "Check, test, match and explain rule packs");
  rules->require_subcommand(1);
}

}  // namespace quanzu::tool
