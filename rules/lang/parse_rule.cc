#include "rules/lang/parse_document.h"

namespace quanzu::rules {

namespace {

// A signal's service is the feed that brought it.
void ask_for_feed(Rule& rule) {
  for (NodePtr& condition : rule.conditions) {
    auto feed = std::make_unique<Node>();
    feed->item = {"feed", StringPattern{.parts = {rule.logsource.service}, .cased = true}};
    feed->mark = condition->mark;
    auto both = std::make_unique<Node>();
    both->type = NodeType::kAnd;
    both->mark = condition->mark;
    both->children.push_back(std::move(feed));
    both->children.push_back(std::move(condition));
    condition = std::move(both);
  }
}

}  // namespace

Rule parse_rule(const YamlNode& document, const ParseContext& context, bool alone) {
  Rule rule;
  parse_head(document, context, alone, rule);
  require_key(document, "logsource", "logsource: {product: quanzu}", context.problems);
  require_key(document, "detection", "", context.problems);
  if (const YamlNode* node = document.find("logsource")) rule.logsource = parse_logsource(*node, context);
  if (const YamlNode* node = document.find("detection")) {
    rule.conditions = parse_detection(*node, rule.logsource, context);
    if (!context.options.any_schema && !rule.logsource.service.empty()) ask_for_feed(rule);
  }
  if (const YamlNode* node = document.find("tests")) {
    parse_tests(*node, context, !rule.logsource.category.empty(), rule);
  }
  for (const YamlEntry& entry : document.entries) {
    if (entry.key->text == "generate") {
      context.problems.error(entry.key->mark, "generate", "only a correlation has this key");
    }
  }
  return rule;
}

}  // namespace quanzu::rules
