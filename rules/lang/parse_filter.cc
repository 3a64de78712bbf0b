// A filter document: a condition that is ANDed to the detections of other rules.
#include "rules/lang/parse_document.h"

namespace quanzu::rules {

namespace {

bool has_not(const Node& node) {
  if (node.type == NodeType::kNot) return true;
  for (const NodePtr& child : node.children) {
    if (has_not(*child)) return true;
  }
  return false;
}

void parse_target(const YamlNode& rules, Problems& problems, Filter& out) {
  out.any = rules.is(YamlType::kScalar) && rules.text == "any";
  if (!out.any) out.rules = references_of(rules, "rules", problems);
}

}  // namespace

Filter parse_filter(const YamlNode& document, const ParseContext& context, bool alone) {
  Problems& problems = context.problems;
  Filter out;
  parse_head(document, context, alone, out);
  require_key(document, "logsource", "logsource: {product: quanzu}", problems);
  if (const YamlNode* node = document.find("logsource")) out.logsource = parse_logsource(*node, context);
  for (const YamlEntry& entry : document.entries) {
    const std::string_view key = entry.key->text;
    if (key == "detection" || key == "tests" || key == "generate") {
      problems.error(entry.key->mark, key, "a filter has none: its selections stand beside its rules");
    }
  }
  const YamlNode& node = *document.find("filter");
  if (!node.is(YamlType::kMap)) {
    problems.error(node.mark, node.text, "filter is a map of rules, selections and a condition");
    return out;
  }
  require_key(node, "rules", "rules: [name], or rules: any", problems);
  YamlNode detection{.type = YamlType::kMap, .mark = node.mark};
  for (const YamlEntry& entry : node.entries) {
    if (entry.key->text == "rules") {
      parse_target(*entry.value, problems, out);
    } else {
      detection.entries.push_back(entry);
    }
  }
  std::vector<NodePtr> conditions = parse_detection(detection, out.logsource, context);
  if (conditions.empty()) return out;
  out.condition = std::move(conditions.front());
  if (conditions.size() > 1) {
    conditions.front() = std::move(out.condition);
    out.condition = std::make_unique<Node>();
    out.condition->type = NodeType::kOr;
    out.condition->mark = conditions.front()->mark;
    out.condition->children = std::move(conditions);
  }
  if (!has_not(*out.condition)) {
    problems.warn(out.condition->mark, "condition",
                  "a filter is ANDed as it is written: this one keeps only what it selects", "not selection");
  }
  return out;
}

}  // namespace quanzu::rules
