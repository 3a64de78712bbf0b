// quanzud verify: are the tables exactly what the journal says?
#include <iostream>

#include "adapters/runtime/projection.h"
#include "adapters/runtime/rematch.h"
#include "adapters/store/sqlite_reader.h"
#include "adapters/store/verify.h"
#include "cmd/server.h"

namespace quanzu::cmd {
namespace {

struct VerifyCommand : FolderOptions {
  bool deep = false;
  bool json = false;
};

void print(const VerifyCommand& command, const store::VerifyReport& report, const runtime::RematchReport& deep) {
  if (command.json) {
    boost::json::array differences;
    for (const std::string& each : report.differences) differences.emplace_back(each);
    std::cout << boost::json::serialize(boost::json::object{{"ok", report.ok},
                                                            {"blocks", report.blocks},
                                                            {"signals", report.signals},
                                                            {"cases", report.cases},
                                                            {"snapshots", report.snapshots},
                                                            {"rematched", deep.signals},
                                                            {"not_rematched", deep.left_out},
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
              << " cases; every table and " << report.snapshots
              << " snapshots are what the journal says\njournal digest " << report.journal_digest << '\n';
    if (deep.signals > 0) std::cout << deep.signals << " signals match as they did\n";
    if (deep.left_out > 0) std::cout << deep.left_out << " signals not matched again: " << deep.why_left_out << '\n';
    return;
  }
  std::cout << report.difference_count << " differences"
            << (report.difference_count > report.differences.size() ? ", the first of them:" : ":") << '\n';
  for (const std::string& each : report.differences) std::cout << "  " << each << '\n';
}

int run(const VerifyCommand& command) {
  Result<std::unique_ptr<store::Reader>> reader = store::open_reader(command.folder());
  if (!reader) return report(reader.error());
  Result<store::VerifyReport> verified = store::verify(**reader, runtime::project_event, command.data);
  if (!verified) return report(verified.error());
  runtime::RematchReport deep;
  if (command.deep && verified->ok) {
    Result<runtime::RematchReport> again = runtime::rematch(**reader, command.data);
    if (!again) return report(again.error());
    deep = std::move(*again);
    verified->ok = deep.difference_count == 0;
    verified->difference_count = deep.difference_count;
    verified->differences = deep.differences;
    if (!verified->ok) verified->first_difference = deep.differences.front();
  }
  print(command, *verified, deep);
  return verified->ok ? kOk : kFailed;
}

}  // namespace

void add_verify(CLI::App& app, int& exit_code) {
  CLI::App* sub = app.add_subcommand(
      "verify",
      "Replay the journal into a fresh engine and compare every table and snapshot with what it gives, column by "
      "column.\n"
      "Works beside a running server. Exits: 0 equal; 1 not, and what differs is named; 3 the folder can't be read");
  auto command = std::make_shared<VerifyCommand>();
  add_folder_options(*sub, *command);
  sub->add_flag("--deep", command->deep,
                "Where that is sound: match the raw signals again, each under the pack that matched it, and compare");
  sub->add_flag("--json", command->json, "Print one JSON object");
  sub->callback([command, &exit_code] { exit_code = run(*command); });
}

}  // namespace quanzu::cmd
