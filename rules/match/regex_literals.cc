#include "rules/match/regex_literals.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include "rules/match/regex.h"
#include "rules/text/utf8.h"

namespace quanzu::rules {

namespace {

using Type = RegexToken::Type;
using Tokens = std::span<const RegexToken>;

constexpr int kMaxDepth = 50;
constexpr size_t kMaxLiterals = 64;  // more of them make a poor witness

// What is known of a piece of an expression.
struct Piece {
  std::optional<Literals> exact;     // the strings that it matches, "" among them perhaps; nothing where it is more
  std::vector<Literals> required{};  // what its matches contain, beside `exact`
};

bool holds_empty(const Literals& literals) {
  return std::any_of(literals.begin(), literals.end(), [](const std::string& each) { return each.empty(); });
}

// What the matches contain, told as sets alone.
std::vector<Literals> required_of(Piece piece) {
  if (piece.exact && !piece.exact->empty() && !holds_empty(*piece.exact)) piece.required.push_back(*piece.exact);
  return std::move(piece.required);
}

const Literals* rarest(const std::vector<Literals>& sets) {
  const auto rarer = [](const Literals& a, const Literals& b) { return expected_hits(a) < expected_hits(b); };
  const auto best = std::min_element(sets.begin(), sets.end(), rarer);
  return best == sets.end() ? nullptr : &*best;
}

Literals products(const Literals& heads, const Literals& tails) {
  Literals out;
  for (const std::string& head : heads) {
    for (const std::string& tail : tails) out.push_back(head + tail);
  }
  return out;
}

class Analysis {
 public:
  explicit Analysis(Tokens tokens) : tokens_(tokens) {}

  // Nothing where the tokens are no expression that is understood.
  std::optional<Piece> run() {
    for (size_t i = 0; i < tokens_.size(); ++i) {
      if (tokens_[i].type == Type::kUnknown) return std::nullopt;
      const bool quantifier = tokens_[i].type == Type::kQuantifier;
      if (quantifier && (i == 0 || tokens_[i - 1].type == Type::kQuantifier)) return std::nullopt;
    }
    Piece piece = alternation(0);
    if (broken_ || at_ != tokens_.size()) return std::nullopt;  // the parentheses don't match
    return piece;
  }

 private:
  bool at(Type type) const { return at_ < tokens_.size() && tokens_[at_].type == type; }

  Piece alternation(int depth) {
    if (depth > kMaxDepth) broken_ = true;
    Piece all = broken_ ? Piece() : sequence(depth);
    while (!broken_ && at(Type::kBar)) {
      ++at_;
      Piece branch = sequence(depth);
      if (all.exact && branch.exact && all.exact->size() + branch.exact->size() <= kMaxLiterals) {
        all.exact->insert(all.exact->end(), branch.exact->begin(), branch.exact->end());
      } else {
        all = either(std::move(all), std::move(branch));
      }
    }
    return all;
  }

  // One set at most: each branch's rarest, together.
  static Piece either(Piece a, Piece b) {
    const std::vector<Literals> of_a = required_of(std::move(a));
    const std::vector<Literals> of_b = required_of(std::move(b));
    const Literals* best_a = rarest(of_a);
    const Literals* best_b = rarest(of_b);
    Piece out;
    if (best_a == nullptr || best_b == nullptr || best_a->size() + best_b->size() > kMaxLiterals) return out;
    Literals together = *best_a;
    together.insert(together.end(), best_b->begin(), best_b->end());
    out.required.push_back(std::move(together));
    return out;
  }

  Piece sequence(int depth) {
    Piece whole{.exact = Literals{""}};
    bool exact = true;  // so far nothing but literals
    while (at_ < tokens_.size() && !broken_ && !at(Type::kBar) && !at(Type::kClose)) {
      Piece next = quantified(element(depth));
      if (next.exact && whole.exact && whole.exact->size() * next.exact->size() <= kMaxLiterals) {
        whole.exact = products(*whole.exact, *next.exact);
        continue;
      }
      // The run of literals ends here; a new one may begin with this piece.
      exact = false;
      whole.required = required_of(std::move(whole));
      whole.exact = std::move(next.exact);
      if (!whole.exact) whole.exact = Literals{""};
      whole.required.insert(whole.required.end(), next.required.begin(), next.required.end());
    }
    if (exact) return whole;
    return {.exact = std::nullopt, .required = required_of(std::move(whole))};
  }

  Piece element(int depth) {
    const RegexToken& token = tokens_[at_++];
    if (token.type == Type::kLiteral) return {.exact = Literals{std::string(token.literal)}};
    if (token.type != Type::kOpen) return {};
    Piece group = alternation(depth + 1);
    if (!at(Type::kClose)) broken_ = true;
    ++at_;
    return group;
  }

  Piece quantified(Piece piece) {
    if (!at(Type::kQuantifier)) return piece;
    const RegexToken& quantifier = tokens_[at_++];
    const bool once = quantifier.text.front() == '?';
    if (once && piece.exact && piece.exact->size() < kMaxLiterals) {
      if (!holds_empty(*piece.exact)) piece.exact->emplace_back();
      return piece;
    }
    if (quantifier.optional) return {};
    return {.exact = std::nullopt, .required = required_of(std::move(piece))};
  }

  Tokens tokens_;
  size_t at_ = 0;
  bool broken_ = false;
};

// The tokens between the outermost bars.
std::vector<Tokens> branches_of(Tokens tokens) {
  std::vector<Tokens> branches;
  size_t begin = 0;
  int depth = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].type == Type::kOpen) ++depth;
    if (tokens[i].type == Type::kClose) --depth;
    if (tokens[i].type != Type::kBar || depth != 0) continue;
    branches.push_back(tokens.subspan(begin, i - begin));
    begin = i + 1;
  }
  branches.push_back(tokens.subspan(begin));
  return branches;
}

std::string text_of(Tokens tokens) {
  std::string out;
  for (const RegexToken& token : tokens) out += token.text;
  return out;
}

RegexAlternative alternative_of(Tokens tokens, Piece piece) {
  RegexAlternative out{.pattern = text_of(tokens)};
  if (piece.exact && !holds_empty(*piece.exact)) {
    out.literals = std::move(*piece.exact);
    std::sort(out.literals.begin(), out.literals.end());
    out.literals.erase(std::unique(out.literals.begin(), out.literals.end()), out.literals.end());
  } else {
    out.required = required_of(std::move(piece));
  }
  return out;
}

}  // namespace

std::vector<RegexAlternative> alternatives_of(std::string_view pattern) {
  const std::vector<RegexToken> tokens = tokenize_regex(pattern);
  std::vector<RegexAlternative> out;
  for (const Tokens branch : Analysis(tokens).run() ? branches_of(tokens) : std::vector<Tokens>()) {
    std::optional<Piece> piece = Analysis(branch).run();
    if (!piece) return {{.pattern = std::string(pattern)}};
    out.push_back(alternative_of(branch, std::move(*piece)));
  }
  if (out.empty()) return {{.pattern = std::string(pattern)}};
  return out;
}

Literals required_literals(std::string_view pattern) {
  std::optional<Piece> piece = Analysis(tokenize_regex(pattern)).run();
  if (!piece) return {};
  const std::vector<Literals> sets = required_of(std::move(*piece));
  const Literals* best = rarest(sets);
  return best == nullptr ? Literals() : *best;
}

double expected_hits(std::string_view literal) {
  // Bits of surprise a character: Chinese has about 9.6 with its frequencies, of which a known domain takes some;
  // Latin letters and digits about 3.
  double bits = 0;
  for (size_t i = 0; i < literal.size();) {
    const Decoded decoded = decode_utf8(literal.data() + i, literal.data() + literal.size());
    bits += decoded.size >= 3 ? 7 : 3;
    i += decoded.size;
  }
  return std::exp2(32 - bits);
}

double expected_hits(const Literals& any_of) {
  double sum = 0;
  for (const std::string& literal : any_of) sum += expected_hits(literal);
  return sum;
}

}  // namespace quanzu::rules
