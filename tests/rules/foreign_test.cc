#include "rules/match/foreign.h"

#include "tests/catch.h"
#include "tests/rules/make_rule.h"

namespace quanzu::rules {
namespace {

using namespace testing;
std::shared_ptr<const ForeignProgram> compiled(Pack rules) {
  auto program = ForeignProgram::compile(std::move(rules));
  if (!program) FAIL(program.error().message);
  return *program;
}

bool holds(NodePtr condition, std::string_view event) {
  ForeignScanner scanner(compiled(pack(rule("r", "", std::move(condition)))));
  std::vector<RuleIndex> out;
  const Result<void> read = scanner.scan(event, out);
  if (!read) FAIL(read.error().message);
  return !out.empty();
}

NodePtr equals(std::string field, double value, std::string shown) {
  return item(std::move(field), NumberValue{value, std::move(shown)});
}

TEST_CASE("a foreign text is compared whole and without case, and nothing else of it is normalised") {
  const char* const event = R"({"Image": "C:\\Windows\\CMD.exe\n", "说": "賬戶 Ａ"})";
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
  const char* const event = R"({"a.b": "key", "a": {"b": "path", "c": [{"d": "1"}, {"d": "2"}]}})";
  CHECK(holds(is("a.b", "key"), event));
  CHECK_FALSE(holds(is("a.b", "path"), event));
  CHECK(holds(is("a.c.d", "2"), event));
  CHECK(holds(all(is("a.c.d", "1"), is("a.c.d", "2")), event));
  CHECK_FALSE(holds(negated(is("a.c.d", "2")), event));
  CHECK_FALSE(holds(is("A.C.D", "2"), event));
}

TEST_CASE("numbers and booleans compare by value, and as the texts that look like them") {
  const char* const event = R"({"n": 4, "s": "4.0", "t": "4 ", "b": true, "w": "TRUE"})";
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
  const char* const event = R"({"null": null, "empty": "", "none": []})";
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
  const char* const event = R"({"key": {"deep": [42, "some Secret here"]}})";
  CHECK(holds(is("", "secret"), event));
  CHECK(holds(equals("", 5, "5"), R"({"a": "x5y"})"));
  CHECK_FALSE(holds(is("", "deep"), event));
  CHECK_FALSE(holds(is("", "42"), event));
}

TEST_CASE("a field may refer to another, with or without case") {
  const char* const event = R"({"a": "ABC", "b": "abc", "c": "b", "n": 1, "m": 1.0})";
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
  // The first is a Monday, 2027-01-04, in UTC.
  const char* const event =
      R"({"t": "2027-01-03T23:30:00-01:00", "sunday": "2027-01-03T12:00:00Z", "epoch": 0, "bad": "noon"})";
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
  ForeignScanner scanner(compiled(pack(std::move(made))));
  const auto fires = [&](const std::string& source) {
    std::vector<RuleIndex> out;
    const std::string event = R"({"a": "1")" + (source.empty() ? "" : R"(, "logsource": )" + source) + "}";
    REQUIRE(scanner.scan(event, out).has_value());
    return !out.empty();
  };
  CHECK(fires(""));
  CHECK(fires(R"({"category": "process_creation", "product": "windows", "service": "sysmon"})"));
  CHECK_FALSE(fires(R"({"category": "process_creation"})"));
  CHECK_FALSE(fires(R"({"category": "process_creation", "product": "linux"})"));
  CHECK(fires(""));
  CHECK(fires(R"("process_creation")"));  // no object: it says nothing
}

TEST_CASE("a foreign value is found by whole, start, end or middle, short or long, in every element of an array") {
  const char* const event = R"({"f": ["x", "C:\\Windows\\System32\\cmd.exe"], "s": "ab"})";
  CHECK(holds(is("f", "*\\cmd.exe"), event));
  CHECK(holds(is("f", "c:\\windows*"), event));
  CHECK(holds(is("f", "*system32*"), event));
  CHECK(holds(is("f", "c:\\windows\\system32\\cmd.exe"), event));
  CHECK_FALSE(holds(is("f", "\\cmd.exe"), event));
  CHECK_FALSE(holds(is("f", "*c:\\windows"), event));
  CHECK_FALSE(holds(is("f", "windows*"), event));
  CHECK(holds(is("f", "x"), event));
  CHECK(holds(is("s", "*b"), event));
  CHECK(holds(is("s", "a*"), event));
  CHECK_FALSE(holds(is("s", "*ab?*"), event));
  CHECK(holds(is("s", "*"), event));
  CHECK_FALSE(holds(is("absent", "*"), event));
}

TEST_CASE("of a key that stands twice the last value counts") {
  CHECK(holds(is("a", "second"), R"({"a": "first", "a": "second"})"));
  CHECK_FALSE(holds(is("a", "first"), R"({"a": "first", "a": "second"})"));
  CHECK_FALSE(holds(is("a.b", "first"), R"({"a": {"b": "first", "b": "second"}})"));
}

TEST_CASE("a literal of keywords does not reach from one string into the next") {
  CHECK_FALSE(holds(is("", "abcd"), R"({"a": "ab", "b": "cd"})"));
  CHECK_FALSE(holds(item("", pattern(std::string("ab\0cd", 5))), R"({"a": "ab", "b": "cd"})"));
  CHECK(holds(item("", pattern(std::string("ab\0cd", 5))), R"({"a": "xab\u0000cdx"})"));
  CHECK_FALSE(holds(regex("", "^ab.*cd$"), R"({"a": "ab", "b": "cd"})"));
  CHECK(holds(regex("", "^cd$"), R"({"a": "ab", "b": "cd"})"));
}

}  // namespace
}  // namespace quanzu::rules
