// What `check` says of a pack that loads: patterns that are dear with their cheaper form, conditions that can't hold, and
// what other engines of Sigma would not take.

#include "rules/author/contradiction.h"
#include "rules/author/cost.h"
#include "rules/author/portable.h"
#include "tests/catch.h"
#include "tests/rules/load_text.h"

namespace quanzu::rules {
namespace {

using testing::load_text;
using testing::with_detection;
using testing::with_item;

PatternCost cost_of_item(const std::string& item) {
  const Pack pack = load_text(with_item(item));
  INFO(item << "\n" << testing::all_problems(pack));
  REQUIRE(pack.rules.size() == 1);
  REQUIRE(pack.ok());
  const RuleCost cost = cost_of(pack.rules[0]);
  return cost.patterns.empty() ? PatternCost() : cost.patterns.front();
}

TEST_CASE("a pattern's shape decides what it is taken to cost", "[author]") {
  struct Row {
    std::string item;
    Shape shape;
  };
  const std::vector<Row> rows = {
      {"peer.number: '95588'", Shape::kLookup},
      {"url.host|endswith: .example.com", Shape::kLookup},
      {"amount_fen|gte: 5", Shape::kLookup},
      {"text|contains: 安全账户", Shape::kWords},
      {"text|re: 安全账户|核查专户", Shape::kWords},
      {"text|re: 安全(账户|专户)", Shape::kWords},
      {"text|re: '1[3-9][0-9]{9}'", Shape::kCharacters},
      {"text|contains: 转*账户", Shape::kGap},
      {"text|re: '转入.{0,8}账户'", Shape::kGap},
      {"text|re: '(转入|汇到).{0,8}(账户|专户)'", Shape::kGapOfLists},
      {"text|re: 'https?://[^ ]*bank[^ ]*/'", Shape::kAddress},
      {"text|re: '安.?全.?账.?户'", Shape::kCharacterGaps},
      {"peer.name|contains: 'a?b?c'", Shape::kCharacterGaps},
  };
  for (const Row& row : rows) {
    INFO(row.item);
    CHECK(shape_name(cost_of_item(row.item).shape) == shape_name(row.shape));
  }
  CHECK(cost_class(0) == "low");
  CHECK(cost_class(100) == "high");
}

TEST_CASE("a rule costs what its patterns cost together, each once", "[author]") {
  const Pack one =
      load_text(with_detection("a:\n  text|contains: 转入\nb:\n  text|re: '账.?户.?号'\ncondition: a and b"));
  const Pack twice =
      load_text(with_detection("a:\n  text|contains: 转入\nb:\n  text|re: '账.?户.?号'\ncondition: [a and b, b]"));
  const RuleCost cost = cost_of(one.rules[0]);
  REQUIRE(cost.patterns.size() == 2);
  CHECK(cost.patterns[0].shape == Shape::kCharacterGaps);
  CHECK(cost.ns == Approx(cost.patterns[0].ns + cost.patterns[1].ns));
  CHECK(cost_of(twice.rules[0]).ns == Approx(cost.ns));
}

TEST_CASE("a dear pattern is warned about with a cheaper form of itself", "[author]") {
  const auto warning = [](const std::string& item) {
    const Pack pack = load_text(with_item(item));
    const std::vector<Problem> warnings = cost_warnings(pack.rules.at(0));
    return warnings.empty() ? std::string() : describe(warnings[0]);
  };
  CHECK(warning("text|re: '安.?全.?账.?户'")
            .find(":5:14: warning: '安.?全.?账.?户': this shape (character gaps) is dear "
                  "to match; write text|contains: 安全账户, ") != std::string::npos);
  CHECK(warning("text|re: '(转入|汇到).{0,8}(账户|专户)'") == "");
  CHECK(warning("text|re: 'https?://[^ ]*bank[^ ]*/'").find("text|contains|all: [http, '://', bank, /]") !=
        std::string::npos);
  CHECK(warning("text|re: '转入.{0,8}账户'") == "");
  CHECK(warning("text|contains: 账户") == "");
  CHECK(
      cost_of_item("text|re: '(转入|汇到).{0,8}(账户|专户)'").cheaper ==
      "a selection each with text|contains: [转入, 汇到] and text|contains: [账户, 专户], where it does not matter how "
      "near they stand");
  CHECK(cost_of_item("text|re: '(转入|汇(到|往)).{0,8}(账户|专户)'").cheaper == "");
  CHECK(cost_of_item("text|re: '转入.{0,8}账户'").cheaper.find("text|contains|all: [转入, 账户]") == 0);
}

TEST_CASE("a condition that excludes what it asks for is warned about", "[author]") {
  const auto count = [](const std::string& text) {
    const Pack pack = load_text(text);
    INFO(testing::all_problems(pack));
    REQUIRE(pack.ok());
    return contradictions(pack).size();
  };
  const std::string selections =
      "a:\n  text|contains: [x1, x2]\nb:\n  text|contains: x1\nc:\n  text|contains: [x1, x2, x3]\n";
  CHECK(count(with_detection(selections + "condition: a and not c")) == 1);
  CHECK(count(with_detection(selections + "condition: b and not a")) == 1);
  CHECK(count(with_detection(selections + "condition: a and not b")) == 0);
  CHECK(count(with_detection(selections + "condition: a or not a")) == 0);
  CHECK(count(with_detection(selections + "condition: [a and not c, b]")) == 1);
  const std::string rule = "name: r\n" + with_item("text|contains: [x1, x2]");
  const std::string filter =
      "---\ntitle: F\nname: f\nlogsource: {product: quanzu}\nfilter:\n  rules: [r]\n  s:\n    text|contains: ";
  CHECK(count(rule + filter + "[x1, x2]\n  condition: not s\n") == 1);
  CHECK(count(rule + filter + "x1\n  condition: not s\n") == 0);
}

TEST_CASE("what other engines of Sigma would not take is named with its place", "[author]") {
  const std::string text =
      "title: R\nname: r\nlogsource: {product: quanzu}\ndetection:\n  s:\n    url.host|in_list: hosts\n"
      "    text|contains|phonetic: a\n  condition: s\nantifraud: {suppress: {for: 1h}, owner: in_list}\n---\n"
      "title: C\ncorrelation:\n  type: value_median\n  rules: [r]\n  timespan: 2w\n  condition: {field: a, percentile: "
      "5, gt: 1}\n"
      "---\ntitle: F\nfilter:\n  rules: any\n  s: {text: a}\n  condition: s\n";
  std::vector<Problem> out;
  Problems problems("r.yml", out);
  warn_beyond_sigma(text, problems);
  std::vector<std::string> places;
  for (const Problem& one : out) {
    places.push_back(std::to_string(one.mark.line) + ":" + std::to_string(one.mark.column) + " " + one.text);
    CHECK(one.severity == Severity::kWarning);
  }
  CHECK(places == std::vector<std::string>{"6:14 in_list", "7:19 phonetic", "9:13 suppress", "13:9 value_median",
                                           "15:13 2w", "16:14 percentile", "20:10 any"});
  std::vector<Problem> none;
  Problems quiet("r.yml", none);
  warn_beyond_sigma("title: R\ndetection:\n  s: {text|contains|all: [a, b]}\n  condition: s\n", quiet);
  warn_beyond_sigma("title: [", quiet);
  CHECK(none.empty());
}

}  // namespace
}  // namespace quanzu::rules
