// What every document of a pack has, whether it is a detection, a correlation or a filter: where it stands, who answers
// for it, our `antifraud:` namespace and the inline tests. Plain data; made by rules/lang/parse.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/alert.h"

namespace quanzu::rules {

struct Mark {  // 1-based, in bytes; 0 where unknown
  int line = 0;
  int column = 0;
};

struct LogSource {
  std::string category;  // a signal's kind in our packs; empty: any
  std::string product;
  std::string service;
};

// A rule as one document names another: by id or by name, in either direction.
struct RuleRef {
  std::string rule;  // as written
  Mark mark;
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

// An alert less than `period` after the last told one with the same `by` keys is counted, not told.
struct Suppress {
  std::vector<std::string> by;  // empty: all group keys
  Duration period{};
};
enum class WindowMode : uint8_t { kSliding, kArrival };
struct Window {
  WindowMode mode = WindowMode::kSliding;
  Duration lateness{};
};

struct Document {
  std::string file;
  RuleInfo info;  // id (else name, else the file's name), version, title, fraud type, stage, weight, half-life
  std::string name;
  std::string owner;
  std::string level;  // Sigma's own word, as written
  std::string status;
  std::optional<Suppress> suppress;
  std::optional<Window> window;
  std::string script;
  std::string since;  // dates as written
  std::string review_by;
  std::vector<RuleTest> tests;
  Mark mark;
  std::string hash;  // SHA-256, hex, over the document's bytes: equal hash, equal meaning
};

}  // namespace quanzu::rules
