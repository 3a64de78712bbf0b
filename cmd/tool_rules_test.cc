// quanzu rules test: the tests that stand beside the rules.
#include <chrono>
#include <filesystem>
#include <iostream>
#include <thread>

#include "cmd/tool_rules.h"
#include "rules/author/inline_test.h"
#include "rules/author/mutation.h"

namespace quanzu::tool {
namespace {

namespace json = boost::json;

struct TestCommand {
  std::string path;
  bool watch = false;
  bool mutate = false;
  bool json = false;
};

void print_json(const std::vector<rules::TestResult>& results, size_t passed) {
  json::array list;
  for (const rules::TestResult& result : results) {
    list.push_back(json::object{{"rule", result.rule},
                                {"name", result.name},
                                {"file", result.file},
                                {"line", result.mark.line},
                                {"passed", result.passed()},
                                {"diff", result.diff}});
  }
  std::cout << json::serialize(json::object{
                   {"tests", std::move(list)}, {"passed", passed}, {"failed", results.size() - passed}, {"skipped", 0}})
            << '\n';
}

Exit test(const TestCommand& command) {
  const std::shared_ptr<const rules::Program> program = compile_rules(command.path);
  if (program == nullptr) return Exit::kFailed;
  const std::vector<rules::TestResult> results = rules::run_tests(*program);
  size_t passed = 0;
  for (const rules::TestResult& result : results) passed += result.passed() ? 1 : 0;
  if (command.json) {
    print_json(results, passed);
  } else {
    for (const rules::TestResult& result : results) {
      std::cout << (result.passed() ? "ok    " : "FAIL  ") << result.rule << ": " << result.name << '\n' << result.diff;
    }
    std::cout << passed << " passed, " << results.size() - passed << " failed, 0 skipped" << std::endl;
  }
  if (results.empty()) complain("no rule of " + command.path + " has tests; add `tests:` beside it");
  return passed == results.size() && !results.empty() ? Exit::kOk : Exit::kFailed;
}

// Whether the tests would notice a part of a condition that is gone.
Exit mutate(const TestCommand& command) {
  const std::shared_ptr<const rules::Program> program = compile_rules(command.path);
  if (program == nullptr) return Exit::kFailed;
  const rules::Mutations done = rules::mutate(program->pack());
  json::array list;
  for (const rules::Unnoticed& each : done.unnoticed) {
    const std::string place = each.file + ":" + std::to_string(each.mark.line);
    if (!command.json) std::cout << place << ": " << each.rule << ": no test fails without " << each.part << '\n';
    list.push_back(
        json::object{{"rule", each.rule}, {"file", each.file}, {"line", each.mark.line}, {"part", each.part}});
  }
  const size_t noticed = done.tried - done.unnoticed.size();
  if (command.json) {
    std::cout << json::serialize(
                     json::object{{"tried", done.tried}, {"noticed", noticed}, {"unnoticed", std::move(list)}})
              << '\n';
  } else {
    std::cout << noticed << " of " << done.tried << " parts of conditions are noticed by a test when they are gone\n";
  }
  return done.unnoticed.empty() ? Exit::kOk : Exit::kFailed;
}

// Of whatever lies under the path: when it was changed last, and how much there is.
std::pair<std::filesystem::file_time_type, size_t> state_of(const std::string& path) {
  std::filesystem::file_time_type newest{};
  size_t files = 0;
  std::error_code error;
  const auto look = [&](const std::filesystem::path& file) {
    const auto changed = std::filesystem::last_write_time(file, error);
    if (!error) newest = std::max(newest, changed);
    ++files;
  };
  look(path);
  if (!std::filesystem::is_directory(path, error)) return {newest, files};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path, error)) look(entry.path());
  return {newest, files};
}

[[noreturn]] void watch(const TestCommand& command) {
  while (true) {
    const auto before = state_of(command.path);
    test(command);
    while (state_of(command.path) == before) std::this_thread::sleep_for(std::chrono::milliseconds(200));
    std::cout << '\n';
  }
}

}  // namespace

void add_rules_test(CLI::App& rules) {
  CLI::App* sub = rules.add_subcommand("test",
                                       "Run the tests beside the rules: a line each, a diff where one differs, and "
                                       "last `N passed, N failed, 0 skipped`.\n"
                                       "Exits: 0 all pass; 1 one fails, none is there, or the pack does not load");
  auto command = std::make_shared<TestCommand>();
  sub->add_option("PATH", command->path, "A folder of rules, or one rule file")->required();
  sub->add_flag("--watch", command->watch, "Again whenever a file changes, until Ctrl+C");
  sub->add_flag(
      "--mutate", command->mutate,
      "Leave out each part of each condition in turn, and name those that no test misses; exits 1 if there are any");
  sub->add_flag("--json", command->json, "Print one JSON object on standard output");
  sub->footer(
      "A test names events and the alerts that they must raise, under `tests:` of a rule:\n"
      "  tests:\n"
      "    - name: fires on the usual wording\n"
      "      events: [{kind: sms, text: \"...\"}, {kind: sms, at: +5m, text: \"...\"}]\n"
      "      expect: [{count: 2}]          # or [{at: +5m}]; [] where it must stay silent");
  on_chosen(sub, [command] {
    if (command->mutate) return mutate(*command);
    if (command->watch) watch(*command);
    return test(*command);
  });
}

}  // namespace quanzu::tool
