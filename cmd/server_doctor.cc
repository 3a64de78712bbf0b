// quanzud doctor: is this machine fit, and what should be changed?
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>

#include <boost/json.hpp>

#include "adapters/runtime/doctor.h"
#include "cmd/server.h"

namespace quanzu::cmd {
namespace {

namespace json = boost::json;
using runtime::Finding;

struct DoctorCommand : FolderOptions {
  bool json = false;
};

void print_json(const std::vector<Finding>& findings, bool fit) {
  json::array list;
  for (const Finding& each : findings) {
    list.emplace_back(json::object{
        {"name", each.name}, {"verdict", verdict_name(each.verdict)}, {"found", each.found}, {"advice", each.advice}});
  }
  std::cout << json::serialize(json::object{{"ok", fit}, {"findings", std::move(list)}}) << '\n';
}

void print_text(const std::vector<Finding>& findings) {
  for (const Finding& each : findings) {
    char line[64];
    std::snprintf(line, sizeof line, "%-8s %-13s ", std::string(verdict_name(each.verdict)).c_str(), each.name.c_str());
    std::cout << line << each.found << '\n';
    if (!each.advice.empty()) std::cout << "                       " << each.advice << '\n';
  }
}

int run(const DoctorCommand& command) {
  const std::vector<Finding> findings = runtime::judge(runtime::examine(command.folder()));
  const bool fit = std::none_of(findings.begin(), findings.end(),
                                [](const Finding& each) { return each.verdict == Finding::Verdict::kBad; });
  if (command.json) {
    print_json(findings, fit);
  } else {
    print_text(findings);
  }
  return fit ? kOk : kFailed;
}

}  // namespace

void add_doctor(CLI::App& app, int& exit_code) {
  CLI::App* sub =
      app.add_subcommand("doctor",
                         "Examine the machine and the folder: disk, flushing, clock, limits; and say what to change.\n"
                         "Works before the first start and beside a running server; writes a small file for a second.\n"
                         "Exits: 0 fit, perhaps with warnings; 1 something makes a promise of the server untrue");
  auto command = std::make_shared<DoctorCommand>();
  add_folder_options(*sub, *command, "The data folder, or where it is to be");
  sub->add_flag("--json", command->json, "Print one JSON object");
  sub->callback([command, &exit_code] { exit_code = run(*command); });
}

}  // namespace quanzu::cmd
