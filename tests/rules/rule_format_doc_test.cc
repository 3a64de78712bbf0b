// docs/rule-format.md against the code: every rule on the page loads without a problem, compiles, and passes its own tests;
// every event of its `detection` blocks holds or does not, as the page says; every `refused` block is refused for what it says.
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "rules/author/inline_test.h"
#include "rules/lang/load.h"
#include "rules/lang/problems.h"
#include "rules/lang/scalar.h"
#include "rules/lang/yaml.h"
#include "rules/match/foreign.h"
#include "tests/catch.h"
#include "tests/rules/load_text.h"
#include "tests/temporary_folder.h"

using namespace quanzu;
using namespace quanzu::rules;

namespace {

struct Block {
  std::string language;  // what stands behind "```"
  std::string text;
  std::string ruling;  // the number before it
};

std::vector<Block> blocks_of_page() {
  std::ifstream page(QUANZU_SOURCE_DIR "/docs/rule-format.md");
  REQUIRE(page.is_open());
  std::vector<Block> blocks;
  bool inside = false;
  std::string ruling;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("```")) {
      if (!inside) blocks.push_back({line.substr(3), {}, ruling});
      inside = !inside;
    } else if (inside) {
      blocks.back().text += line + "\n";
    } else if (line.starts_with("**") && line.find(".**") != std::string::npos) {
      ruling = line.substr(2, line.find(".**") - 2);
    } else if (line.starts_with("## ")) {
      ruling.clear();
    }
  }
  return blocks;
}

std::vector<Block> blocks_in(std::string_view language) {
  std::vector<Block> out;
  for (Block& block : blocks_of_page()) {
    if (block.language == language) out.push_back(std::move(block));
  }
  return out;
}

// A `detection` block: the detection, then the events that hold or don't.
struct Example {
  std::string detection;
  struct Event {
    bool holds;
    std::string text;
  };
  std::vector<Event> events;
};

Example example_of(const std::string& text) {
  Example out;
  std::istringstream lines(text);
  bool events = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == "---") {
      events = true;
    } else if (!events) {
      out.detection += line + "\n";
    } else {
      const bool yes = line.starts_with("yes ");
      REQUIRE((yes || line.starts_with("no ")));
      out.events.push_back({yes, line.substr(yes ? 4 : 3)});
    }
  }
  REQUIRE_FALSE(out.events.empty());
  return out;
}

boost::json::value json_of(const YamlNode& node) {
  if (node.is(YamlType::kList)) {
    boost::json::array out;
    for (const YamlNode* item : node.items) out.push_back(json_of(*item));
    return out;
  }
  if (node.is(YamlType::kMap)) {
    boost::json::object out;
    for (const YamlEntry& entry : node.entries) out[entry.key->text] = json_of(*entry.value);
    return out;
  }
  const Scalar scalar = type_of(node);
  if (scalar.type == ScalarType::kNumber) return boost::json::parse(node.text);
  if (scalar.type == ScalarType::kBoolean) return scalar.boolean;
  if (scalar.type == ScalarType::kNull) return nullptr;
  return boost::json::string(node.text);
}

void check_signals(const Block& block) {
  const Example example = example_of(block.text);
  std::string text = rules::testing::with_detection(example.detection) + "tests:\n";
  for (const Example::Event& event : example.events) {
    text += "  - name: '" + std::string(event.holds ? "yes" : "no") + "'\n    events:\n      - " + event.text +
            "\n    expect: " + (event.holds ? "[{count: 1}]" : "[]") + "\n";
  }
  Pack pack = rules::testing::load_text(text);
  INFO("ruling " << block.ruling << "\n" << text << rules::testing::all_problems(pack));
  REQUIRE(pack.ok());
  const auto program = Program::compile(std::move(pack));
  REQUIRE((program ? std::string() : program.error().message) == "");
  for (const TestResult& result : run_tests(**program)) CHECK(result.diff == "");
}

void check_any(const Block& block) {
  const Example example = example_of(block.text);
  INFO("ruling " << block.ruling << "\n" << block.text);
  Pack pack = rules::testing::load_text(rules::testing::with_detection(example.detection), {.any_schema = true});
  REQUIRE(rules::testing::all_problems(pack) == "");
  const auto program = ForeignProgram::compile(std::move(pack));
  REQUIRE(program.has_value());
  ForeignScanner scanner(*program);
  for (const Example::Event& event : example.events) {
    std::vector<Problem> told;
    Problems problems("event", told);
    const std::vector<YamlDocument> documents = parse_yaml(event.text, problems);
    REQUIRE(documents.size() == 1);
    std::vector<RuleIndex> matched;
    REQUIRE(scanner.scan(boost::json::serialize(json_of(*documents[0].root)), matched).has_value());
    INFO(event.text);
    CHECK(matched.empty() != event.holds);
  }
}

}  // namespace

TEST_CASE("every rule of docs/rule-format.md loads and passes its tests", "[rules][page]") {
  const std::vector<Block> blocks = blocks_in("yaml");
  REQUIRE(blocks.size() >= 12);
  const quanzu::testing::TemporaryFolder folder;
  for (size_t i = 0; i < blocks.size(); ++i) {
    std::ofstream(folder.path() / ("example-" + std::to_string(i + 1) + ".yml")) << blocks[i].text;
  }
  Pack pack = load_pack(folder.path());
  CHECK(rules::testing::all_problems(pack) == "");
  REQUIRE(pack.rules.size() + pack.correlations.size() >= blocks.size());  // filters stand beside rules
  const auto program = Program::compile(std::move(pack));
  INFO((program ? std::string() : program.error().message));
  REQUIRE(program.has_value());
  const std::vector<TestResult> results = run_tests(**program);
  CHECK(results.size() >= blocks.size());
  for (const TestResult& result : results) {
    INFO(result.rule << ": " << result.name << "\n" << result.diff);
    CHECK(result.passed());
  }
}

TEST_CASE("every event of docs/rule-format.md holds or does not, as the page says", "[rules][page]") {
  const std::vector<Block> signals = blocks_in("detection");
  const std::vector<Block> others = blocks_in("detection any");
  REQUIRE(signals.size() >= 15);
  REQUIRE(others.size() >= 3);
  for (const Block& block : signals) check_signals(block);
  for (const Block& block : others) check_any(block);
}

TEST_CASE("what docs/rule-format.md calls refused is refused for what it says", "[rules][page]") {
  const std::vector<Block> blocks = blocks_in("refused");
  REQUIRE(blocks.size() >= 15);
  for (const Block& block : blocks) {
    REQUIRE(block.text.starts_with("# "));
    const size_t end = block.text.find('\n');
    const std::string reason = block.text.substr(2, end - 2);
    std::string rest = block.text.substr(end + 1);
    if (!rest.starts_with("title:")) rest = rules::testing::with_detection(rest);
    const Pack pack = rules::testing::load_text(rest);
    INFO("ruling " << block.ruling << "\n" << rest << rules::testing::all_problems(pack));
    CHECK_FALSE(pack.ok());
    CHECK(rules::testing::all_problems(pack).find(reason) != std::string::npos);
  }
}

TEST_CASE("every ruling of the profile has an example on the page", "[rules][page]") {
  std::set<std::string> shown;
  for (const Block& block : blocks_of_page()) shown.insert(block.ruling);
  for (int n = 1; n <= 42; ++n) CHECK(shown.contains(std::to_string(n)));
  CHECK(shown.contains("38s"));
}
