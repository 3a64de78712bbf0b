// The subcommands of `quanzu`, each in its own tool_*.cc, and what they share. quanzu.cc puts them together.
// Every command answers with one of the four exits, prints results on standard output and everything else on standard
// error.
#pragma once
#include <functional>

#include "cmd/exit.h"

namespace CLI {
class App;
}

namespace quanzu::tool {

using cmd::Exit;

// Runs `body` when `command` was chosen; its exit becomes the program's.
void on_chosen(CLI::App* command, std::function<Exit()> body);

void add_rules(CLI::App& app);
void add_send(CLI::App& app);
void add_load(CLI::App& app);
void add_simulate(CLI::App& app);
void add_backtest(CLI::App& app);

}  // namespace quanzu::tool
