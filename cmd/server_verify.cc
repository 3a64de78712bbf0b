// quanzud verify: are the tables exactly what the journal says?
#include <iostream>

#include "adapters/runtime/projection.h"
#include "adapters/store/sqlite_reader.h"
#include "adapters/store/verify.h"
#include "cmd/server.h"

namespace quanzu::cmd {
namespace {

struct VerifyCommand {
  std::string data;
  bool json = false;
};

void print(const VerifyCommand& command, const store::VerifyReport& report) {
  if (command.json) {
    boost::json::array differences;
    for (const std::string& each : report.differences) differences.emplace_back(each);
    std::cout << boost::json::serialize(boost::json::object{{"ok", report.ok},
                                                            {"blocks", report.blocks},
                                                            {"signals", report.signals},
                                                            {"cases", report.cases},
                                                            {"journal_digest", report.journal_digest},
                                                            {"state_digest", report.state_digest},
                                                            {"first_difference", report.first_difference},
                                                            {"difference_count", report.difference_count},
                                                            {"differences", std::move(differences)}})
              << '\n';
    return;
  }
  if (report.ok) {
    std::cout << "ok: " << report.blocks << " blocks, " << report.signals << " signals, " << report.cases
              << " cases; every table is what the journal says\njournal digest " << report.journal_digest << '\n';
    return;
  }
  std::cout << report.difference_count << " differences"
            << (report.difference_count > report.differences.size() ? ", the first of them:" : ":") << '\n';
  for (const std::string& each : report.differences) std::cout << "  " << each << '\n';
}

int run(const VerifyCommand& command) {
  Result<std::unique_ptr<store::Reader>> reader = store::open_reader(command.data);
  if (!reader) return report(reader.error());
  const Result<store::VerifyReport> verified = store::verify(**reader, runtime::project_event);
  if (!verified) return report(verified.error());
  print(command, *verified);
  return verified->ok ? kOk : kFailed;
}

}  // namespace

void add_verify(CLI::App& app, int& exit_code) {
  CLI::App* sub = app.add_subcommand(
      "verify",
      "Replay the journal into a fresh engine and compare every table with what it gives, column by column.\n"
      "Works beside a running server. Exits: 0 equal; 1 not, and what differs is named; 3 the folder can't be read");
  auto command = std::make_shared<VerifyCommand>();
  sub->add_option("--data", command->data, "The data folder")->required();
  sub->add_flag("--json", command->json, "Print one JSON object");
  sub->callback([command, &exit_code] { exit_code = run(*command); });
}

}  // namespace quanzu::cmd
