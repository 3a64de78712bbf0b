// quanzu: the tool of rule authors, of whoever connects a feed, and of whoever simulates.
#include <CLI/CLI.hpp>

#include "cmd/tool.h"

namespace quanzu::tool {

void on_chosen(CLI::App* command, std::function<Exit()> body) {
  command->callback([body = std::move(body)] {
    Exit exit = body();
    if (exit != Exit::kOk) throw CLI::RuntimeError(exit);
  });
}

namespace {

// --version on every level, like --help.
void set_version(CLI::App& app) {
  app.set_version_flag("--version", "quanzu " QUANZU_VERSION);
  for (CLI::App* child : app.get_subcommands([](CLI::App*) { return true; })) set_version(*child);
}

void report_usage(const CLI::App& app, const CLI::ParseError& error) {
  std::vector<std::string> unknown = app.remaining(true);
  if (unknown.empty()) {
    app.exit(error);
  } else {
    std::cerr << "quanzu: '" << unknown.front() << "' is not known here; --help lists what is\n";
  }
}

}  // namespace
}  // namespace quanzu::tool

int main(int argc, char** argv) {
  using quanzu::tool::Exit;
  CLI::App app("Quanzu's tool: rules, feeds, simulations", "quanzu");
  app.require_subcommand(1);
  quanzu::tool::add_rules(app);
  quanzu::tool::add_send(app);
  quanzu::tool::add_load(app);
  quanzu::tool::add_simulate(app);
  quanzu::tool::set_version(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::RuntimeError& error) {
    return error.get_exit_code();
  } catch (const CLI::Success& error) {  // --help and --version
    return app.exit(error);
  } catch (const CLI::ParseError& error) {
    quanzu::tool::report_usage(app, error);
    return Exit::kUsage;
  }
  return Exit::kOk;
}
