#include "cmd/server.h"

namespace quanzu::cmd {

void add_user(CLI::App& app, int& exit_code) {
  CLI::App* user = app.add_subcommand("user", "Accounts: add, list, disable, reset");
  user->callback([&exit_code] { exit_code = kUsage; });
}

}  // namespace quanzu::cmd
