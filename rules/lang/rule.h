// A detection rule as read: Sigma's three parts (logsource, detection, condition) as a typed tree with the
// mark of each piece, plus our `antifraud:` namespace and the inline tests. Plain data; made by
// rules/lang/parse, checked by rules/lang/check, compiled by rules/match/compile, walked by
// rules/match/explain.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/alert.h"
#include "engine/signal.h"

namespace quanzu::rules {

struct Mark {  // 1-based, in bytes; 0 where unknown
  int line = 0;
  int column = 0;
};

// A string value in parts: literal runs, wildcards, placeholders. "a*b?" is {"a", any_run, "b", any_one}; ""
// has no part. Two literals never stand side by side. A pack that loads without an error holds no
// Placeholder.
enum class Wildcard : uint8_t { kAnyRun, kAnyOne };
struct Placeholder {
  std::string name;  // %name%
};
using StringPart = std::variant<std::string, Wildcard, Placeholder>;
struct StringPattern {  // matches the whole field; contains and the like are wildcards at its ends
  std::vector<StringPart> parts;
  bool cased = false;
  bool phonetic = false;
};
struct Regex {  // unanchored
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
struct Cidr {
  std::array<uint8_t, 16> address{};  // the first 4 bytes for v4
  int prefix = 0;                     // bits
  bool v6 = false;
  std::string text;
};
enum class FieldMatch : uint8_t { kWhole, kStartsWith, kEndsWith, kContains };
struct FieldRef {  // compares with another field of the same event; a missing side is false
  std::string field;
  FieldMatch match = FieldMatch::kWhole;
  bool cased = false;
};
enum class TimeUnit : uint8_t { kMinute, kHour, kDay, kWeek, kMonth, kYear };
struct TimePart {  // a part of a time in the pack's zone, equal to the value or compared with it
  TimeUnit unit = TimeUnit::kMinute;
  std::optional<Compare> compare;
  double value = 0;
};
struct InList {
  std::string list;
};
using Value = std::variant<StringPattern, Regex, NumberValue, bool, Null, CompareValue, Exists, Cidr,
                           FieldRef, TimePart, InList>;

// The boolean tree of a condition with every selection resolved into it. neq and lists are kNot and kOr by
// then.
struct Node;
using NodePtr = std::unique_ptr<Node>;
struct Item {         // one (field, value); a keyword (contained in any string field) where `field` is empty
  std::string field;  // dotted, as written: "text", "text.raw", "peer.number"
  Value value;
};
enum class NodeType : uint8_t { kAnd, kOr, kNot, kItem };
struct Node {
  NodeType type = NodeType::kItem;
  std::vector<NodePtr> children;  // kNot has one
  Item item;                      // of kItem
  Mark mark;
  std::string selection;   // the name of the selection whose root this is; else empty
  bool expansion = false;  // a kOr that one value became (windash, base64offset, a placeholder's list)
};

struct LogSource {
  std::string category;  // a signal's kind in our packs; empty: any
  std::string product;
  std::string service;
};

// An event's field in an inline test; at, kind and the dotted names of the taxonomy.
using FieldValue = std::variant<std::monostate, bool, double, std::string>;  // monostate: null
struct EventField {
  std::string name;
  FieldValue value;
  Mark mark;
};
struct TestEvent {
  std::vector<EventField> fields;
  Mark mark;
};
struct TestExpect {               // an alert of this rule, or `count` of them
  std::optional<std::string> at;  // RFC 3339, or relative to the test's start ("+5m")
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

// Our namespace, beside what RuleInfo holds.
struct Suppress {
  std::vector<std::string> by;  // empty: all group keys
  Duration period{};
};
enum class WindowMode : uint8_t { kSliding, kArrival };
struct Window {
  WindowMode mode = WindowMode::kSliding;
  Duration lateness{};
};

struct Rule {
  std::string file;
  RuleInfo
      info;  // id (else name, else the file's name), version, title, fraud type, stage, weight, half-life
  std::string name;
  std::string owner;
  std::string level;  // Sigma's own word, as written
  std::string status;
  LogSource logsource;
  std::vector<NodePtr> conditions;  // a list of conditions is OR
  std::optional<Suppress> suppress;
  std::optional<Window> window;
  std::optional<int> max_alerts_per_day;
  std::string script;
  std::string since;  // dates as written
  std::string review_by;
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
