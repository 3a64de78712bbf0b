#include "rules/author/mutation.h"

#include <algorithm>

#include "rules/author/inline_test.h"
#include "rules/lang/condition.h"
#include "rules/match/describe.h"

namespace quanzu::rules {

namespace {

// Where one of several children may go: what an AND asks for, and what an OR of selections allows. Words of a list are
// ways to say one thing, and no test says it in all of them.
bool has_parts(const Node& node) {
  if (node.children.size() < 2) return false;
  if (node.type == NodeType::kAnd) return true;
  const auto is_selection = [](const NodePtr& child) { return !child->selection.empty(); };
  return node.type == NodeType::kOr && std::all_of(node.children.begin(), node.children.end(), is_selection);
}

struct Part {
  Node* of = nullptr;
  size_t child = 0;
};

void collect(Node& node, std::vector<Part>& parts) {
  if (has_parts(node)) {
    for (size_t i = 0; i < node.children.size(); ++i) parts.push_back({&node, i});
  }
  for (const NodePtr& child : node.children) collect(*child, parts);
}

std::string name_of(const Node& node) {
  if (!node.selection.empty()) return "the selection " + node.selection;
  if (node.type == NodeType::kItem) return "the item " + describe(node.item);
  if (node.type == NodeType::kNot) return "the exclusion of " + name_of(*node.children.front());
  // A list or a map: its first item tells which.
  const Node* first = &node;
  while (!first->children.empty()) first = first->children.front().get();
  return "the items from " + describe(first->item) + " on";
}

Rule copy_of(const Rule& rule) {
  Rule out;
  static_cast<Document&>(out) = rule;
  out.logsource = rule.logsource;
  for (const NodePtr& condition : rule.conditions) out.conditions.push_back(copy(*condition));
  return out;
}

std::vector<Part> parts_of(Rule& rule) {
  std::vector<Part> parts;
  for (const NodePtr& condition : rule.conditions) collect(*condition, parts);
  return parts;
}

bool passes(Rule rule) {
  Pack alone;
  alone.rules.push_back(std::move(rule));
  const auto program = Program::compile(std::move(alone));
  if (!program) return false;  // such a rule can't even be written
  const std::vector<TestResult> results = run_tests(**program);
  return std::all_of(results.begin(), results.end(), [](const TestResult& result) { return result.passed(); });
}

void mutate(const Rule& rule, Mutations& out) {
  Rule whole = copy_of(rule);
  const size_t count = parts_of(whole).size();
  for (size_t i = 0; i < count; ++i) {
    Rule less = copy_of(rule);
    const Part part = parts_of(less)[i];
    const NodePtr gone = std::move(part.of->children[part.child]);
    part.of->children.erase(part.of->children.begin() + static_cast<ptrdiff_t>(part.child));
    ++out.tried;
    if (passes(std::move(less))) out.unnoticed.push_back({rule.info.id, rule.file, gone->mark, name_of(*gone)});
  }
}

}  // namespace

Mutations mutate(const Pack& pack) {
  Mutations out;
  for (const Rule& rule : pack.rules) {
    if (!rule.tests.empty()) mutate(rule, out);
  }
  return out;
}

}  // namespace quanzu::rules
