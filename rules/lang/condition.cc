#include "rules/lang/condition.h"

#include <algorithm>
#include <optional>

namespace quanzu::rules {

namespace {

constexpr size_t kMostBytes = size_t{64} << 10U;
constexpr int kMostDepth = 100;

struct Token {
  std::string_view text;  // empty at the end
  size_t at = 0;
};

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

std::vector<Token> tokenize(std::string_view text) {
  std::vector<Token> tokens;
  for (size_t at = 0; at < text.size();) {
    if (is_space(text[at])) {
      ++at;
      continue;
    }
    size_t size = 1;
    if (std::string_view("()|").find(text[at]) == std::string_view::npos) {
      while (at + size < text.size() && !is_space(text[at + size]) &&
             std::string_view("()|").find(text[at + size]) == std::string_view::npos) {
        ++size;
      }
    }
    tokens.push_back({text.substr(at, size), at});
    at += size;
  }
  tokens.push_back({{}, text.size()});
  return tokens;
}

// Does the pattern, with `*` for any run, fit the whole name?
bool fits(std::string_view pattern, std::string_view name) {
  size_t star = std::string_view::npos;  // the last one, and where it began to take
  size_t taken = 0;
  size_t p = 0;
  size_t n = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++taken;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool is_pattern(std::string_view word) {
  return word.find('*') != std::string_view::npos;
}

// Old Sigma counted with a pipe; which correlation does the same.
std::string correlation_form(std::string_view aggregation) {
  if (aggregation.find("near") != std::string_view::npos) return "a correlation of type: temporal";
  if (aggregation.find("count()") != std::string_view::npos) return "a correlation of type: event_count";
  if (aggregation.find("count(") != std::string_view::npos) return "a correlation of type: value_count";
  if (aggregation.find("sum(") != std::string_view::npos) return "a correlation of type: value_sum";
  if (aggregation.find("avg(") != std::string_view::npos) return "a correlation of type: value_avg";
  return "a correlation, in a document of its own";
}

class ConditionParser {
 public:
  ConditionParser(const YamlNode& node, std::vector<Selection>& selections, Problems& problems)
      : node_(node), selections_(selections), problems_(problems), tokens_(tokenize(node.text)) {}

  NodePtr parse() {
    NodePtr tree = parse_or(0);
    if (failed_) return nullptr;
    if (!here().text.empty()) return refuse_rest();
    return unsound_ ? nullptr : std::move(tree);
  }

 private:
  const Token& here() const { return tokens_[next_]; }
  const Token& ahead(size_t steps) const { return tokens_[std::min(next_ + steps, tokens_.size() - 1)]; }
  bool take(std::string_view word) {
    if (here().text != word) return false;
    ++next_;
    return true;
  }

  std::nullptr_t refused(const Token& token, std::string reason, std::string suggestion = {}) {
    if (!failed_) {
      problems_.error(node_.place_of(token.at), token.text.empty() ? "the end of the condition" : token.text,
                      std::move(reason), std::move(suggestion));
    }
    failed_ = true;
    return nullptr;
  }

  std::nullptr_t refuse_rest() {
    const Token& token = here();
    if (token.text == "|") {
      return refused(token, "pipe aggregations are no longer part of Sigma",
                     correlation_form(std::string_view(node_.text).substr(token.at)));
    }
    if (token.text == ")") return refused(token, "no parenthesis is open here");
    for (std::string_view word : {"and", "or"}) {
      if (lower(token.text) == word)
        return refused(token, "the words of a condition are lower case", std::string(word));
    }
    if (token.text == "&&" || token.text == "&") return refused(token, "conditions are words", "and");
    if (token.text == "||") return refused(token, "conditions are words", "or");
    return refused(token, "'and' or 'or' is missing before this", nearest(token.text, {"and", "or"}));
  }

  static std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    return out;
  }

  NodePtr make(NodeType type, std::vector<NodePtr> children, const Token& token) const {
    if (children.size() == 1 && type != NodeType::kNot) return std::move(children.front());
    auto node = std::make_unique<Node>();
    node->type = type;
    node->children = std::move(children);
    node->mark = node_.place_of(token.at);
    return node;
  }

  NodePtr parse_or(int depth) { return parse_chain(NodeType::kOr, "or", depth); }

  NodePtr parse_chain(NodeType type, std::string_view word, int depth) {
    const Token start = here();
    std::vector<NodePtr> children;
    do {
      NodePtr child = type == NodeType::kOr ? parse_chain(NodeType::kAnd, "and", depth) : parse_not(depth);
      if (failed_) return nullptr;
      children.push_back(std::move(child));
    } while (take(word));
    return make(type, std::move(children), start);
  }

  NodePtr parse_not(int depth) {
    const Token start = here();
    if (depth > kMostDepth) return refused(start, "nested deeper than 100 parentheses and nots");
    if (take("not")) {
      std::vector<NodePtr> child;
      child.push_back(parse_not(depth + 1));
      if (failed_) return nullptr;
      return make(NodeType::kNot, std::move(child), start);
    }
    if (take("(")) {
      NodePtr inner = parse_or(depth + 1);
      if (failed_) return nullptr;
      if (take(")")) return inner;
      return here().text.empty() ? refused(start, "this parenthesis is never closed") : refuse_rest();
    }
    if (ahead(1).text == "of" && !here().text.empty()) return parse_quantifier();
    return parse_name();
  }

  NodePtr parse_quantifier() {
    const Token quantity = here();
    const Token pattern = ahead(2);
    if (quantity.text != "1" && quantity.text != "all") {
      return refused(quantity, "how many is 1 or all", quantity.text == "any" || quantity.text == "one" ? "1 of" : "");
    }
    if (pattern.text.empty() || pattern.text == ")" || pattern.text == "(") {
      return refused(pattern, "'of' needs a pattern of selection names, or them", "them");
    }
    next_ += 3;
    std::vector<NodePtr> children;
    for (Selection& selection : selections_) {
      if (!picks(pattern.text, selection.name)) continue;
      NodePtr child = use(selection, quantity);
      if (failed_) return nullptr;
      children.push_back(std::move(child));
    }
    if (children.empty()) return refuse_pattern(pattern);
    return make(quantity.text == "all" ? NodeType::kAnd : NodeType::kOr, std::move(children), quantity);
  }

  static bool picks(std::string_view pattern, std::string_view name) {
    const bool hidden = name.starts_with('_');
    if (pattern == "them") return !hidden;
    return fits(pattern, name) && (!hidden || pattern.starts_with('_'));
  }

  bool is_sound(const Token& token, bool stars) {
    for (size_t i = 0; i < token.text.size(); ++i) {
      const char c = token.text[i];
      if (is_word_character(c) || (stars && c == '*')) continue;
      refused({token.text.substr(i), token.at + i}, "a condition spells names with letters, digits, '_' and '-'",
              c == '!' ? "not" : "");
      return false;
    }
    return true;
  }

  NodePtr parse_name() {
    const Token token = here();
    if (token.text.empty())
      return refused(token, next_ == 0 ? "the condition is empty" : "a selection's name is missing");
    if (token.text == ")" || token.text == "|" || token.text == "and" || token.text == "or") {
      if (!find(token.text)) return refused(token, "a selection's name is missing before this");
    }
    ++next_;
    if (Selection* selection = find(token.text)) return use(*selection, token);
    if (is_pattern(token.text)) {
      return refused(token, "a pattern needs to say how many of its selections", "1 of " + std::string(token.text));
    }
    if (token.text == "them") return refused(token, "'them' needs to say how many", "1 of them");
    if (lower(token.text) == "not") return refused(token, "the words of a condition are lower case", "not");
    if (!is_sound(token, false)) return nullptr;
    return refused(token, "no selection has this name", near_name(token.text));
  }

  Selection* find(std::string_view name) {
    if (!std::all_of(name.begin(), name.end(), is_word_character)) return nullptr;
    for (Selection& selection : selections_) {
      if (selection.name == name) return &selection;
    }
    return nullptr;
  }

  std::string near_name(std::string_view word) const {
    std::vector<std::string_view> names;
    for (const Selection& selection : selections_) names.push_back(selection.name);
    return nearest(word, names);
  }

  std::nullptr_t refuse_pattern(const Token& pattern) {
    if (!is_sound(pattern, true)) return nullptr;
    if (pattern.text == "them") {
      return refused(pattern, "them leaves out names that begin with '_', and no other is here", "_*");
    }
    for (const Selection& selection : selections_) {
      if (!fits(pattern.text, selection.name)) continue;
      return refused(pattern, "only a pattern that begins with '_' picks names that do", selection.name);
    }
    return refused(pattern, "no selection fits this pattern", near_pattern(pattern.text));
  }

  // The beginning of a name that looks like the pattern's, with its star.
  std::string near_pattern(std::string_view pattern) const {
    const std::string_view stem = pattern.substr(0, pattern.find('*'));
    std::vector<std::string_view> beginnings;
    for (const Selection& selection : selections_) {
      beginnings.push_back(std::string_view(selection.name).substr(0, stem.size()));
    }
    const std::string near = nearest(stem, beginnings);
    return near.empty() ? near : near + "*";
  }

  NodePtr use(Selection& selection, const Token& token) {
    selection.used = true;
    if (selection.tree == nullptr) {  // its own problem has been told; those of the condition are still to be
      unsound_ = true;
      return std::make_unique<Node>();
    }
    nodes_ += selection.nodes;
    if (nodes_ > kMostComparisons) return refused(token, "the condition becomes more than 250,000 comparisons");
    return copy(*selection.tree);
  }

  const YamlNode& node_;
  std::vector<Selection>& selections_;
  Problems& problems_;
  std::vector<Token> tokens_;
  size_t next_ = 0;
  size_t nodes_ = 0;
  bool failed_ = false;
  bool unsound_ = false;  // a selection that it names
};

}  // namespace

NodePtr copy(const Node& node) {
  auto out = std::make_unique<Node>();
  out->type = node.type;
  out->item = node.item;
  out->mark = node.mark;
  out->selection = node.selection;
  out->expansion = node.expansion;
  out->children.reserve(node.children.size());
  for (const NodePtr& child : node.children) out->children.push_back(copy(*child));
  return out;
}

size_t count_nodes(const Node& node) {
  size_t count = 1;
  for (const NodePtr& child : node.children) count += count_nodes(*child);
  return count;
}

NodePtr parse_condition(const YamlNode& text, std::vector<Selection>& selections, Problems& problems) {
  if (text.text.size() > kMostBytes) {
    problems.error(text.mark, text.text, "a condition longer than 64 KiB");
    return nullptr;
  }
  return ConditionParser(text, selections, problems).parse();
}

}  // namespace quanzu::rules
