// A detection rule as read: Sigma's three parts (logsource, detection, condition) as a typed tree with the mark of each
// piece, plus our `antifraud:` namespace and the inline tests. Plain data; made by rules/lang/parse, checked by
// rules/lang/check, compiled by rules/match/compile, walked by rules/match/explain.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/alert.h"
#include "engine/signal.h"

namespace quanzu::rules {

struct Mark {  // 1-based; 0 where unknown
  int line = 0;
  int column = 0;
};

// A string value in parts: literal runs and wildcards. "a*b?" is {"a", any_run, "b", any_one}.
enum class Wildcard : uint8_t { kAnyRun, kAnyOne };
using StringPart = std::variant<std::string, Wildcard>;
struct StringPattern {
  std::vector<StringPart> parts;
  bool cased = false;
};
struct Regex {
  std::string pattern;
  bool ignore_case = false;
  bool multi_line = false;
  bool dot_all = false;
};
struct NumberValue {
  double value = 0;
  std::string text;  // as written: what a string field compares with
};
struct Null {};
enum class Compare : uint8_t { kLess, kLessEqual, kGreater, kGreaterEqual };
struct CompareValue {
  Compare compare = Compare::kLess;
  double value = 0;
};
struct Exists {
  bool wanted = true;
};
using Value = std::variant<StringPattern, Regex, NumberValue, bool, Null, CompareValue, Exists>;

// The boolean tree of a condition with every selection resolved into it.
struct Node;
using NodePtr = std::unique_ptr<Node>;
struct Item {  // one (field, value); a keyword where `field` is empty
  std::string field;
  Value value;
};
enum class NodeType : uint8_t { kAnd, kOr, kNot, kItem };
struct Node {
  NodeType type = NodeType::kItem;
  std::vector<NodePtr> children;  // kNot has one
  Item item;                      // of kItem
  Mark mark;
};

struct LogSource {
  std::string category;  // a signal's kind in our packs
  std::string product;
  std::string service;
};

struct TestEvent {  // a flat JSON object, as text; `at` may be relative to the test's start ("+5m")
  std::string json;
  Mark mark;
};
struct TestExpect {
  std::optional<std::string> at;
  std::optional<int> count;
  std::optional<std::string> group;
  std::optional<std::string> level;
  Mark mark;
};
struct RuleTest {
  std::string name;
  std::string start;
  std::vector<TestEvent> events;
  std::vector<TestExpect> expect;  // empty: must stay silent
  Mark mark;
};

struct Rule {
  std::string file;
  RuleInfo info;  // id, version, title, fraud type, stage, weight, half-life
  std::string name;
  std::string owner;
  LogSource logsource;
  std::vector<NodePtr> conditions;  // a list of conditions is OR
  std::vector<RuleTest> tests;
  Mark mark;
};

enum class Severity : uint8_t { kError, kWarning };
struct Problem {
  Severity severity = Severity::kError;
  std::string file;
  Mark mark;
  std::string text;        // the offending text
  std::string reason;      // why it is wrong
  std::string suggestion;  // the nearest correct form, or empty
};

// All rules under a folder (its subfolders are packs), in path order; files end in .yml or .yaml.
struct Pack {
  std::vector<Rule> rules;
  std::vector<Problem> problems;
  std::string hash;  // SHA-256, hex, over every file's path and bytes
  bool ok() const;   // no problem is an error
};

}  // namespace quanzu::rules
