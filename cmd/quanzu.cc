// quanzu: the tool of rule authors, of whoever connects a feed, and of whoever simulates.
#include <CLI/CLI.hpp>

#include "cmd/tool.h"

namespace quanzu::tool {

void on_chosen(CLI::App* command, std::function<Exit()> body) {
  command->callback([body = std::move(body)] {
    Exit exit = body();
    if (exit != Exit::kSuccess) throw CLI::RuntimeError(static_cast<int>(exit));
  });
}

}  // namespace quanzu::tool

int main(int argc, char** argv) {
  using quanzu::tool::Exit;
  CLI::App app("Quanzu's tool: rules, feeds, simulations", "quanzu");
  app.set_version_flag("--version", "quanzu " QUANZU_VERSION);
  app.require_subcommand(1);
  quanzu::tool::add_rules(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::RuntimeError& error) {
    return error.get_exit_code();
  } catch (const CLI::Success& error) {  // --help and --version
    return app.exit(error);
  } catch (const CLI::ParseError& error) {
    app.exit(error);
    return static_cast<int>(Exit::kUsage);
  }
  return static_cast<int>(Exit::kSuccess);
}
