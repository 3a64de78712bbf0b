// quanzu: the tool of rule authors, of whoever connects a feed, and of whoever simulates.
#include <CLI/CLI.hpp>
#include <memory>
#include <sstream>

#include "cmd/tool.h"
#include "cmd/tool_playbook.h"

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

// In a list of commands each has the first line of what it says of itself; its own help has the rest.
class FirstLines : public CLI::Formatter {
  std::string make_subcommand(const CLI::App* command) const override {
    std::stringstream out;
    const std::string text = command->get_description();
    CLI::detail::format_help(out, command->get_display_name(true), text.substr(0, text.find('\n')), get_column_width());
    return out.str();
  }
};

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
  app.formatter(std::make_shared<quanzu::tool::FirstLines>());
  app.require_subcommand(1);
  quanzu::tool::add_rules(app);
  quanzu::tool::add_playbook(app);
  quanzu::tool::add_send(app);
  quanzu::tool::add_load(app);
  quanzu::tool::add_simulate(app);
  quanzu::tool::add_backtest(app);
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
