// A detection rule as read: Sigma's three parts (logsource, detection, condition) as a typed tree with the mark of each
// piece; and a pack, which is all documents of a folder. Plain data; made by rules/lang/parse, checked by
// rules/lang/check, compiled by rules/match/compile, walked by rules/match/explain.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/signal.h"
#include "rules/lang/correlation.h"
#include "rules/lang/document.h"
#include "rules/lang/zone.h"

namespace quanzu::rules {

class Model;  // rules/learn/model.h
// The learned models of a pack, by name: the file's without its ending.
using Models = std::map<std::string, std::shared_ptr<const Model>, std::less<>>;

// A string value in parts: literal runs, wildcards, placeholders. "a*b?" is {"a", any_run, "b", any_one}; ""
// has no part. Two literals never stand side by side. A pack that loads without an error holds no
// Placeholder.
enum class Wildcard : uint8_t { kAnyRun, kAnyOne };
struct Placeholder {
  std::string name;  // %name%
  friend bool operator==(const Placeholder&, const Placeholder&) = default;
};
using StringPart = std::variant<std::string, Wildcard, Placeholder>;
struct StringPattern {  // matches the whole field; contains and the like are wildcards at its ends
  std::vector<StringPart> parts;
  bool cased = false;
  bool phonetic = false;
  bool heard = false;  // asks for normalised text with words written by sound put right; of other fields it says nothing
};
struct Regex {  // unanchored
  std::string pattern;
  bool ignore_case = false;
  bool multi_line = false;
  bool dot_all = false;
  bool heard = false;
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
struct TimePart {  // a part of what the clocks of the zone show, equal to the value or compared with it
  TimeUnit unit = TimeUnit::kMinute;
  std::optional<Compare> compare;
  double value = 0;
  Zone zone{};  // the pack's
};
using Value =
    std::variant<StringPattern, Regex, NumberValue, bool, Null, CompareValue, Exists, Cidr, FieldRef, TimePart>;

// The boolean tree of a condition with every selection resolved into it. neq and lists are kNot and kOr by
// then.
struct Node;
using NodePtr = std::unique_ptr<Node>;
struct Item {         // one (field, value); a keyword (contained in any string field) where `field` is empty
  std::string field;  // dotted, as written: "text", "text.raw", "peer.number", "model.x"
  Value value;
  std::shared_ptr<const Model> model{};  // that the field names, if it does
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

struct Rule : Document {
  LogSource logsource;
  std::vector<NodePtr> conditions;  // a list of conditions is OR
};

// What is ANDed to the detections of the rules that it names. Selection names are its own.
struct Filter : Document {
  LogSource logsource;
  bool any = false;            // `rules: any`: each rule that has every logsource key of this with the same value
  std::vector<RuleRef> rules;  // else these
  NodePtr condition;
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

// All documents under a folder (its subfolders are packs), in path order; files end in .yml or .yaml. A RuleIndex counts
// the rules first, then the correlations.
struct Pack {
  std::vector<Rule> rules;
  std::vector<Correlation> correlations;
  std::vector<Filter> filters;  // the conditions of their rules hold them by then
  Models models;
  std::vector<Problem> problems;
  std::string hash;  // SHA-256, hex, over every file's path and bytes
  bool ok() const;   // no problem is an error
};

}  // namespace quanzu::rules
