// quanzud packs reload: a running server takes up what has changed under --packs DIR.
#include <iostream>

#include "cmd/server.h"

namespace quanzu::cmd {
namespace {

struct PacksCommand {
  std::string data;
  bool json = false;
};

int reload(const PacksCommand& command) {
  const auto answered = call_server(command.data, "Admin/ReloadPacks", {});
  if (!answered) {
    return report(Error{
        Code::kUnavailable, "no server runs on " + command.data + ": it reads its packs when it starts", {}, {}, 0});
  }
  if (!*answered) return report(answered->error());
  const boost::json::object& done = **answered;
  if (command.json) {
    std::cout << boost::json::serialize(done) << '\n';
  } else if (done.at("changed").as_bool()) {
    std::cout << "pack version " << done.at("version").as_int64() << " is live with " << done.at("rules").as_int64()
              << " rules\n";
  } else {
    std::cout << "nothing has changed: pack version " << done.at("version").as_int64() << " stays live\n";
  }
  return kOk;
}

}  // namespace

void add_packs(CLI::App& app, int& exit_code) {
  CLI::App* packs = app.add_subcommand("packs", "Rule packs of a running server");
  packs->require_subcommand(1);
  CLI::App* sub = packs->add_subcommand(
      "reload", "Compile the packs again and go over to them between two batches; on an error the live pack goes on");
  auto command = std::make_shared<PacksCommand>();
  sub->add_option("--data", command->data, "The server's data folder")->required();
  sub->add_flag("--json", command->json, "Print one JSON object");
  sub->callback([command, &exit_code] { exit_code = reload(*command); });
}

}  // namespace quanzu::cmd
