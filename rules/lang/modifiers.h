// `field|modifier|modifier`: which modifiers go together, and what they make of a value. The whole chain is judged before
// any value is, so that a wrong chain is one problem and not one a value. Used by the parser of one file; one thread.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "rules/lang/lists.h"
#include "rules/lang/yaml.h"

namespace quanzu::rules {

enum class Modifier : uint8_t {
  kAll,
  kNeq,
  kContains,
  kStartsWith,
  kEndsWith,
  kCased,
  kPhonetic,
  kExpand,
  kWindash,
  kBase64,
  kBase64Offset,
  kWide,
  kUtf16Le,
  kUtf16Be,
  kUtf16,
  kRe,
  kI,
  kM,
  kS,
  kCidr,
  kExists,
  kLt,
  kLte,
  kGt,
  kGte,
  kMinute,
  kHour,
  kDay,
  kWeek,
  kMonth,
  kYear,
  kFieldRef,
  kInList,
};

// What a chain makes of its values.
enum class Family : uint8_t { kPlain, kRegex, kCidr, kExists, kCompare, kTime, kFieldRef, kInList };

struct Chain {
  std::string field;  // empty: a keyword
  std::vector<Modifier> modifiers;
  Family family = Family::kPlain;
  Mark mark;

  bool has(Modifier modifier) const;
  bool transforms_text() const;  // holds a modifier that takes strings only
};

// The key of an item. Nothing where it was refused.
std::optional<Chain> parse_chain(const YamlNode& key, Problems& problems);

struct ValueContext {
  Problems& problems;
  const Lists& lists;
  bool keep_placeholders = false;
  Zone zone{};              // of the pack
  bool homophones = false;  // of the pack
};

// The values that one scalar stands for: one, or several of which any may hold (an expansion). Nothing where it was
// refused.
std::optional<std::vector<Value>> apply_chain(const Chain& chain, const YamlNode& scalar, const ValueContext& context);

}  // namespace quanzu::rules
