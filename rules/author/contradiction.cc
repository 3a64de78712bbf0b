#include "rules/author/contradiction.h"

#include <algorithm>
#include <set>
#include <string>

#include "rules/lang/condition.h"
#include "rules/lang/dump.h"
#include "rules/lang/problems.h"

namespace quanzu::rules {

namespace {

// Equal text, equal question.
std::string text_of(const Node& item) {
  Rule alone;
  alone.conditions.push_back(copy(item));
  return dump_conditions(alone);
}

using Words = std::set<std::string>;

// Of the items of a list; nothing where it holds more than items.
bool add_items(const Node& node, Words& out) {
  if (node.type == NodeType::kItem) {
    out.insert(text_of(node));
    return true;
  }
  return node.type == NodeType::kOr && std::all_of(node.children.begin(), node.children.end(),
                                                   [&out](const NodePtr& child) { return add_items(*child, out); });
}

// What the condition can't do without: of each set one at least.
void add_needed(const Node& node, std::vector<Words>& out) {
  if (node.type == NodeType::kAnd) {
    for (const NodePtr& child : node.children) add_needed(*child, out);
    return;
  }
  Words any_of;
  if (node.type != NodeType::kNot && add_items(node, any_of)) out.push_back(std::move(any_of));
}

// What must not be there.
void add_excluded(const Node& node, Words& out) {
  if (node.type == NodeType::kAnd) {
    for (const NodePtr& child : node.children) add_excluded(*child, out);
  } else if (node.type == NodeType::kNot) {
    Words any_of;
    if (add_items(*node.children.front(), any_of)) out.insert(any_of.begin(), any_of.end());
  }
}

bool contradicts_itself(const Node& condition) {
  std::vector<Words> needed;
  Words excluded;
  add_needed(condition, needed);
  add_excluded(condition, excluded);
  return std::any_of(needed.begin(), needed.end(), [&excluded](const Words& any_of) {
    return std::includes(excluded.begin(), excluded.end(), any_of.begin(), any_of.end());
  });
}

}  // namespace

std::vector<Problem> contradictions(const Pack& pack) {
  std::vector<Problem> out;
  for (const Rule& rule : pack.rules) {
    Problems problems(rule.file, out);
    for (const NodePtr& condition : rule.conditions) {
      if (!contradicts_itself(*condition)) continue;
      problems.warn(condition->mark, rule.info.id,
                    "this never holds: its condition, with the filters that apply, excludes all that it asks for",
                    "a narrower filter");
    }
  }
  return out;
}

}  // namespace quanzu::rules
