// A correlation as read: which rules it watches, by which fields their events are grouped, over what time, and what must
// hold of a group. Plain data; made by rules/lang/parse, held to docs/rule-format.md by rules/lang/check, made ready to run
// by rules/correlate/definition.
#pragma once
#include <memory>

#include "rules/lang/document.h"

namespace quanzu::rules {

enum class CorrelationType : uint8_t {
  kEventCount,
  kValueCount,
  kTemporal,
  kTemporalOrdered,
  kValueSum,
  kValueAvg,
  kValuePercentile,
  kValueMedian,
};

// One key of a condition map: "gte: 10". A condition holds where all its bounds do.
enum class BoundOp : uint8_t { kGt, kGte, kLt, kLte, kEq, kNeq };
struct Bound {
  BoundOp op = BoundOp::kGte;
  std::string value;  // the number as written: it is compared exactly
  Mark mark;
};

// A condition as text ("a and (b or not c)"), of temporal only: over the rules of the list.
enum class RuleNodeType : uint8_t { kAnd, kOr, kNot, kRule };
struct RuleNode {
  RuleNodeType type = RuleNodeType::kRule;
  std::vector<std::unique_ptr<RuleNode>> children;  // kNot has one, kRule none
  size_t rule = 0;                                  // of kRule: index into Correlation::rules
  Mark mark;
};

struct AliasField {  // which field of this rule's events the alias stands for
  RuleRef rule;
  std::string field;
};
struct Alias {
  std::string name;
  std::vector<AliasField> fields;
  Mark mark;
};

struct Correlation : Document {
  CorrelationType type = CorrelationType::kEventCount;
  std::vector<RuleRef> rules;         // in the order written, which temporal_ordered follows; correlations too
  std::vector<std::string> group_by;  // field names or aliases; empty: one group for all
  std::vector<Alias> aliases;
  Duration timespan{};
  std::vector<Bound> bounds;             // empty for temporal types: all of the rules
  std::unique_ptr<RuleNode> expression;  // the condition as text; then no bounds
  std::vector<std::string> fields;       // of the value types; several only for value_count: a composite value
  std::string percentile;                // of value_percentile: 0 to 100, as written
  bool generate = false;                 // the rules that it refers to raise alerts of their own as well
};

}  // namespace quanzu::rules
