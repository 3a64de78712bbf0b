// What we must know of a regular expression beside matching it: its pieces, and its form over folded text. Libraries do the
// matching; a piece that is not understood here is passed through. Pure.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"

namespace quanzu::rules {

struct RegexToken {
  enum class Type : uint8_t {
    kLiteral,     // one code point, escaped or not
    kClass,       // [...]
    kOpen,        // ( or (?:
    kClose,       // )
    kBar,         // |
    kQuantifier,  // ? * + {n,m}, lazy or not
    kOther,       // what is no literal and changes nothing else: . ^ $ \d \b \p{..} \x41
    kUnknown,     // what might change the meaning of the rest: (?i), (?=...), \Q, \1
  };
  Type type = Type::kUnknown;
  std::string_view text;     // as written
  std::string_view literal;  // of kLiteral: without the backslash
  bool optional = false;     // of kQuantifier: zero times is enough
};

// Splits any text; errors in it are Hyperscan's to report.
std::vector<RegexToken> tokenize_regex(std::string_view pattern);

// How a literal code point looks in the text to be matched; the code point itself where it looks the same.
using LiteralForm = std::function<std::string(std::string_view code_point)>;

// The pattern for a case-insensitive match over text whose literals all have their form (folded, or normalised).
std::string fold_regex(std::string_view pattern, const LiteralForm& form);

// The first literal that has another form and so can never match; empty where there is none.
std::string_view impossible_literal(std::string_view pattern, const LiteralForm& form);

}  // namespace quanzu::rules
