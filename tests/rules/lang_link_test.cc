// Correlations and filters: what is read, what is refused, and how documents are put together.
#include "rules/lang/dump.h"
#include "tests/catch.h"
#include "tests/rules/load_text.h"

namespace quanzu::rules {
namespace {

using namespace testing;

const std::string kRules =
    "title: A\nname: a\nlogsource: {product: quanzu, category: sms}\ndetection: {s: {text: x}, condition: s}\n---\n"
    "title: B\nname: b\nid: b-id\nlogsource: {product: quanzu, category: call}\ndetection: {s: {text: q}, condition: "
    "s}\n"
    "---\n";  // 11 lines

std::string correlation(std::string_view body) {  // which begins at 14:15
  return kRules + "title: C\nname: c\ncorrelation: {" + std::string(body) + "}\n";
}

struct Refusal {
  std::string document;
  int line;
  std::string text;
  std::string reason;      // a part of it
  std::string suggestion;  // a part of it
};

void check_refusals(const std::vector<Refusal>& table) {
  for (const Refusal& row : table) {
    const Pack pack = load_text(row.document);
    INFO(row.document << "\n" << all_problems(pack));
    CHECK_FALSE(pack.ok());
    const auto found = std::find_if(pack.problems.begin(), pack.problems.end(), [&row](const Problem& problem) {
      return problem.reason.find(row.reason) != std::string::npos;
    });
    REQUIRE(found != pack.problems.end());
    CHECK(found->mark.line == row.line);
    CHECK(found->mark.column > 0);
    CHECK(found->text == row.text);
    CHECK(found->suggestion.find(row.suggestion) != std::string::npos);
  }
}

TEST_CASE("a correlation is read whole", "[lang]") {
  const Pack pack = load_text(
      kRules +
      "title: C\nid: c\nlevel: high\ngenerate: true\n"
      "antifraud: {version: \"2\", fraud_type: loan, stage: transfer, weight: 30, half_life: 1h, suppress: {by: [who], "
      "for: 1d}}\n"
      "correlation:\n  type: value_count\n  rules: [a, b-id]\n  group-by: [who, resident.number]\n  timespan: 90m\n"
      "  aliases: {who: {a: peer.number, b: peer.number}}\n"
      "  condition: {field: [direction, text], gte: 2.5, lt: 10}\n"
      "tests: [{name: n, events: [{kind: sms, text: x}], expect: []}]\n");
  INFO(all_problems(pack));
  REQUIRE(pack.problems.empty());
  REQUIRE(pack.correlations.size() == 1);
  const Correlation& c = pack.correlations[0];
  CHECK(c.type == CorrelationType::kValueCount);
  CHECK(c.rules.at(1).rule == "b-id");
  CHECK(c.group_by == std::vector<std::string>{"who", "resident.number"});
  CHECK(c.timespan == std::chrono::minutes(90));
  CHECK(c.aliases.at(0).fields.at(1).field == "peer.number");
  CHECK(c.fields == std::vector<std::string>{"direction", "text"});
  REQUIRE(c.bounds.size() == 2);
  CHECK(c.bounds[0].op == BoundOp::kGte);
  CHECK(c.bounds[0].value == "2.5");
  CHECK(c.bounds[1].op == BoundOp::kLt);
  CHECK(c.generate);
  CHECK(c.info.weight.value() == 30'000);
  CHECK(c.tests.size() == 1);
  CHECK(c.hash.size() == 64);
}

TEST_CASE("a text condition of a temporal correlation", "[lang]") {
  const Pack pack = load_text(correlation("type: temporal, timespan: 1h, condition: b-id and not a or b-id"));
  INFO(all_problems(pack));
  REQUIRE(pack.ok());
  const Correlation& c = pack.correlations.at(0);
  REQUIRE(c.rules.size() == 2);
  CHECK(c.rules[0].rule == "b-id");
  CHECK(c.rules[1].rule == "a");
  REQUIRE(c.expression != nullptr);
  CHECK(c.expression->type == RuleNodeType::kOr);
  CHECK(c.expression->children.at(0)->type == RuleNodeType::kAnd);
  CHECK(c.expression->children.at(0)->children.at(1)->children.at(0)->rule == 1);
  CHECK(load_text(correlation("type: temporal, rules: [a, b], timespan: 1h")).ok());
  CHECK(load_text(correlation("type: temporal, rules: [a, b], timespan: 1h, condition: {gte: 2}")).ok());
}

TEST_CASE("a correlation that makes no sense is refused", "[lang]") {
  const std::string count = "type: event_count, rules: [a], timespan: 1h, ";
  check_refusals({
      {correlation("rules: [a], timespan: 1h"), 14, "type", "type of the correlation is missing", "event_count"},
      {correlation("type: event_cuont, rules: [a]"), 14, "event_cuont", "the type is", "event_count"},
      {correlation("type: event_count, timespan: 1h, condition: {gte: 1}"), 14, "rules", "must have a rules", "[name]"},
      {correlation("type: event_count, rules: [], timespan: 1h, condition: {gte: 1}"), 14, "[]", "one or more", ""},
      {correlation("type: event_count, rules: [a], condition: {gte: 1}"), 14, "timespan", "must have a timespan",
       "10m"},
      {correlation("type: event_count, rules: [a], timespan: 1M, condition: {gte: 1}"), 14, "1M", "month", ""},
      {correlation("type: event_count, rules: [a], timespan: 1h"), 14, "condition", "condition is missing", "gte"},
      {correlation(count + "condition: {}"), 14, "condition", "what must hold is missing", "gte"},
      {correlation(count + "condition: {gte: many}"), 14, "many", "is a number", ""},
      {correlation(count + "condition: {gte: 1e3}"), 14, "1e3", "is a number", ""},
      {correlation(count + "condition: {geq: 1}"), 14, "geq", "unknown key", "eq"},
      {correlation(count + "condition: {gte: 1, gt: 1}"), 14, "condition", "one lower and one upper", ""},
      {correlation(count + "condition: {gte: 1, eq: 1}"), 14, "condition", "one lower and one upper", ""},
      {correlation(count + "condition: {gte: 1, field: text}"), 14, "field", "only value_count", ""},
      {correlation(count + "condition: {gte: 1, percentile: 5}"), 14, "percentile", "only value_percentile", ""},
      {correlation(count + "condition: a and b"), 14, "a and b", "is a map", "gte"},
      {correlation(count + "condition: {gte: 1}, groupby: [text]"), 14, "groupby", "unknown key in correlation",
       "group-by"},
      {correlation(count + "condition: {gte: 1}, group-by: [txt]"), 12, "txt", "no signal has a field", "text"},
      {correlation(count + "condition: {gte: 1}, group-by: [text, text]"), 14, "text", "named twice", ""},
      {correlation(count + "condition: {gte: 1}, generate: maybe"), 14, "maybe", "true or false", ""},
      {correlation("type: value_sum, rules: [a], timespan: 1h, condition: {gte: 1}"), 14, "field", "field is missing",
       ""},
      {correlation("type: value_sum, rules: [a], timespan: 1h, condition: {gte: 1, field: [text, title]}"), 14, "field",
       "several fields only", ""},
      {correlation("type: value_percentile, rules: [a], timespan: 1h, condition: {gte: 1, field: text}"), 14,
       "percentile", "needs its percentile", "95"},
      {correlation(
           "type: value_percentile, rules: [a], timespan: 1h, condition: {gte: 1, field: text, percentile: 101}"),
       14, "percentile", "needs its percentile", ""},
      {correlation("type: temporal_ordered, rules: [a, b], timespan: 1h, condition: {gte: 2}"), 14, "condition",
       "takes no condition", ""},
      {correlation("type: temporal, rules: [a, b], timespan: 1h, condition: a"), 14, "b", "does not name this rule",
       ""},
      {correlation("type: temporal, rules: [a], timespan: 1h, condition: not a"), 14, "not a", "no rule has matched",
       ""},
      {correlation("type: temporal, rules: [a, b], timespan: 1h, condition: 1 of them"), 14, "1 of them", "one by one",
       ""},
      {correlation("type: temporal, rules: [a, x], timespan: 1h"), 14, "x", "no rule has this id or name", ""},
      {correlation("type: temporal, rules: [b, b-id], timespan: 1h"), 14, "b-id", "listed twice", ""},
      {correlation("type: temporal, rules: [a, c], timespan: 1h"), 12, "c", "refers to itself", ""},
      {correlation("type: temporal, rules: [a, b], timespan: 1h, group-by: [w], aliases: {w: {a: text}}"), 14, "w",
       "leaves out the rule", ""},
      {correlation("type: temporal, rules: [a], timespan: 1h, group-by: [w], aliases: {w: {a: text, b: text}}"), 14,
       "b", "does not list such a rule", ""},
      {correlation("type: temporal, rules: [a], timespan: 1h, group-by: [w], aliases: {w: {a: txt}}"), 14, "txt",
       "no signal has a field", "text"},
      {kRules + "title: C\nname: c\ngenerate: true\ncorrelation: {" + count + "condition: {gte: 1}, generate: false}\n",
       15, "false", "another value", ""},
      {kRules + "title: C\nname: c\ndetection: {s: [a], condition: s}\ncorrelation: {" + count +
           "condition: {gte: 1}}\n",
       14, "detection", "another document", ""},
  });
}

TEST_CASE("chains expose their group keys alone, and never run in a circle", "[lang]") {
  const std::string chain =
      correlation("type: event_count, rules: [a], group-by: [peer.number], timespan: 1h, condition: {gte: 2}") +
      "---\ntitle: D\nname: d\ncorrelation: {type: event_count, rules: [c], timespan: 1h, "
      "condition: {gte: 2}, group-by: [";
  CHECK(load_text(chain + "peer.number]}\n").ok());
  check_refusals({{chain + "text]}\n", 16, "text", "has its group keys alone", ""}});
  check_refusals(
      {{"title: C\nname: c\ncorrelation: {type: temporal, rules: [d], timespan: 1h}\n---\n"
        "title: D\nname: d\ncorrelation: {type: temporal, rules: [c], timespan: 1h}\n",
        1, "c", "refers to itself", ""}});
}

std::string filter(std::string_view rules, std::string_view rest = "s: {text: z}, condition: not s") {
  return kRules +
         "title: F\nname: f\nlogsource: {product: quanzu, category: sms}\nfilter: {rules: " + std::string(rules) +
         ", " + std::string(rest) + "}\n";
}

TEST_CASE("a filter is ANDed to the rules that it lists, or to all of its logsource", "[lang]") {
  const std::string plain = R"({"f": "text", "v": {"str": ["x"]}})";
  const std::string narrowed = "[{\"and\": [" + plain + R"(, {"not": {"f": "text", "v": {"str": ["z"]}}}]}])";
  for (std::string_view rules : {"[a]", "a", "any"}) {
    const Pack pack = load_text(filter(rules));
    INFO(rules << "\n" << all_problems(pack));
    REQUIRE(pack.problems.empty());
    CHECK(dump_conditions(pack.rules.at(0)) == narrowed);
    CHECK(dump_conditions(pack.rules.at(1)) == R"([{"f": "text", "v": {"str": ["q"]}}])");
    CHECK(pack.filters.at(0).any == (rules == "any"));
    CHECK(pack.rules[0].hash != load_text(kRules).rules[0].hash);
    CHECK(pack.rules[1].hash == load_text(kRules).rules[1].hash);
  }
}

TEST_CASE("a filter that makes no sense is refused", "[lang]") {
  check_refusals({
      {filter("[b]"), 15, "b", "another logsource", ""},
      {filter("[x]"), 15, "x", "no rule has this id or name", ""},
      {filter("[a, a]"), 15, "a", "listed twice", ""},
      {filter("[f]"), 15, "f", "a filter is no rule", ""},
      {filter("[]"), 15, "[]", "one or more", ""},
      {filter("[a]", "s: {text: z}"), 15, "detection", "condition is missing", "condition: s"},
      {filter("[c]") + "---\ntitle: C\nname: c\ncorrelation: {type: temporal, rules: [a], timespan: 1h}\n", 15, "c",
       "a correlation takes no filter", ""},
      {kRules + "title: F\nname: f\nlogsource: {product: quanzu}\nfilter: {s: {text: z}, condition: not s}\n", 15,
       "rules", "must have a rules", "any"},
      {kRules + "title: F\nname: f\nfilter: {rules: any, s: {text: z}, condition: not s}\n", 12, "logsource",
       "must have a logsource", ""},
  });
  const Pack pack = load_text(filter("[a]", "s: {text: z}, condition: s"));
  CHECK(pack.ok());
  CHECK(all_problems(pack).find("keeps only what it selects") != std::string::npos);
}

}  // namespace
}  // namespace quanzu::rules
