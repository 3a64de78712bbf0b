// What is not understood is refused: where, what, why and what was probably meant.
#include "tests/catch.h"
#include "tests/rules/load_text.h"

namespace quanzu::rules {
namespace {

using namespace testing;

struct Refusal {
  std::string rule;
  int line;
  int column;
  std::string text;        // the offending text
  std::string reason;      // a part of it
  std::string suggestion;  // a part of it
};

void check(const std::vector<Refusal>& table) {
  for (const Refusal& row : table) {
    const Pack pack = load_text(row.rule);
    INFO(row.rule << "\n" << all_problems(pack));
    CHECK_FALSE(pack.ok());
    REQUIRE_FALSE(pack.problems.empty());
    const auto found = std::find_if(pack.problems.begin(), pack.problems.end(), [&row](const Problem& problem) {
      return problem.severity == Severity::kError && problem.reason.find(row.reason) != std::string::npos;
    });
    REQUIRE(found != pack.problems.end());
    CHECK(found->mark.line == row.line);
    CHECK(found->mark.column == row.column);
    CHECK(found->text == row.text);
    CHECK(found->suggestion.find(row.suggestion) != std::string::npos);
    CHECK((found->suggestion.empty() == row.suggestion.empty()));
    CHECK(found->file.find("rule.yml") != std::string::npos);
  }
}

TEST_CASE("a chain of modifiers that makes no sense is refused", "[lang]") {
  check({
      {with_item("text|contians: a"), 5, 10, "contians", "unknown modifier", "contains"},
      {with_item("text|not: a"), 5, 10, "not", "unknown modifier", "neq"},
      {with_item("text|re|ignorecase: a"), 5, 13, "ignorecase", "unknown modifier", "i"},
      {with_item("text|: a"), 5, 10, "", "missing after the bar", ""},
      {with_item("text|CONTAINS: a"), 5, 10, "CONTAINS", "unknown modifier", "contains"},
      {with_item("text|contains|contains: a"), 5, 19, "contains", "stands twice", ""},
      {with_item("text|contains|startswith: a"), 5, 19, "startswith", "one is enough", ""},
      {with_item("text|i: a"), 5, 10, "i", "part of a regular expression", "re|i"},
      {with_item("text|re|contains: a"), 5, 13, "contains", "does not go with re", ""},
      {with_item("text|re|cased: a"), 5, 13, "cased", "does not go with re", ""},
      {with_item("text|neq|re: a"), 5, 14, "re", "first of its chain", "|re|"},
      {with_item("text|all|cidr: [10.0.0.0/8, 10.0.0.0/16]"), 5, 14, "cidr", "first of its chain", "|cidr|"},
      {with_item("text|wide: a"), 5, 10, "wide", "must follow", "wide|base64offset|contains"},
      {with_item("text|base64|wide: a"), 5, 17, "wide", "must follow", "base64offset"},
      {with_item("text|wide|contains|base64: a"), 5, 10, "wide", "must follow", "base64offset"},
      {with_item("text|exists|all: true"), 5, 17, "all", "does not go with exists", ""},
      {with_item("amount_fen|gt|lt: 5"), 5, 19, "lt", "one comparison", ""},
      {with_item("issued_at|gte|hour: 5"), 5, 19, "hour", "comes first", "hour|gte"},
      {with_item("issued_at|hour|minute: 5"), 5, 20, "minute", "one part of a time", ""},
      {with_item("text|neq|neq: a"), 5, 14, "neq", "stands twice", ""},
      {with_item("text|cased|phonetic: a"), 5, 16, "phonetic", "has no case", ""},
      {with_item("'|startswith': [a]"), 5, 5, "|startswith", "needs a field", ""},
      {with_item("'|exists': true"), 5, 5, "|exists", "needs a field", ""},
      {with_item("'': a"), 5, 5, "", "field's name is missing", ""},
  });
}

TEST_CASE("a value that its modifiers or its field do not take is refused", "[lang]") {
  check({
      {with_item("text|contains: 96110"), 5, 20, "96110", "strings only", "'96110'"},
      {with_item("text|cased: true"), 5, 17, "true", "strings only", "'true'"},
      {with_item("text|contains: null"), 5, 20, "null", "strings only", "'null'"},
      {with_item("text|base64: a*"), 5, 18, "a*", "wildcard", ""},
      {with_item("text|contains|base64: abc"), 5, 27, "abc", "wildcard", ""},
      {with_item("text|base64offset: ''"), 5, 24, "", "nothing to encode", ""},
      {with_item("text|exists: 'true'"), 5, 18, "true", "true or false", "true"},
      {with_item("text|re: 5"), 5, 14, "5", "is a string", "'5'"},
      {with_item("text|re: ''"), 5, 14, "", "matches everything", "exists"},
      {with_item("text|re: 'a(b'"), 5, 14, "a(b", "no regular expression that can be matched", ""},
      {with_item("text|re: '(a)\\1'"), 5, 14, "(a)\\1", "no regular expression that can be matched", ""},
      {with_item("text|re: '(?=a)b'"), 5, 14, "(?=a)b", "no regular expression that can be matched", ""},
      {with_item("text|cidr: 10.1.2.3/8"), 5, 16, "10.1.2.3/8", "bits are set", "10.0.0.0/8"},
      {with_item("text|cidr: 10.0.0/8"), 5, 16, "10.0.0/8", "no address", ""},
      {with_item("text|cidr: 10.0.0.0/33"), 5, 16, "10.0.0.0/33", "0 to 32", ""},
      {with_item("text|cidr: '2001:db8::1/32'"), 5, 16, "2001:db8::1/32", "bits are set", "2001:db8::/32"},
      {with_item("text|cidr: 10.*"), 5, 16, "10.*", "no wildcards", "10.0.0.0/8"},
      {with_item("text|fieldref: titel"), 5, 20, "titel", "no signal has a field", "title"},
      {with_item("text|fieldref: amount_fen"), 5, 20, "text", "does not fit", ""},
      {with_item("text|fieldref: 5"), 5, 20, "5", "a field's name is text", "'5'"},
      {with_item("text|gte: 5"), 5, 15, "text", "this field is a string", ""},
      {with_item("amount_fen|gte: '5'"), 5, 21, "5", "takes a number", "5"},
      {with_item("amount_fen|gte: abc"), 5, 21, "abc", "takes a number", ""},
      {with_item("amount_fen: much"), 5, 17, "amount_fen", "this field is a number", ""},
      {with_item("amount_fen: .inf"), 5, 17, ".inf", "no event holds such a number", "'.inf'"},
      {with_item("amount_fen: true"), 5, 17, "amount_fen", "this field is a number", ""},
      {with_item("amount_fen|contains: '5'"), 5, 26, "amount_fen", "this field is a number", ""},
      {with_item("amount_fen|re: '5'"), 5, 20, "amount_fen", "this field is a number", ""},
      {with_item("roaming: 1"), 5, 14, "roaming", "true or false", ""},
      {with_item("roaming: 'ja'"), 5, 14, "roaming", "true or false", ""},
      {with_item("text|hour: 5"), 5, 16, "text", "this field is a string", ""},
      {with_item("issued_at|hour: 24"), 5, 21, "24", "0 to 23", ""},
      {with_item("issued_at|hour: 1.5"), 5, 21, "1.5", "whole number", ""},
      {with_item("text|expand: '%banks%'"), 5, 18, "%banks%", "no list resolves the placeholder %banks%", ""},
      {with_item("text|in_list: banks"), 5, 19, "banks", "no such list", ""},
      {with_item("txt: a"), 5, 5, "txt", "no signal has a field", "text"},
      {with_item("Text: a"), 5, 5, "Text", "no signal has a field", "text"},
      {with_item("text|windash: ' -a -b -c -d -e -f'"), 5, 19, " -a -b -c -d -e -f", "more than 5 dashes", ""},
  });
}

TEST_CASE("a selection that cannot select is refused", "[lang]") {
  check({
      {with_item("text: []"), 5, 11, "[]", "selects nothing", "null"},
      {with_item("text: [[a]]"), 5, 12, "", "a list inside", ""},
      {with_item("text: {a: b}"), 5, 11, "", "a value is no map", ""},
      {with_item("text|contains|all: [a]"), 5, 5, "text|contains|all", "two values or more", "text|contains"},
      {with_item("text|contains|all: a"), 5, 5, "text|contains|all", "two values or more", "text|contains"},
      {with_item("? [a, b]\n  : c"), 5, 7, "", "a key is a word", ""},
      {with_item("text: a\n  text: b"), 6, 5, "text", "stands here twice", ""},
      {with_item("<<: {text: a}"), 5, 5, "<<", "merge keys", ""},
      {with_item("text: !!binary a"), 5, 11, "tag:yaml.org,2002:binary", "a tag has no meaning", ""},
      {with_detection("s: []\ncondition: s"), 4, 6, "[]", "selects nothing", ""},
      {with_detection("s: {}\ncondition: s"), 4, 6, "{}", "selects everything", ""},
      {with_detection("s:\ncondition: s"), 4, 3, "", "selection is empty", ""},
      {with_detection("s: word\ncondition: s"), 4, 6, "word", "a map of fields or a list", "['word']"},
      {with_detection("s: [true]\ncondition: s"), 4, 7, "true", "a keyword is text", "'true'"},
      {with_detection("s: [[a]]\ncondition: s"), 4, 7, "", "a list inside", ""},
      {with_detection("s: [a]"), 4, 3, "detection", "condition is missing", "condition: s"},
      {with_detection("s: [a]\ncondition: s\ntimeframe: 5m"), 6, 3, "timeframe", "correlation's work", "timespan"},
  });
}

std::string with_condition(std::string_view condition) {  // which begins at 4:14
  return with_detection("condition: " + std::string(condition) + "\nsel_a: [a]\nsel_b: [b]\n_hidden: [c]");
}

TEST_CASE("a condition that is none is refused", "[lang]") {
  check({
      {with_condition("sel_a adn sel_b"), 4, 20, "adn", "'and' or 'or' is missing", "and"},
      {with_condition("sel_a AND sel_b"), 4, 20, "AND", "lower case", "and"},
      {with_condition("NOT sel_a"), 4, 14, "NOT", "lower case", "not"},
      {with_condition("sel_a && sel_b"), 4, 20, "&&", "conditions are words", "and"},
      {with_condition("sel_a and"), 4, 23, "the end of the condition", "name is missing", ""},
      {with_condition("(sel_a or sel_b"), 4, 14, "(", "never closed", ""},
      {with_condition("sel_a or sel_b)"), 4, 28, ")", "no parenthesis is open", ""},
      {with_condition("()"), 4, 15, ")", "name is missing", ""},
      {with_condition("sel_c"), 4, 14, "sel_c", "no selection has this name", "sel_"},
      {with_condition("1 of sle_*"), 4, 19, "sle_*", "no selection fits", "sel_*"},
      {with_condition("1 of sel"), 4, 19, "sel", "no selection fits", "sel*"},
      {with_condition("1 of *idden"), 4, 19, "*idden", "begins with '_'", "_hidden"},
      {with_condition("any of sel_*"), 4, 14, "any", "1 or all", "1 of"},
      {with_condition("2 of sel_*"), 4, 14, "2", "1 or all", ""},
      {with_condition("all of"), 4, 20, "the end of the condition", "needs a pattern", "them"},
      {with_condition("sel_*"), 4, 14, "sel_*", "how many", "1 of sel_*"},
      {with_condition("them"), 4, 14, "them", "how many", "1 of them"},
      {with_condition("sel_a | count() > 5"), 4, 20, "|", "pipe aggregations", "event_count"},
      {with_condition("sel_a | count(text) by title > 5"), 4, 20, "|", "pipe aggregations", "value_count"},
      {with_condition("sel_a | near sel_b"), 4, 20, "|", "pipe aggregations", "temporal"},
      {with_condition("sel_a | sum(amount_fen) > 5"), 4, 20, "|", "pipe aggregations", "value_sum"},
      {with_condition("[]"), 4, 14, "[]", "is empty", ""},
      {with_condition("5.5"), 4, 15, ".5", "letters, digits", ""},
      {with_condition("{a: b}"), 4, 14, "condition", "a condition is a text", "1 of them"},
      {with_condition("''"), 4, 15, "the end of the condition", "condition is empty", ""},
  });
}

TEST_CASE("a rule's own keys are checked", "[lang]") {
  const std::string rest = "\nlogsource: {product: quanzu}\ndetection: {s: [a], condition: s}\n";
  const auto space = [&rest](std::string_view body) {
    return "title: T" + rest + "antifraud: {" + std::string(body) + "}\n";
  };
  check({
      {"logsource: {product: quanzu}\ndetection: {s: [a], condition: s}\n", 1, 1, "title", "must have a title",
       "title"},
      {"title: T\ndetection: {s: [a], condition: s}\n", 1, 1, "logsource", "must have a logsource", "quanzu"},
      {"title: T\nlogsource: {product: quanzu}\n", 1, 1, "detection", "must have a detection", ""},
      {"title: [T]" + rest, 1, 8, "title", "the title is a text", ""},
      {"title: T\nlevel: hihg" + rest, 2, 8, "hihg", "the level is", "high"},
      {"title: T\nstatus: stabel" + rest, 2, 9, "stabel", "the status is", "stable"},
      {"title: T\ngenerate: true" + rest, 2, 1, "generate", "only a correlation", ""},
      {"title: T\nlogsource: {product: quanzu, catgory: sms}\ndetection: {s: [a], condition: s}\n", 2, 30, "catgory",
       "unknown key in logsource", "category"},
      {"title: T\nlogsource: {definition: prose}\ndetection: {s: [a], condition: s}\n", 2, 12, "logsource",
       "gives category, product or service", "quanzu"},
      {"title: T\nlogsource: {product: windows}\ndetection: {s: [a], condition: s}\n", 2, 12, "windows", "other events",
       "--schema any"},
      {"title: T\nlogsource: {product: quanzu, category: smss}\ndetection: {s: [a], condition: s}\n", 2, 12, "smss",
       "a signal's kind", "sms"},
      {space("wieght: 5"), 4, 13, "wieght", "unknown key in antifraud", "weight"},
      {space("weight: heavy"), 4, 21, "heavy", "is a number", ""},
      {space("weight: 5000"), 4, 21, "5000", "0 to 1000", ""},
      {space("fraud_type: brushin"), 4, 25, "brushin", "the fraud_type is", "brushing"},
      {space("stage: hooked"), 4, 20, "hooked", "the stage is", "hook"},
      {space("half_life: 2M"), 4, 24, "2M", "no fixed length", ""},
      {space("half_life: 1y"), 4, 24, "1y", "no fixed length", ""},
      {space("half_life: 14"), 4, 24, "14", "a time span", ""},
      {space("half_life: 0s"), 4, 24, "0s", "longer than nothing", ""},
      {space("since: 2026-02-30"), 4, 20, "2026-02-30", "is a date", ""},
      {space("suppress: {by: [text]}"), 4, 23, "suppress", "how long is missing", "for: 24h"},
      {space("suppress: {untl: 1h, for: 1h}"), 4, 24, "untl", "unknown key in suppress", ""},
      {space("window: {mode: sliding_window}"), 4, 28, "sliding_window", "sliding or arrival", ""},
      {space("max_alerts_per_day: 1.5"), 4, 33, "1.5", "whole number", ""},
      {"- title: T\n", 1, 1, "", "a document is a map", ""},
      {"", 1, 1, "", "holds no rule", ""},
  });
}

TEST_CASE("inline tests are checked", "[lang]") {
  const std::string head = "title: T\nlogsource: {product: quanzu}\ndetection: {s: [a], condition: s}\ntests:\n  - ";
  const auto test = [&head](std::string_view event, std::string_view expect) {
    return head + "{name: n, events: [" + std::string(event) + "], expect: " + std::string(expect) + "}\n";
  };
  check({
      {head + "{events: [{kind: sms}], expect: []}\n", 5, 5, "name", "a test needs a name", ""},
      {head + "{name: n, expect: []}\n", 5, 5, "events", "a test needs events", ""},
      {head + "{name: n, events: [{kind: sms}]}\n", 5, 5, "expect", "expects is missing", "expect: []"},
      {head + "{name: n, evnts: [], events: [{kind: sms}], expect: []}\n", 5, 15, "evnts", "unknown key in a test",
       "events"},
      {test("{text: a}", "[]"), 5, 24, "kind", "kind of the event", "kind: sms"},
      {test("{kind: smss}", "[]"), 5, 31, "smss", "the kind of a signal is sms, call", "sms"},
      {test("{kind: sms, txt: a}", "[]"), 5, 36, "txt", "no signal has a field", "text"},
      {test("{kind: transfer, amount_fen: much}", "[]"), 5, 53, "much", "is a number", ""},
      {test("{kind: sms, at: noon}", "[]"), 5, 40, "noon", "RFC 3339", ""},
      {test("{kind: sms, text: [a]}", "[]"), 5, 42, "text", "one value", ""},
      {test("{kind: sms}", "1"), 5, 46, "expect", "a list of alerts", "count"},
      {test("{kind: sms}", "[{cuont: 1}]"), 5, 48, "cuont", "unknown key in an expected alert", "count"},
      {test("{kind: sms}", "[{count: 1.5}]"), 5, 55, "1.5", "whole number", ""},
  });
}

TEST_CASE("every problem of a pack is told at once", "[lang]") {
  PackFolder folder;
  folder.add("a.yml", with_item("txt: a") + "---\ntitle: [broken\n---\n" + with_item("text|contians: a"));
  folder.add("b/b.yaml", with_item("text|re: '('"));
  const Pack pack = folder.load();
  INFO(all_problems(pack));
  CHECK_FALSE(pack.ok());
  std::vector<std::pair<std::string, int>> places;
  for (const Problem& problem : pack.problems) {
    places.emplace_back(std::filesystem::path(problem.file).filename().string(), problem.mark.line);
  }
  for (const auto& place : std::vector<std::pair<std::string, int>>{{"a.yml", 5}, {"a.yml", 14}, {"b.yaml", 5}}) {
    CHECK(std::find(places.begin(), places.end(), place) != places.end());
  }
  CHECK(all_problems(pack).find("no valid YAML") != std::string::npos);
}

TEST_CASE("ids and names are unique over a pack, and needed where a file holds several rules", "[lang]") {
  const std::string rule = "title: T\nlogsource: {product: quanzu}\ndetection: {s: [a], condition: s}\n";
  PackFolder folder;
  folder.add("a.yml", "id: one\nname: first\n" + rule);
  folder.add("b.yml", "id: first\n" + rule);
  folder.add("c.yml", "id: one\n" + rule);
  folder.add("d.yml", rule + "---\nname: e\n" + rule);
  const Pack pack = folder.load();
  const std::string problems = all_problems(pack);
  INFO(problems);
  CHECK(pack.problems.size() == 3);
  CHECK(problems.find("b.yml:1:1: error: 'first': this id or name is taken by the document at") != std::string::npos);
  CHECK(problems.find("c.yml:1:1: error: 'one': this id or name is taken") != std::string::npos);
  CHECK(problems.find("d.yml:1:1: error: 'T': a rule in a file of several must have an id or a name") !=
        std::string::npos);
  CHECK(pack.rules[3].info.id == "d");
}

TEST_CASE("a folder without rules, and a file that is not there, are errors", "[lang]") {
  CHECK_FALSE(PackFolder().load().ok());
  CHECK_FALSE(load_pack(PackFolder().path() / "no.yml").ok());
}

}  // namespace
}  // namespace quanzu::rules
