// A correlation document: which rules, grouped by what, over what time, and what must hold. What needs other documents
// (references, cycles, what a chain exposes) is rules/lang/link.
#include <algorithm>
#include <cmath>

#include "engine/names.h"
#include "rules/lang/condition.h"
#include "rules/lang/parse_document.h"
#include "rules/lang/scalar.h"

namespace quanzu::rules {

namespace {

constexpr Names<8> kTypeNames = {"event_count", "value_count", "temporal",         "temporal_ordered",
                                 "value_sum",   "value_avg",   "value_percentile", "value_median"};
constexpr Names<6> kBoundNames = {"gt", "gte", "lt", "lte", "eq", "neq"};

bool is_temporal(CorrelationType type) {
  return type == CorrelationType::kTemporal || type == CorrelationType::kTemporalOrdered;
}

bool holds_without_events(const RuleNode& node) {
  const auto holds = [](const std::unique_ptr<RuleNode>& child) { return holds_without_events(*child); };
  switch (node.type) {
    case RuleNodeType::kAnd:
      return std::all_of(node.children.begin(), node.children.end(), holds);
    case RuleNodeType::kOr:
      return std::any_of(node.children.begin(), node.children.end(), holds);
    case RuleNodeType::kNot:
      return !holds(node.children.front());
    case RuleNodeType::kRule:
      return false;
  }
  return false;
}

class CorrelationParser {
 public:
  CorrelationParser(const ParseContext& context, Correlation& out) : problems_(context.problems), out_(out) {}

  void parse(const YamlNode& document) {
    const YamlNode& node = *document.find("correlation");
    if (!node.is(YamlType::kMap)) {
      problems_.error(node.mark, node.text, "correlation is a map of type, rules, timespan and condition");
      return;
    }
    parse_type(node);
    for (const YamlEntry& entry : node.entries) parse_key(*entry.key, *entry.value);
    parse_generate(document, node);
    if (!has_type_) return;
    require_key(node, "timespan", "timespan: 10m", problems_);
    judge_condition(node);
    if (out_.rules.empty() && out_.expression == nullptr) require_key(node, "rules", "rules: [name]", problems_);
  }

 private:
  void parse_type(const YamlNode& node) {
    const YamlNode* type = node.find("type");
    if (type == nullptr) {
      problems_.error(node.mark, "type", "the type of the correlation is missing", "type: event_count");
      return;
    }
    const std::optional<std::string> word = text_of(*type, "type", problems_);
    if (!word) return;
    if (const std::optional<CorrelationType> found = find_in<CorrelationType>(kTypeNames, *word)) {
      out_.type = *found;
      has_type_ = true;
      return;
    }
    const std::vector<std::string_view> names(kTypeNames.begin(), kTypeNames.end());
    problems_.error(type->mark, *word, "the type is " + one_of(names), nearest(*word, names));
  }

  void parse_key(const YamlNode& key, const YamlNode& value) {
    const std::string_view name = key.text;
    if (name == "type" || name == "generate") return;
    if (name == "rules") {
      out_.rules = references_of(value, name, problems_);
    } else if (name == "group-by") {
      if (std::optional<std::vector<std::string>> keys = texts_of(value, name, problems_)) out_.group_by = *keys;
      judge_twice(out_.group_by, value);
    } else if (name == "timespan") {
      out_.timespan = positive_span(value, name, problems_).value_or(Duration());
    } else if (name == "aliases") {
      parse_aliases(value);
    } else if (name == "condition") {
      condition_ = &value;
      if (value.is(YamlType::kMap)) parse_bounds(value);
    } else {
      unknown_key(key, "correlation", {"type", "rules", "group-by", "timespan", "condition", "aliases", "generate"},
                  problems_);
    }
  }

  void judge_twice(const std::vector<std::string>& names, const YamlNode& at) {
    for (size_t i = 1; i < names.size(); ++i) {
      if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) ==
          names.begin() + static_cast<std::ptrdiff_t>(i)) {
        continue;
      }
      problems_.error(at.mark, names[i], "named twice");
    }
  }

  void parse_aliases(const YamlNode& node) {
    if (!node.is(YamlType::kMap) || node.entries.empty()) {
      problems_.error(node.mark, node.text, "aliases are a map", "{alias: {rule: field}}");
      return;
    }
    for (const YamlEntry& entry : node.entries) {
      Alias alias{entry.key->text, {}, entry.key->mark};
      if (!entry.value->is(YamlType::kMap)) {
        problems_.error(entry.value->mark, entry.value->text, "an alias is a map", "{rule: field}");
        continue;
      }
      for (const YamlEntry& field : entry.value->entries) {
        if (std::optional<std::string> name = text_of(*field.value, "field", problems_)) {
          alias.fields.push_back({{field.key->text, field.key->mark}, std::move(*name)});
        }
      }
      out_.aliases.push_back(std::move(alias));
    }
  }

  void parse_bounds(const YamlNode& node) {
    for (const YamlEntry& entry : node.entries) {
      const std::string_view name = entry.key->text;
      const YamlNode& value = *entry.value;
      if (const std::optional<BoundOp> op = find_in<BoundOp>(kBoundNames, name)) {
        if (std::optional<std::string> number = decimal_of(value, name)) {
          out_.bounds.push_back({*op, std::move(*number), entry.key->mark});
        }
      } else if (name == "field") {
        if (std::optional<std::vector<std::string>> fields = texts_of(value, name, problems_)) out_.fields = *fields;
        judge_twice(out_.fields, value);
      } else if (name == "percentile") {
        out_.percentile = decimal_of(value, name).value_or("");
      } else {
        unknown_key(*entry.key, "a correlation's condition",
                    {"gt", "gte", "lt", "lte", "eq", "neq", "field", "percentile"}, problems_);
      }
    }
    judge_bounds(node);
  }

  std::optional<std::string> decimal_of(const YamlNode& value, std::string_view key) {
    const bool plain =
        value.is(YamlType::kScalar) && json_number(value.text) && value.text.find_first_of("eE") == std::string::npos;
    if (plain) return value.text;
    problems_.error(value.mark, value.text, std::string(key) + " is a number like 10 or 2.5");
    return std::nullopt;
  }

  void judge_bounds(const YamlNode& node) {
    size_t lower = 0;
    size_t upper = 0;
    size_t exact = 0;
    for (const Bound& bound : out_.bounds) {
      lower += bound.op == BoundOp::kGt || bound.op == BoundOp::kGte;
      upper += bound.op == BoundOp::kLt || bound.op == BoundOp::kLte;
      exact += bound.op == BoundOp::kEq || bound.op == BoundOp::kNeq;
    }
    if (lower > 1 || upper > 1 || exact > 1 || (exact == 1 && lower + upper > 0)) {
      problems_.error(node.mark, "condition", "a range has one lower and one upper bound", "{gte: 5, lt: 10}");
    }
  }

  void judge_condition(const YamlNode& node) {
    const bool counts = out_.type == CorrelationType::kEventCount || is_temporal(out_.type);
    const Mark mark = condition_ != nullptr ? condition_->mark : node.mark;
    if (condition_ == nullptr) {
      if (!is_temporal(out_.type)) problems_.error(mark, "condition", "the condition is missing", needed_condition());
      return;
    }
    if (out_.type == CorrelationType::kTemporalOrdered) {
      problems_.error(mark, "condition", "temporal_ordered takes no condition: each step must happen in its order");
      return;
    }
    if (condition_->is(YamlType::kScalar) && out_.type == CorrelationType::kTemporal) return parse_expression();
    if (!condition_->is(YamlType::kMap)) {
      problems_.error(mark, condition_->text, "the condition of this type is a map", needed_condition());
      return;
    }
    if (out_.bounds.empty()) problems_.error(mark, "condition", "what must hold is missing", needed_condition());
    if (counts && !out_.fields.empty()) {
      problems_.error(mark, "field",
                      "only value_count, value_sum, value_avg, value_percentile and value_median have a field");
    }
    if (!counts && out_.fields.empty()) problems_.error(mark, "field", "the field is missing", needed_condition());
    if (out_.fields.size() > 1 && out_.type != CorrelationType::kValueCount) {
      problems_.error(mark, "field", "several fields only for value_count");
    }
    judge_percentile(mark);
  }

  void judge_percentile(Mark mark) {
    if (out_.type != CorrelationType::kValuePercentile) {
      if (!out_.percentile.empty()) problems_.error(mark, "percentile", "only value_percentile has this key");
      return;
    }
    const std::optional<double> rank = json_number(out_.percentile);
    if (!rank || *rank < 0 || *rank > 100) {
      problems_.error(mark, "percentile", "value_percentile needs its percentile, 0 to 100", "percentile: 95");
    }
  }

  std::string needed_condition() const {
    switch (out_.type) {
      case CorrelationType::kEventCount:
      case CorrelationType::kTemporal:
        return "condition: {gte: 3}";
      case CorrelationType::kValuePercentile:
        return "condition: {field: amount_fen, percentile: 95, gte: 3}";
      default:
        return "condition: {field: peer.number, gte: 3}";
    }
  }

  // "a and (b or not c)": the grammar of a detection's condition over the names of rules.
  void parse_expression() {
    if (out_.rules.empty()) out_.rules = words_of(*condition_);
    std::vector<Selection> selections;
    for (size_t i = 0; i < out_.rules.size(); ++i) {
      auto leaf = std::make_unique<Node>();
      leaf->item.field = std::to_string(i);
      selections.push_back(
          {.name = out_.rules[i].rule, .mark = out_.rules[i].mark, .tree = std::move(leaf), .nodes = 1});
    }
    const NodePtr tree = parse_condition(*condition_, selections, problems_);
    if (tree == nullptr) return;
    if ((" " + condition_->text).find(" of ") != std::string::npos) {
      problems_.error(condition_->mark, condition_->text, "the condition of a correlation names its rules one by one");
      return;
    }
    for (const Selection& selection : selections) {
      if (selection.used) continue;
      problems_.error(selection.mark, selection.name, "the condition does not name this rule of the list");
    }
    out_.expression = rule_tree(*tree);
    if (holds_without_events(*out_.expression)) {
      problems_.error(condition_->mark, condition_->text,
                      "this holds where no rule has matched: something must happen");
    }
  }

  static std::vector<RuleRef> words_of(const YamlNode& condition) {
    constexpr std::string_view kBreaks = " \t\r\n()";
    std::vector<RuleRef> out;
    const std::string_view text = condition.text;
    for (size_t at = text.find_first_not_of(kBreaks); at != std::string_view::npos;) {
      const size_t end = std::min(text.find_first_of(kBreaks, at), text.size());
      const std::string word(text.substr(at, end - at));
      const bool known = std::any_of(out.begin(), out.end(), [&word](const RuleRef& ref) { return ref.rule == word; });
      if (word != "and" && word != "or" && word != "not" && !known) out.push_back({word, condition.place_of(at)});
      at = text.find_first_not_of(kBreaks, end);
    }
    return out;
  }

  static std::unique_ptr<RuleNode> rule_tree(const Node& node) {
    auto out = std::make_unique<RuleNode>();
    out->mark = node.mark;
    if (node.type == NodeType::kItem) {
      out->type = RuleNodeType::kRule;
      out->rule = std::stoul(node.item.field);
      return out;
    }
    out->type = node.type == NodeType::kAnd  ? RuleNodeType::kAnd
                : node.type == NodeType::kOr ? RuleNodeType::kOr
                                             : RuleNodeType::kNot;
    for (const NodePtr& child : node.children) out->children.push_back(rule_tree(*child));
    return out;
  }

  // In the correlation or at the top, not with two values.
  void parse_generate(const YamlNode& document, const YamlNode& node) {
    std::optional<bool> value;
    for (const YamlNode* place : {document.find("generate"), node.find("generate")}) {
      if (place == nullptr) continue;
      const Scalar scalar = type_of(*place);
      if (!place->is(YamlType::kScalar) || scalar.type != ScalarType::kBoolean) {
        problems_.error(place->mark, place->text, "generate is true or false", "false");
      } else if (value && *value != scalar.boolean) {
        problems_.error(place->mark, place->text, "generate stands here with another value than at the top");
      } else {
        value = scalar.boolean;
      }
    }
    out_.generate = value.value_or(false);
  }

  Problems& problems_;
  Correlation& out_;
  bool has_type_ = false;
  const YamlNode* condition_ = nullptr;
};

}  // namespace

Correlation parse_correlation(const YamlNode& document, const ParseContext& context, bool alone) {
  Correlation out;
  parse_head(document, context, alone, out);
  CorrelationParser(context, out).parse(document);
  if (const YamlNode* node = document.find("tests")) parse_tests(*node, context, false, out);
  for (const YamlEntry& entry : document.entries) {
    const std::string_view key = entry.key->text;
    if (key == "detection" || key == "logsource" || key == "filter") {
      context.problems.error(entry.key->mark, key, "a correlation has none: that is another document");
    }
  }
  return out;
}

}  // namespace quanzu::rules
