// Rules built in code, for tests of the matcher that should not hang on the parser.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "rules/lang/rule.h"

namespace quanzu::rules::testing {

inline NodePtr item(std::string field, Value value) {
  auto node = std::make_unique<Node>();
  node->item = {std::move(field), std::move(value)};
  node->mark = {3, 5};
  return node;
}

template <class... Children>
NodePtr node(NodeType type, Children... children) {
  auto out = std::make_unique<Node>();
  out->type = type;
  (out->children.push_back(std::move(children)), ...);
  return out;
}
template <class... Children>
NodePtr all(Children... children) {
  return node(NodeType::kAnd, std::move(children)...);
}
template <class... Children>
NodePtr any(Children... children) {
  return node(NodeType::kOr, std::move(children)...);
}
inline NodePtr negated(NodePtr child) {
  return node(NodeType::kNot, std::move(child));
}

// "*" and "?" are wildcards here; no escapes.
inline StringPattern pattern(std::string_view text, bool cased = false) {
  StringPattern out;
  out.cased = cased;
  std::string literal;
  const auto flush = [&] {
    if (!literal.empty()) out.parts.emplace_back(std::exchange(literal, {}));
  };
  for (char c : text) {
    if (c == '*' || c == '?') {
      flush();
      out.parts.emplace_back(c == '*' ? Wildcard::kAnyRun : Wildcard::kAnyOne);
    } else {
      literal.push_back(c);
    }
  }
  flush();
  return out;
}
inline NodePtr is(std::string field, std::string_view text) {
  return item(std::move(field), pattern(text));
}
inline NodePtr contains(std::string field, std::string_view text) {
  return is(std::move(field), "*" + std::string(text) + "*");
}
inline NodePtr regex(std::string field, std::string text, bool ignore_case = false) {
  return item(std::move(field), Regex{std::move(text), ignore_case, false, false});
}
inline NodePtr compare(std::string field, Compare how, double value) {
  return item(std::move(field), CompareValue{how, value});
}

inline Rule rule(std::string id, std::string category, NodePtr condition) {
  Rule out;
  out.file = "packs/test/" + id + ".yml";
  out.info.id = std::move(id);
  out.logsource.category = std::move(category);
  out.conditions.push_back(std::move(condition));
  return out;
}

template <class... Rules>
Pack pack(Rules... rules) {
  Pack out;
  (out.rules.push_back(std::move(rules)), ...);
  return out;
}

}  // namespace quanzu::rules::testing
