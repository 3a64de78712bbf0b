// What a rule's patterns cost, estimated from their shapes, and the cheaper form of those that are dear: what an author can
// know before anything is measured. The figures are nanoseconds for a signal of 124 bytes, one of 300 patterns of the shape
// in one Hyperscan automaton; less where literals leave the expression to PCRE2 (docs/decisions/0011-pcre2-behind-literals.md).
// `quanzu rules bench` measures a pack. Any thread; pure.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "rules/lang/rule.h"

namespace quanzu::rules {

enum class Shape : uint8_t {
  kLookup,         // a whole value, a prefix, a suffix, a number: no pattern at all
  kWords,          // literals
  kCharacters,     // classes and repeats: telephone numbers, amounts
  kGap,            // A.{0,n}B
  kGapOfLists,     // (A|B).{0,n}(C|D)
  kAddress,        // https?://[..]*x[..]*
  kCharacterGaps,  // A.?B.?C
  kModel,          // a learned model: only where all else that the rule asks for holds
};
std::string_view shape_name(Shape shape);

struct PatternCost {
  std::string field;
  Mark mark;
  Shape shape = Shape::kLookup;  // the dearest of its parts
  double ns = 0;
  std::string pattern;
  std::string cheaper;  // the cheaper form where the shape is dear and one is known
};

struct RuleCost {
  double ns = 0;
  std::vector<PatternCost> patterns;  // those that cost something, the dearest first
};

RuleCost cost_of(const Rule& rule);

// "low", "medium" or "high"
std::string_view cost_class(double ns);

// A warning for each pattern that is dear and has a cheaper form.
std::vector<Problem> cost_warnings(const Rule& rule);

}  // namespace quanzu::rules
