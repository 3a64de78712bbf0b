// quanzud, the server. What it can do is in its subcommands, a file each.
#include "cmd/server.h"

int main(int argc, char** argv) {
  CLI::App app("quanzud: telecom signals to cases, cases to measured dissuasion", "quanzud");
  app.set_version_flag("--version", std::string("quanzud ") + QUANZU_VERSION);
  app.require_subcommand(1);
  app.set_help_all_flag("--help-all", "Help of every subcommand");

  int exit_code = quanzu::cmd::kOk;
  quanzu::cmd::add_serve(app, exit_code);
  quanzu::cmd::add_user(app, exit_code);
  quanzu::cmd::add_packs(app, exit_code);
  quanzu::cmd::add_verify(app, exit_code);
  quanzu::cmd::add_backup(app, exit_code);
  quanzu::cmd::add_restore(app, exit_code);
  quanzu::cmd::add_measures(app, exit_code);
  quanzu::cmd::add_journal(app, exit_code);
  quanzu::cmd::add_doctor(app, exit_code);
  quanzu::cmd::add_keys(app, exit_code);
  quanzu::cmd::add_residents(app, exit_code);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? quanzu::cmd::kOk : quanzu::cmd::kUsage;
  }
  return exit_code;
}
