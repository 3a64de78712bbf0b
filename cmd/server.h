// quanzud's subcommands: each file cmd/server_<name>.cc adds one to the program. A subcommand parses its
// options by CLI11 and, when it runs, leaves its exit code in `exit_code`.
#pragma once
#include <CLI/CLI.hpp>

#include "cmd/exit.h"

namespace quanzu::cmd {

void add_serve(CLI::App& app, int& exit_code);
void add_user(CLI::App& app, int& exit_code);
void add_verify(CLI::App& app, int& exit_code);
void add_measures(CLI::App& app, int& exit_code);
void add_packs(CLI::App& app, int& exit_code);

}  // namespace quanzu::cmd
