#include "rules/lang/regex_limits.h"

#include <hs/hs.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "rules/match/regex.h"

namespace quanzu::rules {

namespace {

constexpr size_t kMostBytes = size_t{8} << 10U;
constexpr size_t kMostDepth = 50;
constexpr double kMostPositions = 5'000;  // compiles in well under a second

// How often at most, or at least where there is no most: "{2,5}" is 5, "{3,}" 3, "*" 1.
double times(std::string_view quantifier) {
  if (quantifier[0] != '{') return 1;
  double most = 0;
  for (size_t at = 1; at < quantifier.size(); ++at) {
    double number = 0;
    const auto [end, error] = std::from_chars(quantifier.data() + at, quantifier.data() + quantifier.size(), number);
    if (error == std::errc()) {
      most = std::max(most, number);
      at = static_cast<size_t>(end - quantifier.data());
    }
    if (quantifier[std::min(at, quantifier.size() - 1)] == '}') break;
  }
  return std::max(most, 1.0);
}

struct Extent {
  double positions = 0;  // with every repeat written out
  size_t depth = 0;
};

Extent extent_of(std::string_view pattern) {
  struct Group {
    double before = 0;  // its pieces but the last
    double last = 0;
  };
  std::vector<Group> open(1);
  Extent extent;
  for (const RegexToken& token : tokenize_regex(pattern)) {
    Group& group = open.back();
    if (token.type == RegexToken::Type::kQuantifier) {
      group.last *= times(token.text);
    } else if (token.text.starts_with('(')) {
      group.before += group.last;
      group.last = 0;
      open.emplace_back();
      extent.depth = std::max(extent.depth, open.size() - 1);
    } else if (token.type == RegexToken::Type::kClose && open.size() > 1) {
      const double inner = group.before + group.last;
      open.pop_back();
      open.back().last = inner;
    } else {
      group.before += group.last;
      group.last = 1;
    }
  }
  for (const Group& group : open) extent.positions += group.before + group.last;
  return extent;
}

}  // namespace

Result<void> check_regex(const Regex& regex) {
  const auto refused = [](std::string why) { return fail(Code::kInvalidArgument, std::move(why)); };
  if (regex.pattern.size() > kMostBytes)
    return refused("a regular expression longer than 8 KiB: use several, or a list");
  if (regex.pattern.find('\0') != std::string::npos) return refused("write the zero byte as \\x00");
  const Extent extent = extent_of(regex.pattern);
  if (extent.depth > kMostDepth) return refused("a regular expression with more than 50 parentheses inside each other");
  if (extent.positions > kMostPositions) {
    return refused(
        "this regular expression explodes: its repeats written out make more than 5,000 characters; use smaller ones");
  }
  unsigned flags = HS_FLAG_SINGLEMATCH | HS_FLAG_UTF8 | HS_FLAG_ALLOWEMPTY;
  if (regex.ignore_case) flags |= HS_FLAG_CASELESS;
  if (regex.multi_line) flags |= HS_FLAG_MULTILINE;
  if (regex.dot_all) flags |= HS_FLAG_DOTALL;
  hs_expr_info_t* info = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_expression_info(regex.pattern.c_str(), flags, &info, &error) == HS_SUCCESS) {
    std::free(info);
    return {};
  }
  std::string why = error != nullptr && error->message != nullptr ? error->message : "it is refused";
  hs_free_compile_error(error);
  while (why.ends_with('.')) why.pop_back();
  return refused("no regular expression that can be matched: " + why);
}

}  // namespace quanzu::rules
