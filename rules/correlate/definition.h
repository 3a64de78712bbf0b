// A pack's correlations made ready to run: names resolved to indices, bounds to exact numbers, chains ordered. All that a
// replay needs of them; a pack that goes live carries them as text (PackLive::correlations). Immutable once made.
#pragma once
#include <array>
#include <limits>
#include <string>
#include <vector>

#include "rules/correlate/decimal.h"
#include "rules/lang/rule.h"

namespace quanzu::rules {

// temporal types keep the rules of an event as bits.
constexpr size_t kMaxTemporalRules = 64;

// A group key or a counted field, as each rule of the list spells it: fields[i] is an index into Definitions::fields.
struct KeyDefinition {
  std::string name;
  std::vector<uint32_t> fields;  // one a rule
};

struct Limit {
  BoundOp op = BoundOp::kGte;
  Decimal value;
};

// A text condition in postfix order; n is a rule of the list.
struct RuleStep {
  RuleNodeType type = RuleNodeType::kRule;
  uint32_t n = 0;
};

struct Definition {
  std::string id;
  uint64_t identity = 0;  // of this and all below it in its chain: the same identity keeps its windows over a reload
  CorrelationType type = CorrelationType::kEventCount;
  std::vector<RuleIndex> rules;
  std::vector<KeyDefinition> group_by;
  std::vector<KeyDefinition> values;
  Duration timespan{};
  std::vector<Limit> limits;
  std::vector<RuleStep> expression;
  uint32_t percentile = 0;  // in ten thousandths of a percent
  WindowMode mode = WindowMode::kSliding;
  Duration lateness{};                // the longest of its chain
  std::vector<uint32_t> suppress_by;  // indices into group_by
  Duration suppress_for{};            // 0: nothing is suppressed
  bool told = true;                   // a correlation that another refers to is not, but for `generate`

  bool decided_at_close() const;
  bool takes_numbers() const { return !values.empty() && type != CorrelationType::kValueCount; }
  // A count, a sum: numerator over denominator, so that an average needs no division.
  bool holds(Int128 numerator, int64_t denominator = 1) const;
  bool holds_for(uint64_t rules) const;  // the expression, or how many different rules
  // How many it takes at least: of count types decided at the event.
  uint64_t threshold() const;
};

struct Definitions {
  RuleIndex rules = 0;              // of the pack: a RuleIndex from here on is a correlation
  std::vector<bool> told;           // per rule: whether a match is an alert of its own
  std::vector<std::string> fields;  // every field name that a correlation reads, once
  std::vector<Definition> correlations;
  std::vector<uint32_t> order;  // each after all that it refers to, in the pack's order where that leaves room
};

// Errors name the document's file and line, and what the profile asks for (docs/rule-format.md).
Result<Definitions> define(const Pack& pack);

// As PackLive carries it. Errors: kInternal, with what is damaged.
std::string to_text(const Definitions& definitions);
Result<Definitions> definitions_from(std::string_view text);

}  // namespace quanzu::rules
