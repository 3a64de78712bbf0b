// quanzud's subcommands: each file cmd/server_<name>.cc adds one to the program. A subcommand parses its
// options by CLI11 and, when it runs, leaves its exit code in `exit_code`.
#pragma once
#include <CLI/CLI.hpp>

namespace quanzu::cmd {

// What every command of quanzud and quanzu exits with.
enum Exit : int {
  kOk = 0,
  kFailed = 1,  // it ran, and the answer is no: verify differs, a file has bad rows, a request was refused
  kUsage = 2,   // the command line or the configuration is wrong
  kState = 3,   // the world does not allow it: the folder is locked, the port is taken, the disk failed
};

void add_serve(CLI::App& app, int& exit_code);
void add_user(CLI::App& app, int& exit_code);
void add_verify(CLI::App& app, int& exit_code);
void add_measures(CLI::App& app, int& exit_code);
void add_packs(CLI::App& app, int& exit_code);

}  // namespace quanzu::cmd
