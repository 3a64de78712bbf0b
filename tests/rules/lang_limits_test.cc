// Hostile input is refused, with its place, before it costs time or memory.
#include "tests/catch.h"
#include "tests/rules/load_text.h"

namespace quanzu::rules {
namespace {

using namespace testing;

std::string repeated(std::string_view text, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += text;
  return out;
}

void check_refused(std::string_view rule, std::string_view reason, const LoadOptions& options = {}) {
  const Pack pack = load_text(rule, options);
  const std::string problems = all_problems(pack);
  INFO(reason << "\n" << problems);
  CHECK_FALSE(pack.ok());
  CHECK(problems.find(reason) != std::string::npos);
  CHECK(problems.size() < 100'000);
  for (const Problem& problem : pack.problems) {
    CHECK(problem.text.size() <= 130);
    CHECK(problem.mark.line > 0);
  }
}

TEST_CASE("a condition nested a thousand times is refused", "[lang]") {
  const std::string deep = repeated("(", 1000) + "s" + repeated(")", 1000);
  check_refused(with_detection("s: [a]\ncondition: " + deep), "nested deeper than 100");
  check_refused(with_detection("s: [a]\ncondition: " + repeated("not ", 1000) + "s"), "nested deeper than 100");
  check_refused(with_detection("s: [a]\ncondition: s" + repeated(" or s", 20'000)), "longer than 64 KiB");
  const std::string wide = "s: {text: [" + repeated("a, ", 5000) + "a]}\n";
  check_refused(with_detection(wide + "condition: s" + repeated(" or s", 1000)), "more than 250,000 comparisons");
}

TEST_CASE("YAML that is small and means much is refused", "[lang]") {
  std::string bomb = "title: T\na: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c < 'k'; ++c) {
    const std::string before = "*" + std::string(1, static_cast<char>(c - 1));
    bomb += std::string(1, c) + ": &" + std::string(1, c) + " [" + repeated(before + ", ", 9) + before + "]\n";
  }
  check_refused(bomb, "once its aliases are followed");
  check_refused("a: &a [*a]\n", "never ends");
  check_refused(repeated("[", 100'000), "nested deeper than 64");
  check_refused("a: " + repeated("{a: ", 1000), "nested deeper than 64");
  check_refused(repeated("- ", 1000) + "a", "nested deeper than 64");
}

TEST_CASE("a rule of ten megabytes is refused", "[lang]") {
  check_refused(with_item("text: " + repeated("a", 10'000'000)), "larger than 8 MiB");
  check_refused(with_item("text: " + repeated("a", 2'000'000)), "larger than 1 MiB");
}

TEST_CASE("an exploding regular expression is refused", "[lang]") {
  for (const std::string& regex :
       {std::string("(a{1000}){1000}"), std::string("((((a{20}){20}){20}){20}){20}"), std::string(".{0,6000}"),
        "(" + repeated("a|", 5000) + "a)", repeated("(", 200) + "a" + repeated(")", 200), repeated("a?", 4097)}) {
    const Pack pack = load_text(with_item("text|re: '" + regex + "'"));
    INFO(all_problems(pack));
    REQUIRE(pack.problems.size() == 1);
    CHECK(pack.problems[0].mark.line == 5);
    CHECK(pack.problems[0].mark.column == 14);
  }
  CHECK(load_text(with_item("text|re: '(a+)+b{12,}'")).ok());  // linear here
}

TEST_CASE("bytes that are no text are refused with their place", "[lang]") {
  check_refused("title: T\ntext: \xC3\x28\n", ":2:7: error: invalid UTF-8");
  check_refused(std::string("title: T\ntext: a\0b\n", 19), ":2:8: error: a control character");
  check_refused("title: T\ntext: a\x04 b\n", ":2:8: error: a control character");
  CHECK(load_text("\xEF\xBB\xBF" + with_item("text: a")).ok());
  CHECK(load_text("%YAML 1.2\n---\n" + with_item("text: a") + "...\n").ok());
}

TEST_CASE("a value that becomes too many is refused", "[lang]") {
  PackFolder folder;
  folder.add("lists/many.txt", repeated("x\n", 200));
  folder.add("rule.yml", with_item("text|expand: '%many%%many%%many%'"));
  CHECK(all_problems(folder.load()).find("more than 10,000 values") != std::string::npos);
}

TEST_CASE("many values that each become many are refused before they are made", "[lang]") {
  check_refused(with_item("text|windash: [" + repeated("' -a -b -c -d -e', ", 5000) + "x]"),
                "becomes more than 250,000 comparisons");
  const std::string wide = "s: {text: [" + repeated("a, ", 5000) + "a]}\ncondition:";
  check_refused(with_detection(wide + repeated("\n  - s or s or s or s", 100)),
                "the conditions become more than 250,000 comparisons");
}

TEST_CASE("filters that become too much for a pack are refused, however they share it out", "[lang]") {
  std::string rules = "title: F\nid: f\nlogsource: {product: quanzu}\nfilter:\n  rules: any\n  s: {text: [" +
                      repeated("a, ", 50'000) + "a]}\n  condition: not s\n";
  for (int i = 0; i < 21; ++i) rules += "---\nid: r" + std::to_string(i) + "\n" + with_item("text: a");
  check_refused(rules, "more than 1,000,000 comparisons");
}

TEST_CASE("a thousand filters on a rule nest it no deeper than one", "[lang]") {
  std::string rules = "id: r\n" + with_item("text: a");
  for (int i = 0; i < 1000; ++i) {
    rules += "---\ntitle: F\nid: f" + std::to_string(i) +
             "\nlogsource: {product: quanzu}\nfilter: {rules: [r], s: {text: b}, condition: not s}\n";
  }
  const Pack pack = load_text(rules);
  INFO(all_problems(pack));
  REQUIRE(pack.ok());
  CHECK(pack.rules[0].conditions[0]->children.size() == 1001);
}

TEST_CASE("a file of documents without end is refused", "[lang]") {
  check_refused(repeated("--- a\n", 20'001), "more than 20,000 documents");
}

TEST_CASE("a circle of correlations is refused however long it is", "[lang]") {
  std::string rules = "id: r\n" + with_item("text: a");
  for (int i = 0; i < 1000; ++i) {
    rules += "---\ntitle: C\nid: c" + std::to_string(i) + "\ncorrelation: {type: event_count, rules: [c" +
             std::to_string((i + 1) % 1000) + "], timespan: 1h, condition: {gte: 2}}\n";
  }
  check_refused(rules, "a chain of more than 32 correlations");
}

TEST_CASE("problems without end are cut", "[lang]") {
  std::string rule = "s:\n";
  for (int i = 0; i < 5000; ++i) rule += "  unknown" + std::to_string(i) + ": a\n";
  const Pack pack = load_text(with_detection(rule + "condition: s"));
  CHECK(pack.problems.size() == 500);
  CHECK_FALSE(pack.ok());
}

}  // namespace
}  // namespace quanzu::rules
