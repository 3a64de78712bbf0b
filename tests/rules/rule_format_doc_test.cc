// docs/rule-format.md against the code: every rule on the page loads without a problem, compiles, and passes its own tests.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "rules/author/inline_test.h"
#include "rules/lang/load.h"
#include "tests/catch.h"
#include "tests/temporary_folder.h"

using namespace quanzu;
using namespace quanzu::rules;

namespace {

// The blocks between "```yaml" and "```".
std::vector<std::string> yaml_blocks() {
  std::ifstream page(QUANZU_SOURCE_DIR "/docs/rule-format.md");
  REQUIRE(page.is_open());
  std::vector<std::string> blocks;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line == "```yaml") blocks.emplace_back();
    if (inside && line != "```") blocks.back() += line + "\n";
    inside = line == "```yaml" || (inside && line != "```");
  }
  return blocks;
}

}  // namespace

TEST_CASE("every rule of docs/rule-format.md loads and passes its tests", "[rules]") {
  const std::vector<std::string> blocks = yaml_blocks();
  REQUIRE(blocks.size() >= 6);
  const quanzu::testing::TemporaryFolder folder;
  for (size_t i = 0; i < blocks.size(); ++i) {
    std::ofstream(folder.path() / ("example-" + std::to_string(i + 1) + ".yml")) << blocks[i];
  }
  Pack pack = load_pack(folder.path());
  for (const Problem& problem : pack.problems) {
    FAIL_CHECK(problem.file << ":" << problem.mark.line << ": " << problem.text << ": " << problem.reason);
  }
  REQUIRE(pack.rules.size() >= blocks.size());  // filters and correlations stand beside rules
  const auto program = Program::compile(std::move(pack));
  INFO((program ? std::string() : program.error().message));
  REQUIRE(program.has_value());
  const std::vector<TestResult> results = run_tests(**program);
  CHECK(results.size() >= 2 * blocks.size());
  for (const TestResult& result : results) {
    INFO(result.rule << ": " << result.name << "\n" << result.diff);
    CHECK(result.passed());
  }
}
