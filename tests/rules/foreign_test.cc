#include "rules/match/foreign.h"

#include "tests/catch.h"
#include "tests/rules/make_rule.h"

namespace quanzu::rules {
namespace {

using namespace testing;
using Object = ForeignValue::Object;
using Array = ForeignValue::Array;

ForeignValue text(std::string value) {
  return {std::move(value)};
}
ForeignValue number(double value, std::string shown) {
  return {ForeignValue::Number{value, std::move(shown)}};
}
ForeignValue object(Object members) {
  return {std::move(members)};
}

bool holds(NodePtr condition, const ForeignValue& event) {
  const Pack one = pack(rule("r", "", std::move(condition)));
  Result<ForeignMatcher> matcher = ForeignMatcher::make(one);
  if (!matcher) FAIL(matcher.error().message);
  std::vector<RuleIndex> out;
  matcher->match(event, out);
  return !out.empty();
}

NodePtr equals(std::string field, double value, std::string shown) {
  return item(std::move(field), NumberValue{value, std::move(shown)});
}

TEST_CASE("a foreign text is compared whole and without case, and nothing else of it is normalised") {
  const ForeignValue event = object({{"Image", text("C:\\Windows\\CMD.exe\n")}, {"说", text("賬戶 Ａ")}});
  CHECK(holds(is("Image", "c:\\windows\\cmd.exe?"), event));
  CHECK(holds(is("Image", "*CMD*"), event));
  CHECK_FALSE(holds(is("Image", "cmd"), event));
  CHECK_FALSE(holds(item("Image", pattern("*cmd*", true)), event));
  CHECK(holds(is("说", "*賬戶 ａ"), event));
  CHECK_FALSE(holds(is("说", "*账户*"), event));
  CHECK(holds(regex("Image", "CMD\\.exe$"), event));
  CHECK_FALSE(holds(regex("Image", "cmd\\.exe$"), event));
  CHECK(holds(regex("Image", "cmd\\.exe$", true), event));
}

TEST_CASE("a field is a key as written before it is a path, and a path goes through arrays") {
  const ForeignValue event = object(
      {{"a.b", text("key")},
       {"a", object({{"b", text("path")}, {"c", {Array{object({{"d", text("1")}}), object({{"d", text("2")}})}}}})}});
  CHECK(holds(is("a.b", "key"), event));
  CHECK_FALSE(holds(is("a.b", "path"), event));
  CHECK(holds(is("a.c.d", "2"), event));
  CHECK(holds(all(is("a.c.d", "1"), is("a.c.d", "2")), event));
  CHECK_FALSE(holds(negated(is("a.c.d", "2")), event));
  CHECK_FALSE(holds(is("A.C.D", "2"), event));
}

TEST_CASE("numbers and booleans compare by value, and as the texts that look like them") {
  const ForeignValue event =
      object({{"n", number(4, "4")}, {"s", text("4.0")}, {"t", text("4 ")}, {"b", {true}}, {"w", text("TRUE")}});
  CHECK(holds(equals("n", 4, "4"), event));
  CHECK(holds(equals("s", 4, "4"), event));
  CHECK_FALSE(holds(equals("t", 4, "4"), event));
  CHECK(holds(is("n", "4"), event));
  CHECK_FALSE(holds(is("n", "4.0"), event));
  CHECK(holds(item("b", true), event));
  CHECK(holds(item("w", true), event));
  CHECK(holds(is("b", "TRUE"), event));
  CHECK(holds(compare("n", Compare::kGreaterEqual, 4), event));
  CHECK_FALSE(holds(compare("s", Compare::kGreaterEqual, 4), event));
}

TEST_CASE("absent and null make every item false but null and exists") {
  const ForeignValue event = object({{"null", {}}, {"empty", text("")}, {"none", {Array{}}}});
  for (const char* field : {"null", "absent"}) {
    CHECK(holds(item(field, Null{}), event));
    CHECK_FALSE(holds(is(field, "*"), event));
    CHECK(holds(negated(is(field, "x")), event));
  }
  CHECK(holds(item("null", Exists{true}), event));
  CHECK(holds(item("absent", Exists{false}), event));
  CHECK(holds(item("none", Exists{true}), event));
  CHECK_FALSE(holds(item("empty", Null{}), event));
  CHECK(holds(is("empty", ""), event));
}

TEST_CASE("a keyword stands in some string at any depth, never in a key or a number") {
  const ForeignValue event = object({{"key", object({{"deep", {Array{number(42, "42"), text("some Secret here")}}}})}});
  CHECK(holds(is("", "secret"), event));
  CHECK(holds(equals("", 5, "5"), object({{"a", text("x5y")}})));
  CHECK_FALSE(holds(is("", "deep"), event));
  CHECK_FALSE(holds(is("", "42"), event));
}

TEST_CASE("a field may refer to another, with or without case") {
  const ForeignValue event = object(
      {{"a", text("ABC")}, {"b", text("abc")}, {"c", text("b")}, {"n", number(1, "1")}, {"m", number(1, "1.0")}});
  CHECK(holds(item("a", FieldRef{"b", FieldMatch::kWhole, false}), event));
  CHECK_FALSE(holds(item("a", FieldRef{"b", FieldMatch::kWhole, true}), event));
  CHECK(holds(item("a", FieldRef{"c", FieldMatch::kContains, false}), event));
  CHECK(holds(item("n", FieldRef{"m", FieldMatch::kWhole, false}), event));
  CHECK_FALSE(holds(item("a", FieldRef{"absent", FieldMatch::kContains, false}), event));
}

TEST_CASE("parts of a time are read from RFC 3339 and epoch seconds, in UTC, weeks as ISO 8601 counts them") {
  const auto part = [](const char* field, TimeUnit unit, double value) {
    return item(field, TimePart{unit, std::nullopt, value});
  };
  const ForeignValue event = object({{"t", text("2027-01-03T23:30:00-01:00")},  // a Monday, 2027-01-04, in UTC
                                     {"sunday", text("2027-01-03T12:00:00Z")},
                                     {"epoch", number(0, "0")},
                                     {"bad", text("noon")}});
  CHECK(holds(part("t", TimeUnit::kDay, 4), event));
  CHECK(holds(part("t", TimeUnit::kHour, 0), event));
  CHECK(holds(part("t", TimeUnit::kMinute, 30), event));
  CHECK(holds(part("t", TimeUnit::kMonth, 1), event));
  CHECK(holds(part("t", TimeUnit::kWeek, 1), event));
  CHECK(holds(part("sunday", TimeUnit::kWeek, 53), event));
  CHECK(holds(part("epoch", TimeUnit::kYear, 1970), event));
  CHECK(holds(item("epoch", TimePart{TimeUnit::kYear, Compare::kLess, 1971}), event));
  CHECK_FALSE(holds(part("bad", TimeUnit::kHour, 12), event));
}

TEST_CASE("a rule's logsource must be the event's where the event has one") {
  Rule made = rule("r", "process_creation", is("a", "1"));
  made.logsource.product = "windows";
  const Pack one = pack(std::move(made));
  Result<ForeignMatcher> matcher = ForeignMatcher::make(one);
  REQUIRE(matcher.has_value());
  const auto fires = [&](Object source) {
    std::vector<RuleIndex> out;
    Object event{{"a", text("1")}};
    if (!source.empty()) event.emplace_back("logsource", object(std::move(source)));
    matcher->match(object(std::move(event)), out);
    return !out.empty();
  };
  CHECK(fires({}));
  CHECK(fires({{"category", text("process_creation")}, {"product", text("windows")}, {"service", text("sysmon")}}));
  CHECK_FALSE(fires({{"category", text("process_creation")}}));
  CHECK_FALSE(fires({{"category", text("process_creation")}, {"product", text("linux")}}));
}

}  // namespace
}  // namespace quanzu::rules
