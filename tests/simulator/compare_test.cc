#include "simulator/compare.h"

#include "tests/catch.h"
#include "tests/rules/load_text.h"

namespace quanzu::simulator {
namespace {

std::shared_ptr<const rules::Program> program(const std::string& text) {
  Result<std::shared_ptr<const rules::Program>> out = rules::Program::compile(rules::testing::load_text(text));
  REQUIRE(out.has_value());
  return *out;
}

std::string rule(const std::string& name, const std::string& word) {
  return "title: T\nname: " + name + "\nlogsource: {product: quanzu}\ndetection:\n  s:\n    text|contains: " + word +
         "\n  condition: s\n---\n";
}
std::shared_ptr<const rules::Program> pack(std::string text) {
  text.resize(text.size() - 4);
  return program(text);
}

Corpus corpus() {
  Corpus out;
  uint64_t line = 1;
  for (const auto& [label, text] : std::vector<std::pair<std::string, std::string>>{
           {"fraud", "甲"}, {"fraud", "甲乙"}, {"fraud", "乙"}, {"fraud", "丙"}, {"ham", "甲丁"}, {"ham", "丁"}}) {
    out.rows.push_back({++line, label, text});
  }
  return out;
}

TEST_CASE("a comparison says by rule, by label and by row what a change of rules changes", "[eval]") {
  const Corpus rows = corpus();
  const auto before = pack(rule("same", "丙") + rule("moved", "甲") + rule("gone", "乙"));
  const auto after = pack(rule("same", "丙") + rule("moved", "丁") + rule("fresh", "乙"));
  const Comparison out = compare(*before, evaluate(*before, rows, {}), *after, evaluate(*after, rows, {}), rows);
  REQUIRE(out.rules.size() == 3);
  CHECK(out.rules[0].rule == "fresh");
  CHECK(out.rules[0].is_new);
  CHECK(out.rules[0].rows.gained == 2);
  CHECK(out.rules[1].rule == "gone");
  CHECK(out.rules[1].is_gone);
  CHECK(out.rules[1].rows.lost == 2);
  CHECK(out.rules[2].rule == "moved");
  CHECK(out.rules[2].rows.before == 3);
  CHECK(out.rules[2].rows.after == 2);
  CHECK(out.rules[2].rows.gained == 1);
  CHECK(out.rules[2].rows.lost == 2);
  CHECK(out.alerts.before == 5);
  CHECK(out.alerts.after == 5);
  CHECK(out.labels.at("fraud").alerts.lost == 1);
  CHECK(out.labels.at("ham").alerts.gained == 1);
  CHECK(out.gained == std::vector<size_t>{5});
  CHECK(out.lost == std::vector<size_t>{0});
}

TEST_CASE("a pack compared with itself does not differ", "[eval]") {
  const Corpus rows = corpus();
  const auto same = pack(rule("a", "甲") + rule("b", "乙"));
  const Evaluation evaluation = evaluate(*same, rows, {});
  const Comparison out = compare(*same, evaluation, *same, evaluation, rows);
  CHECK(out.rules.empty());
  CHECK(out.gained.empty());
  CHECK(out.lost.empty());
  CHECK(out.alerts.same());
}

TEST_CASE("a rule's value is what no other rule finds", "[eval]") {
  const Corpus rows = corpus();
  const auto rules = pack(rule("a", "甲") + rule("b", "乙") + rule("c", "甲") + rule("d", "丁"));
  const Evaluation out = evaluate(*rules, rows, {.positive = {"fraud"}});
  CHECK(out.per_rule[0].right == 2);
  CHECK(out.per_rule[0].right_alone == 0);  // c finds the same
  CHECK(out.per_rule[1].right_alone == 1);  // 乙
  CHECK(out.per_rule[3].wrong_alone == 1);  // 丁
  CHECK(out.per_rule[3].right_alone == 0);
}

TEST_CASE("redundant rules can all be left out together", "[eval]") {
  const Corpus rows = corpus();
  const auto rules = pack(rule("a", "甲") + rule("b", "乙") + rule("c", "甲") + rule("d", "丁"));
  const Evaluation out = evaluate(*rules, rows, {.positive = {"fraud"}});
  const std::vector<RuleIndex> redundant = redundant_rules(out, rows);
  REQUIRE(redundant.size() == 1);  // a or c, but not both; d finds nothing at all
  CHECK((redundant[0] == 0 || redundant[0] == 2));
}

}  // namespace
}  // namespace quanzu::simulator
