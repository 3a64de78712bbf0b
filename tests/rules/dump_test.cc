// rules/lang/dump: correlations and filters as JSON. Trees of detections are compared in tests/rules/lang_tree_test.cc.
#include "rules/lang/dump.h"

#include <boost/json.hpp>

#include "tests/catch.h"
#include "tests/rules/load_text.h"

namespace quanzu::rules {
namespace {

namespace json = boost::json;

constexpr std::string_view kRules =
    "title: A\nname: a\nlogsource: {product: quanzu}\ndetection: {s: [x], condition: s}\n---\n"
    "title: B\nname: b\nlogsource: {product: quanzu}\ndetection: {s: [y], condition: s}\n---\n";

Pack load(const std::string& rest) {
  Pack pack = testing::load_text(std::string(kRules) + rest);
  INFO(testing::all_problems(pack));
  REQUIRE(pack.ok());
  return pack;
}

void check_correlation(const std::string& written, const std::string& expected) {
  const Pack pack = load("title: C\nname: c\ncorrelation: {" + written + "}\n");
  INFO(dump_correlation(pack.correlations.at(0)));
  CHECK(json::parse(dump_correlation(pack.correlations[0])) == json::parse(expected));
}

TEST_CASE("a correlation is dumped with all that it says", "[lang]") {
  check_correlation("type: event_count, rules: [a], group-by: [peer.number], timespan: 1h, condition: {gte: 3, lt: 10}",
                    R"({"type": "event_count", "rules": ["a"], "group-by": ["peer.number"], "timespan_s": 3600,
                        "condition": {"gte": 3, "lt": 10}})");
  check_correlation(
      "type: value_percentile, rules: [a], timespan: 2m, condition: {field: amount_fen, percentile: 95, gt: 2.5}",
      R"({"type": "value_percentile", "rules": ["a"], "group-by": [], "timespan_s": 120,
          "condition": {"gt": 2.5, "field": ["amount_fen"], "percentile": 95}})");
  check_correlation("type: temporal_ordered, rules: [a, b], timespan: 5s, generate: true",
                    R"({"type": "temporal_ordered", "rules": ["a", "b"], "group-by": [], "timespan_s": 5,
                        "condition": null, "generate": true})");
  check_correlation("type: temporal, rules: [a, b], timespan: 5s, condition: a and not b",
                    R"({"type": "temporal", "rules": ["a", "b"], "group-by": [], "timespan_s": 5,
                        "condition": {"and": [{"rule": "a"}, {"not": {"rule": "b"}}]}})");
  check_correlation(
      "type: temporal, rules: [a, b], group-by: [who], timespan: 5s, "
      "aliases: {who: {a: peer.number, b: peer.account}}",
      R"({"type": "temporal", "rules": ["a", "b"], "group-by": ["who"], "timespan_s": 5, "condition": null,
          "aliases": {"who": {"a": "peer.number", "b": "peer.account"}}})");
}

TEST_CASE("a filter is dumped with the rules that it narrows and its own tree", "[lang]") {
  const std::string tail = ", s: {text: q}, condition: not s}\n";
  const Pack named = load("title: F\nname: f\nlogsource: {product: quanzu}\nfilter: {rules: [a, b]" + tail);
  CHECK(json::parse(dump_filter(named.filters.at(0))) ==
        json::parse(R"({"rules": ["a", "b"], "conditions": [{"not": {"f": "text", "v": {"str": ["q"]}}}]})"));
  const Pack any = load("title: F\nname: f\nlogsource: {product: quanzu}\nfilter: {rules: any" + tail);
  CHECK(json::parse(dump_filter(any.filters.at(0))).at("rules") == json::value("any"));
}

}  // namespace
}  // namespace quanzu::rules
