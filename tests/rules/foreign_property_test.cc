// Random rules against random events of any schema: the compiled program must answer as the plainest reading of the tree.

#include "rules/match/foreign.h"
#include "tests/catch.h"
#include "tests/rules/foreign_evaluator.h"
#include "tests/rules/random_rules.h"

namespace quanzu::rules {
namespace {

using namespace testing;
namespace json = boost::json;

// Few and short words and names, so that half of the questions are answered yes.
class World : public RandomRules {
 public:
  using RandomRules::RandomRules;

  Rule make_rule() {
    static const std::vector<std::string> kSources = {"", "", "x", "y"};
    Rule out = rule("random", one_of(kSources), tree(3));
    out.logsource.product = one_of(kSources);
    if (below(6) == 0) out.conditions.push_back(tree(2));
    return out;
  }

  json::object event() {
    json::object out = object(3);
    if (below(3) == 0) {
      out["logsource"] = json::object{{"category", below(2) == 0 ? "x" : "y"}, {"product", below(2) == 0 ? "x" : "z"}};
    }
    if (below(20) == 0) out["logsource"] = "x";
    return out;
  }

 private:
  std::string word() {
    static const std::vector<std::string> kPieces = {"a", "B", "Ab", "1",  "\\", ".exe", " ",
                                                     "É", "é", "Ⱥ",  "系", "4",  "-"};
    return word_of(kPieces);
  }
  std::string text() {
    static const std::vector<std::string> kWhole = {"4", "-4.0", "true", "FALSE", "", "1e1", "null"};
    if (below(5) == 0) return one_of(kWhole);
    std::string out;
    for (size_t n = below(5); n > 0; --n) out += word();
    if (below(30) == 0) out = '\n' + out;  // at the end `$` may stand before it, which std::regex does not know
    if (below(30) == 0) out += '\0';
    return out;
  }

  json::value value(int depth) {
    switch (below(depth > 0 ? 10 : 7)) {
      case 0:
        return nullptr;
      case 1:
        return below(2) == 0;
      case 2:
        return static_cast<int64_t>(below(9)) - 4;
      case 3:
        return below(2) == 0 ? 4.5 : 1e21;
      case 7:
      case 8: {
        json::array out;
        for (size_t n = below(4); n > 0; --n) out.push_back(value(depth - 1));
        return out;
      }
      case 9:
        return object(depth - 1);
      default:
        return json::string(text());
    }
  }
  json::object object(int depth) {
    static const std::vector<std::string> kKeys = {"a", "b", "c", "a.b", "b.c", "unasked", "a.b.c", "a.c"};
    json::object out;
    for (size_t n = below(7); n > 0; --n) out[one_of(kKeys)] = value(depth);
    return out;
  }

  NodePtr leaf() override {
    const std::string& field = one_of(fields_);
    switch (below(13)) {
      case 0:
        return item(field, NumberValue{static_cast<double>(below(9)) - 4, "4"});
      case 1:
        return item(field, Null{});
      case 2:
        return item(field, Exists{below(2) == 0});
      case 3:
        return item(field, below(2) == 0);
      case 4:
        return compare(field, static_cast<Compare>(below(4)), static_cast<double>(below(9)) - 4);
      case 5:
        return item(field, FieldRef{one_of(fields_), static_cast<FieldMatch>(below(4)), below(2) == 0});
      case 6:
        return item("", pattern(shape(), below(3) == 0));
      case 7:
        return regex(below(3) == 0 ? "" : field, one_of(regexes_), below(2) == 0);
      default:
        return item(field, pattern(shape(), below(4) == 0));
    }
  }
  std::string shape() {
    if (below(15) == 0) return below(2) == 0 ? "" : "*";
    std::string out = below(2) == 0 ? "*" : "";
    out += word();
    if (below(4) == 0) out += (below(2) == 0 ? "*" : "?") + word();
    if (below(2) == 0) out += "*";
    return out;
  }

  std::vector<std::string> fields_ = {"a", "b", "c", "a.b", "b.c", "a.b.c", "a.c"};
  std::vector<std::string> regexes_ = {"^a",   "4$",         "a.?b", "[a-c]{2}", "(a|1){2}", "\\.exe",
                                       "é|系", "a(b|1|\\-)", "B.*1", "Ab",       "[^a]1"};
};

TEST_CASE("a compiled program for events of any schema agrees with the plainest reading of its rules") {
  ForeignEvaluator::Regexes regexes;
  size_t holding = 0;
  for (uint32_t seed = 1; seed <= 15; ++seed) {
    World world(seed);
    Pack pack;
    for (size_t i = 0; i < 60; ++i) pack.rules.push_back(world.make_rule());
    const auto program = ForeignProgram::compile(std::move(pack));
    INFO("seed " << seed << ": " << (program ? "" : program.error().message));
    REQUIRE(program.has_value());
    ForeignScanner scanner(*program);
    std::vector<RuleIndex> out;
    for (size_t n = 0; n < 300; ++n) {
      const json::object event = world.event();
      const std::string text = json::serialize(event);
      const ForeignEvaluator evaluator(event, regexes);
      std::vector<RuleIndex> expected;
      for (RuleIndex i = 0; i < (*program)->pack().rules.size(); ++i) {
        if (evaluator.holds((*program)->pack().rules[i])) expected.push_back(i);
      }
      holding += expected.size();
      out.clear();
      INFO("event " << n << ": " << text);
      REQUIRE(scanner.scan(text, out).has_value());
      REQUIRE(out == expected);
    }
  }
  CHECK(holding > 10'000);
}

}  // namespace
}  // namespace quanzu::rules
