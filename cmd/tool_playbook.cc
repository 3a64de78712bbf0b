// quanzu playbook: what a place does with its playbooks before they go live.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>

#include "cmd/tool_playbook.h"
#include "cmd/tool_rules.h"
#include "rules/lang/problems.h"
#include "rules/playbook/load.h"
#include "rules/playbook/show.h"
#include "rules/playbook/timeline.h"

namespace quanzu::tool {
namespace {

namespace json = boost::json;
using rules::Severity;

struct PlaybookCommand {
  std::string path;
  std::string language = "en";
  bool json = false;
};

// The playbooks that load without an error; nothing where one has one, with every error on standard error.
std::optional<rules::Playbooks> load(const std::string& path) {
  rules::Playbooks loaded = rules::load_playbooks(path);
  if (loaded.ok()) return loaded;
  for (const rules::Problem& problem : loaded.problems) {
    if (problem.severity == Severity::kError) std::cerr << rules::describe(problem) << '\n';
  }
  complain("'" + path + "' has errors: `quanzu playbook check` shows them with the warnings");
  return std::nullopt;
}

Exit check(const PlaybookCommand& command) {
  const rules::Playbooks loaded = rules::load_playbooks(command.path);
  json::array problems;
  size_t assumed = 0;
  for (const rules::PlaybookFile& file : loaded.files) assumed += file.marks.assumed.size();
  for (const rules::Problem& problem : loaded.problems) {
    if (!command.json) std::cout << rules::describe(problem) << '\n';
    problems.emplace_back(problem_json(problem));
  }
  if (command.json) {
    std::cout << json::serialize(json::object{{"problems", std::move(problems)}, {"assumed", assumed}}) << '\n';
  } else {
    std::cout << loaded.files.size() << " playbooks, " << loaded.problems.size() << " problems; " << assumed
              << " figures are assumed and must be confirmed by the place\n";
  }
  return loaded.ok() ? Exit::kOk : Exit::kFailed;
}

Exit test(const PlaybookCommand& command) {
  const std::optional<rules::Playbooks> loaded = load(command.path);
  if (!loaded) return Exit::kFailed;
  size_t passed = 0;
  json::array failures;
  for (const rules::PlaybookFile& file : loaded->files) {
    for (const rules::TimelineResult& result : rules::run_timelines(file)) {
      const std::string place = file.file + ":" + std::to_string(result.mark.line);
      if (!command.json) {
        std::cout << (result.passed() ? "pass  " : "FAIL  ") << place << ": " << result.name << '\n' << result.diff;
      }
      if (result.passed()) {
        ++passed;
      } else {
        failures.emplace_back(json::object{
            {"file", file.file}, {"line", result.mark.line}, {"name", result.name}, {"diff", result.diff}});
      }
    }
  }
  const size_t failed = failures.size();
  if (command.json) {
    std::cout << json::serialize(json::object{{"passed", passed}, {"failed", std::move(failures)}}) << '\n';
  } else {
    std::cout << passed << " passed, " << failed << " failed, 0 skipped\n";
  }
  if (passed + failed == 0) complain("no test stands beside these playbooks (docs/playbooks.md)");
  return failed == 0 && passed > 0 ? Exit::kOk : Exit::kFailed;
}

Exit show(const PlaybookCommand& command) {
  const std::optional<rules::Playbooks> loaded = load(command.path);
  if (!loaded) return Exit::kFailed;
  const auto language = command.language == "zh" ? rules::Language::kChinese : rules::Language::kEnglish;
  for (size_t i = 0; i < loaded->files.size(); ++i) {
    std::cout << (i == 0 ? "" : "\n") << rules::show_playbook(loaded->files[i], language);
  }
  return Exit::kOk;
}

std::shared_ptr<PlaybookCommand> add_verb(CLI::App& playbook, const std::string& verb, const std::string& says,
                                          Exit (*run)(const PlaybookCommand&)) {
  CLI::App* sub = playbook.add_subcommand(verb, says);
  auto command = std::make_shared<PlaybookCommand>();
  sub->add_option("PATH", command->path, "A folder of playbooks, such as rules/playbooks, or one file")->required();
  if (verb == "show") {
    sub->add_option("--language", command->language, "zh or en")
        ->check(CLI::IsMember({"zh", "en"}))
        ->capture_default_str();
  } else {
    sub->add_flag("--json", command->json, "Print one JSON object on standard output");
  }
  on_chosen(sub, [command, run] { return run(*command); });
  return command;
}

}  // namespace

void add_playbook(CLI::App& app) {
  CLI::App* playbook = app.add_subcommand("playbook", "Check, test and draw playbooks (docs/playbooks.md)");
  playbook->require_subcommand(1);
  add_verb(
      *playbook, "check",
      "Name every problem with its place: what can't be read, steps that nothing leads to, dead ends, loops without a\n"
      "way out, ends that nobody reaches, clocks that contradict. Exits: 0 none is an error; 1 one is",
      check);
  add_verb(*playbook, "test",
           "Run the timelines that stand beside the playbooks; last `N passed, N failed, 0 skipped`.\n"
           "Exits: 0 all pass; 1 one fails, none is there, or a playbook does not load",
           test);
  add_verb(*playbook, "show", "Draw the levels, the ladder and the ends as text", show);
}

}  // namespace quanzu::tool
