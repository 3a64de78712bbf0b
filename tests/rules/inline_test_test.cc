// The runner of inline tests: what passes, what fails, and what a failure says.
#include "rules/author/inline_test.h"

#include "rules/author/test_signal.h"
#include "tests/catch.h"
#include "tests/rules/make_rule.h"

namespace quanzu::rules {
namespace {

using namespace testing;

EventField field(std::string name, FieldValue value) {
  return {std::move(name), std::move(value), {}};
}
TestEvent sms(std::string text, std::string at = {}) {
  TestEvent event{{field("kind", std::string("sms")), field("text", std::move(text))}, {12, 9}};
  if (!at.empty()) event.fields.push_back(field("at", std::move(at)));
  return event;
}
TestExpect alerts(int count, std::optional<std::string> at = std::nullopt) {
  TestExpect expect;
  expect.count = count;
  expect.at = std::move(at);
  return expect;
}

// The test's diff on a rule that wants 转账.
std::string diff_of(RuleTest test) {
  Rule made = rule("r", "sms", contains("text", "转账"));
  made.level = "high";
  test.mark = {10, 5};
  made.tests.push_back(std::move(test));
  auto program = Program::compile(pack(rule("other", "", contains("text", "你好")), std::move(made)));
  if (!program) FAIL(program.error().message);
  const std::vector<TestResult> results = run_tests(**program);
  REQUIRE(results.size() == 1);
  CHECK(results[0].rule == "r");
  CHECK(results[0].passed() == results[0].diff.empty());
  return results[0].diff;
}

bool says(const std::string& diff, std::string_view what) {
  INFO(diff);
  return diff.find(what) != std::string::npos;
}

TEST_CASE("a test passes where its rule raises exactly what is expected, whatever other rules do") {
  CHECK(diff_of({"", "", {sms("请转账"), sms("你好"), sms("转账")}, {alerts(2)}, {}}) == "");
  CHECK(diff_of({"", "", {sms("你好")}, {}, {}}) == "");
  CHECK(diff_of({"", "", {sms("转账", "+1h"), sms("转账")}, {alerts(2, "+1h")}, {}}) == "");
  CHECK(diff_of({"", "2026-03-01T00:00:00Z", {sms("转账", "+5m")}, {alerts(1, "2026-03-01T00:05:00Z")}, {}}) == "");
  // The one that names a time is served first, though it stands last.
  CHECK(diff_of({"", "", {sms("转账"), sms("转账", "+5m")}, {alerts(1), alerts(1, "+0s")}, {}}) == "");
}

TEST_CASE("an alert that is missing is told, with what each silent event lacks") {
  const std::string diff = diff_of({"", "", {sms("请转账"), sms("你好")}, {alerts(2)}, {}});
  CHECK(says(diff, "packs/test/r.yml:10:5"));
  CHECK(says(diff, "- expected 2 alerts, got 1"));
  CHECK(says(diff, "- event 2 (line 12): silent; does not hold: text|contains: 转账"));
  CHECK_FALSE(says(diff, "event 1"));
  CHECK(says(diff_of({"", "", {sms("转账")}, {alerts(1, "+5m")}, {}}), "- expected 1 alert at +5m, got 0"));

  TestEvent call = sms("转账");
  call.fields[0].value = std::string("call");
  CHECK(says(diff_of({"", "", {call}, {alerts(1)}, {}}), "the rule's logsource takes no call"));
}

TEST_CASE("an alert that nobody expects is told, with the words that raised it") {
  CHECK(says(diff_of({"", "", {sms("请轉賬")}, {}, {}}),
             "+ event 1 (line 12) at 2025-12-31T16:00:00Z: an alert that is not expected, on '轉賬'"));
  CHECK(says(diff_of({"", "", {sms("转账"), sms("转账")}, {alerts(1)}, {}}), "+ event 2"));
}

TEST_CASE("a correlation is tested over the pack's rules: by event, by group, and when its windows close") {
  const auto diff_of_correlation = [](Bound bound, RuleTest test) {
    Correlation made;
    made.file = "packs/test/c.yml";
    made.info.id = "c";
    made.rules = {{"r", {}}};
    made.group_by = {"peer.number"};
    made.timespan = std::chrono::minutes(10);
    made.bounds = {std::move(bound)};
    made.tests.push_back(std::move(test));
    Pack all = pack(rule("r", "sms", contains("text", "转账")));
    all.correlations.push_back(std::move(made));
    auto program = Program::compile(std::move(all));
    if (!program) FAIL(program.error().message);
    const std::vector<TestResult> results = run_tests(**program);
    REQUIRE(results.size() == 1);
    CHECK(results[0].rule == "c");
    return results[0].diff;
  };
  const auto from = [](std::string peer, std::string at) {
    TestEvent event = sms("转账", std::move(at));
    event.fields.push_back(field("peer.number", std::move(peer)));
    return event;
  };
  const std::vector<TestEvent> events = {from("95588", "+0s"), from("10086", "+1m"), from("95588", "+2m"), sms("转账")};
  const Bound two{BoundOp::kGte, "2", {}};
  TestExpect one = alerts(1, "+2m");
  one.group = "95588";
  CHECK(diff_of_correlation(two, {"", "", events, {one}, {}}) == "");
  one.group = "10086";
  CHECK(says(diff_of_correlation(two, {"", "", events, {one}, {}}), "- expected 1 alert at +2m of group 10086, got 0"));
  CHECK(says(diff_of_correlation(two, {"", "", events, {}, {}}), "an alert that is not expected, of group 95588"));
  const Bound single{BoundOp::kEq, "1", {}};
  one = alerts(1, "+11m");
  one.group = "10086";
  CHECK(diff_of_correlation(single, {"", "", events, {one}, {}}) == "");
  CHECK(says(diff_of_correlation(single, {"", "", events, {}, {}}), "+ a window that closed at "));
}

TEST_CASE("a level or a group that the rule does not have is told") {
  TestExpect level = alerts(1);
  level.level = "low";
  CHECK(says(diff_of({"", "", {sms("转账")}, {level}, {}}), "- level low: the rule's level is 'high'"));
  level.level = "high";
  CHECK(diff_of({"", "", {sms("转账")}, {level}, {}}) == "");
  TestExpect group = alerts(1);
  group.group = "13900001111";
  CHECK(says(diff_of({"", "", {sms("转账")}, {group}, {}}), "has no groups"));
}

TEST_CASE("an event that no feed could bring fails its test and says why") {
  const auto diff_with = [](EventField added) {
    TestEvent event = sms("转账");
    event.fields.push_back(std::move(added));
    return diff_of({"", "", {event}, {alerts(1)}, {}});
  };
  CHECK(says(diff_with(field("peer.nummer", std::string("1"))), "packs/test/r.yml:12:9: peer.nummer is no field"));
  CHECK(says(diff_with(field("duration_s", 5.0)), "duration_s is no field of kind sms"));
  CHECK(says(diff_with(field("direction", 5.0)), "direction must be a string"));
  CHECK(says(diff_with(field("resident.number", std::string("110"))), "resident.number is no resident's number"));
  CHECK(says(diff_with(field("at", std::string("noon"))), "at is \"noon\": write +90s"));
  CHECK(says(diff_with(field("kind", std::string("fax"))), "kind must be one of sms"));
  CHECK(says(diff_of({"", "soon", {sms("转账")}, {alerts(1)}, {}}), "start is \"soon\""));
  CHECK(says(diff_of({"", "", {{{field("text", std::string("转账"))}, {}}}, {alerts(1)}, {}}), "kind is missing"));
}

TEST_CASE("a test event's values become those of a signal") {
  TestEvent event;
  event.fields = {field("kind", std::string("call")),
                  field("at", std::string("+2m")),
                  field("resident.number", std::string("139 0000 1111")),
                  field("peer.number", std::string("0085261234567")),
                  field("duration_s", 90.0),
                  field("roaming", true),
                  field("text", std::monostate())};
  const Instant start = from_ms(1'000'000);
  const Result<Signal> signal = test_signal(event, start, start);
  REQUIRE(signal.has_value());
  CHECK(signal->kind == Kind::kCall);
  CHECK(signal->at == start + std::chrono::minutes(2));
  CHECK(signal->resident.view() == "8613900001111");
  CHECK(signal->peer.view() == "85261234567");
  CHECK(signal->number(Field::kDurationS) == 90);
  CHECK(signal->number(Field::kRoaming) == 1);
  CHECK_FALSE(signal->has(Field::kText));
  event.fields[4].value = 1.5;
  CHECK_FALSE(test_signal(event, start, start).has_value());
}

}  // namespace
}  // namespace quanzu::rules
