#include "rules/author/cost.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "engine/names.h"
#include "rules/lang/problems.h"
#include "rules/match/regex.h"
#include "rules/text/utf8.h"

namespace quanzu::rules {

namespace {

using Type = RegexToken::Type;

constexpr Names<8> kShapeNames = {"lookup",       "words",   "characters",     "gap",
                                  "gap of lists", "address", "character gaps", "learned model"};
// Measured for 300 patterns of a shape in one automaton; of a model (docs/decisions/0013-models-are-a-table.md).
constexpr std::array<double, 8> kNanoseconds = {0, 0.12, 0.3, 0.91, 1.42, 1.8, 3.43, 700};

double ns_of(Shape shape) {
  return kNanoseconds[static_cast<size_t>(shape)];
}

// A piece of a branch between its gaps: the literals of which any will do.
struct Piece {
  std::vector<std::string> words;  // empty: no literals
  bool gap = false;                // any character, or one of a class, repeated or not
  bool short_gap = false;          // of at most three characters
};

// "{0,12}" is 12, "?" 1, "*" and "+" without end.
size_t most_times(std::string_view quantifier) {
  constexpr size_t kEndless = 1'000;
  if (quantifier[0] == '?') return 1;
  if (quantifier[0] != '{') return kEndless;
  const size_t comma = quantifier.find(',');
  std::string_view last = quantifier.substr(comma == std::string_view::npos ? 1 : comma + 1);
  size_t most = kEndless;
  std::from_chars(last.data(), last.data() + last.size(), most);
  return most;
}

class Branch {  // one alternative of a pattern
 public:
  explicit Branch(std::vector<RegexToken> tokens) : tokens_(std::move(tokens)) {
    while (at_ < tokens_.size()) take();
  }

  Shape shape() const {
    if (is_address()) return Shape::kAddress;
    if (character_gaps() >= 2) return Shape::kCharacterGaps;
    const bool gaps = std::any_of(pieces_.begin(), pieces_.end(), [](const Piece& piece) { return piece.gap; });
    if (!gaps) return Shape::kWords;
    size_t worded = 0;
    bool lists = false;
    for (const Piece& piece : pieces_) {
      worded += piece.words.empty() ? 0 : 1;
      lists = lists || piece.words.size() > 1;
    }
    if (worded < 2) return Shape::kCharacters;
    return lists ? Shape::kGapOfLists : Shape::kGap;
  }

  size_t words() const {
    size_t count = 0;
    for (const Piece& piece : pieces_) count += piece.words.size();
    return std::max<size_t>(count, 1);
  }

  // Items that ask for the same words, near or not.
  std::string cheaper(const std::string& field) const {
    if (!whole_) return {};
    switch (shape()) {
      case Shape::kCharacterGaps: {
        std::string joined;
        for (const Piece& piece : pieces_) joined += piece.words.empty() ? "" : piece.words.front();
        return field + "|contains: " + joined +
               ", since spaces inside of words are gone from `text` before it is matched";
      }
      case Shape::kGap:
      case Shape::kAddress: {
        std::string list;
        for (const Piece& piece : pieces_) {
          if (!piece.words.empty()) list += (list.empty() ? "" : ", ") + quoted_word(piece.words.front());
        }
        return field + "|contains|all: [" + list + "], where it does not matter how near they stand";
      }
      case Shape::kGapOfLists: {
        std::string out;
        for (const Piece& piece : pieces_) {
          if (piece.words.empty()) continue;
          std::string list;
          for (const std::string& word : piece.words) list += (list.empty() ? "" : ", ") + quoted_word(word);
          out += (out.empty() ? "" : " and ") + field + "|contains: [" + list + "]";
        }
        return "a selection each with " + out + ", where it does not matter how near they stand";
      }
      default:
        return {};
    }
  }

 private:
  static std::string quoted_word(const std::string& word) {
    return word.find_first_of(" :,#[]{}'\"") == std::string::npos ? word : "'" + word + "'";
  }

  void take() {
    const RegexToken& token = tokens_[at_++];
    if (token.type == Type::kLiteral) return take_literal(token);
    if (token.type == Type::kOpen) return take_group();
    if (token.type == Type::kClass || token.text == "." || token.text.starts_with('\\')) return take_gap();
  }

  const RegexToken* quantifier() {
    const bool is = at_ < tokens_.size() && tokens_[at_].type == Type::kQuantifier;
    return is ? &tokens_[at_++] : nullptr;
  }

  void take_literal(const RegexToken& token) {
    const RegexToken* times = quantifier();
    if (times != nullptr && times->optional) return pieces_.push_back({{}, true, true});
    if (pieces_.empty() || pieces_.back().gap || pieces_.back().words.size() != 1) pieces_.push_back({{""}});
    pieces_.back().words.front() += token.literal;
  }

  void take_gap() {
    const RegexToken* times = quantifier();
    constexpr size_t kShort = 3;
    pieces_.push_back({{}, true, times == nullptr || most_times(times->text) <= kShort});
  }

  // A group of plain alternatives is a list of words; any other is looked at as what it holds.
  void take_group() {
    std::vector<std::string> words = {""};
    bool plain = true;
    std::vector<RegexToken> inner;
    for (int depth = 1; at_ < tokens_.size(); ++at_) {
      const RegexToken& token = tokens_[at_];
      depth += token.type == Type::kOpen ? 1 : token.type == Type::kClose ? -1 : 0;
      if (depth == 0) break;
      inner.push_back(token);
      if (token.type == Type::kBar) {
        words.emplace_back();
      } else if (token.type == Type::kLiteral) {
        words.back() += token.literal;
      } else {
        plain = false;
      }
    }
    if (at_ < tokens_.size()) ++at_;
    const RegexToken* times = quantifier();
    if (times != nullptr && times->optional) return pieces_.push_back({{}, true, true});
    if (plain) {
      pieces_.push_back({std::move(words)});
      return;
    }
    whole_ = false;
    for (size_t i = 0; i < inner.size(); ++i) {
      if (inner[i].type == Type::kClass || inner[i].text == ".") {
        pieces_.push_back({{}, true, false});
        return;
      }
    }
  }

  bool is_address() const {
    if (pieces_.empty() || pieces_[0].words.empty() || !pieces_[0].words[0].starts_with("http")) return false;
    size_t endless = 0;
    for (const Piece& piece : pieces_) endless += piece.gap && !piece.short_gap ? 1 : 0;
    return endless >= 2;
  }

  // How many short gaps stand between single characters.
  size_t character_gaps() const {
    const auto single = [this](size_t i) {
      return pieces_[i].words.size() == 1 && count_code_points(pieces_[i].words[0]) == 1;
    };
    size_t gaps = 0;
    for (size_t i = 1; i + 1 < pieces_.size(); ++i) {
      if (pieces_[i].gap && pieces_[i].short_gap && single(i - 1) && single(i + 1)) ++gaps;
    }
    return gaps;
  }

  std::vector<RegexToken> tokens_;
  size_t at_ = 0;
  std::vector<Piece> pieces_;
  bool whole_ = true;  // the pieces say all of the branch
};

std::vector<Branch> branches_of(std::string_view pattern) {
  std::vector<Branch> branches;
  std::vector<RegexToken> tokens;
  int depth = 0;
  for (const RegexToken& token : tokenize_regex(pattern)) {
    depth += token.type == Type::kOpen ? 1 : token.type == Type::kClose ? -1 : 0;
    if (depth > 0 || token.type != Type::kBar) {
      tokens.push_back(token);
      continue;
    }
    branches.emplace_back(std::move(tokens));
    tokens.clear();
  }
  branches.emplace_back(std::move(tokens));
  return branches;
}

void judge(const Regex& regex, PatternCost& cost) {
  const std::vector<Branch> branches = branches_of(regex.pattern);
  for (const Branch& branch : branches) {
    const Shape shape = branch.shape();
    cost.ns += shape == Shape::kWords ? ns_of(shape) * static_cast<double>(branch.words()) : ns_of(shape);
    if (shape < cost.shape) continue;
    cost.shape = shape;
    cost.cheaper = branch.cheaper(cost.field);
  }
  if (branches.size() > 1 && cost.shape < Shape::kAddress)
    cost.cheaper.clear();  // one of many: it would change them all
  cost.pattern = regex.pattern;
}

// Whole values, prefixes and suffixes are looked up; wildcards inside make a pattern.
void judge(const StringPattern& pattern, PatternCost& cost) {
  const std::vector<StringPart>& parts = pattern.parts;
  size_t inner = 0, single = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    const auto* wildcard = std::get_if<Wildcard>(&parts[i]);
    if (wildcard == nullptr) {
      cost.pattern += std::holds_alternative<std::string>(parts[i]) ? std::get<std::string>(parts[i]) : "%";
      continue;
    }
    cost.pattern += *wildcard == Wildcard::kAnyRun ? "*" : "?";
    inner += i > 0 && i + 1 < parts.size() ? 1 : 0;
    single += *wildcard == Wildcard::kAnyOne ? 1 : 0;
  }
  if (inner > 0 || single > 0) {
    cost.shape = single > 1 ? Shape::kCharacterGaps : Shape::kGap;
  } else if (parts.size() == 3) {
    cost.shape = Shape::kWords;
  }
  cost.ns = ns_of(cost.shape);
}

void collect(const Node& node, std::set<std::pair<int, int>>& seen, RuleCost& out) {
  for (const NodePtr& child : node.children) collect(*child, seen, out);
  if (node.type != NodeType::kItem) return;
  PatternCost cost;
  cost.field = node.item.field;
  cost.mark = node.mark;
  if (node.item.model != nullptr) {
    cost.shape = Shape::kModel;
    cost.ns = ns_of(cost.shape);
    cost.pattern = node.item.field;
  } else if (const auto* regex = std::get_if<Regex>(&node.item.value)) {
    judge(*regex, cost);
  } else if (const auto* pattern = std::get_if<StringPattern>(&node.item.value)) {
    judge(*pattern, cost);
  }
  if (cost.ns == 0 || !seen.insert({node.mark.line, node.mark.column}).second) return;
  out.ns += cost.ns;
  out.patterns.push_back(std::move(cost));
}

}  // namespace

std::string_view shape_name(Shape shape) {
  return name_in(kShapeNames, shape);
}

RuleCost cost_of(const Rule& rule) {
  RuleCost out;
  std::set<std::pair<int, int>> seen;  // a selection may stand in several conditions
  for (const NodePtr& condition : rule.conditions) collect(*condition, seen, out);
  std::stable_sort(out.patterns.begin(), out.patterns.end(),
                   [](const PatternCost& a, const PatternCost& b) { return a.ns > b.ns; });
  return out;
}

std::string_view cost_class(double ns) {
  constexpr double kMedium = 5, kHigh = 25;
  return ns < kMedium ? "low" : ns < kHigh ? "medium" : "high";
}

std::vector<Problem> cost_warnings(const Rule& rule) {
  std::vector<Problem> out;
  Problems problems(rule.file, out);
  for (const PatternCost& cost : cost_of(rule).patterns) {
    if (cost.shape <= Shape::kGapOfLists || cost.cheaper.empty()) continue;
    problems.warn(cost.mark, cost.pattern, "this shape (" + std::string(shape_name(cost.shape)) + ") is dear to match",
                  cost.cheaper);
  }
  return out;
}

}  // namespace quanzu::rules
