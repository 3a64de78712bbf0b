#include "rules/lang/detection.h"

#include <cmath>

#include "rules/lang/condition.h"
#include "rules/lang/model_field.h"
#include "rules/lang/regex_limits.h"
#include "rules/lang/scalar.h"
#include "rules/lang/taxonomy.h"

namespace quanzu::rules {

namespace {

class DetectionParser {
 public:
  DetectionParser(const ParseContext& context, const LogSource& logsource)
      : context_(context), problems_(context.problems), logsource_(logsource) {}

  std::vector<NodePtr> parse(const YamlNode& detection) {
    if (!detection.is(YamlType::kMap)) {
      problems_.error(detection.mark, detection.text, "detection is a map of selections and a condition");
      return {};
    }
    const YamlNode* condition = nullptr;
    for (const YamlEntry& entry : detection.entries) {
      if (entry.key->text == "condition") {
        condition = entry.value;
      } else if (entry.key->text == "timeframe") {
        problems_.error(entry.key->mark, "timeframe",
                        "a detection has no time: counting over time is a correlation's work",
                        "timespan in a correlation");
      } else {
        selections_.push_back(selection_of(entry));
      }
    }
    if (condition == nullptr) {
      problems_.error(detection.mark, "detection", "the condition is missing", condition_for_all());
      return {};
    }
    parse_conditions(*condition);
    warn_of_unused();
    return std::move(conditions_);
  }

 private:
  std::string condition_for_all() const {
    return selections_.size() == 1 ? "condition: " + selections_[0].name : "condition: 1 of them";
  }

  void parse_conditions(const YamlNode& condition) {
    if (condition.is(YamlType::kList)) {
      if (condition.items.empty()) problems_.error(condition.mark, "[]", "the list of conditions is empty");
      for (const YamlNode* one : condition.items) parse_one(*one);
    } else {
      parse_one(condition);
    }
  }

  void parse_one(const YamlNode& condition) {
    if (!condition.is(YamlType::kScalar)) {
      problems_.error(condition.mark, "condition", "a condition is a text like 'selection and not filter'",
                      condition_for_all());
      return;
    }
    NodePtr tree = parse_condition(condition, selections_, problems_);
    if (tree == nullptr) return;
    nodes_ += count_nodes(*tree);
    if (nodes_ > kMostComparisons) {
      problems_.error(condition.mark, condition.text, "with this the conditions become more than 250,000 comparisons");
      return;
    }
    conditions_.push_back(std::move(tree));
  }

  void warn_of_unused() {
    if (conditions_.empty()) return;
    for (const Selection& selection : selections_) {
      if (selection.used || selection.name.starts_with('_')) continue;
      problems_.warn(selection.mark, selection.name, "no condition uses this selection");
    }
  }

  Selection selection_of(const YamlEntry& entry) {
    Selection selection{.name = entry.key->text, .mark = entry.key->mark, .tree = nullptr};
    selection.tree = content_of(*entry.value, entry.key->mark);
    if (selection.tree != nullptr) {
      if (selection.tree->selection.empty()) selection.tree->selection = selection.name;
      selection.nodes = count_nodes(*selection.tree);
    }
    return selection;
  }

  NodePtr content_of(const YamlNode& content, Mark mark) {
    switch (content.type) {
      case YamlType::kMap:
        return map_of(content);
      case YamlType::kList:
        return list_of(content);
      case YamlType::kScalar:
        problems_.error(content.mark, content.text, "a selection is a map of fields or a list",
                        "a list of keywords: ['" + content.text + "']");
        return nullptr;
      case YamlType::kNull:
        problems_.error(mark, "", "this selection is empty");
        return nullptr;
    }
    return nullptr;
  }

  NodePtr list_of(const YamlNode& list) {
    if (list.items.empty()) {
      problems_.error(list.mark, "[]", "an empty list selects nothing");
      return nullptr;
    }
    std::vector<NodePtr> children;
    bool sound = true;
    for (const YamlNode* item : list.items) {
      NodePtr child = item->is(YamlType::kMap) ? map_of(*item) : keyword_of(*item);
      sound = sound && child != nullptr;
      children.push_back(std::move(child));
    }
    return sound ? linked(NodeType::kOr, std::move(children), list.mark) : nullptr;
  }

  NodePtr map_of(const YamlNode& map) {
    if (map.entries.empty()) {
      problems_.error(map.mark, "{}", "an empty map selects everything");
      return nullptr;
    }
    std::vector<NodePtr> children;
    bool sound = true;
    for (const YamlEntry& entry : map.entries) {
      NodePtr child = item_of(*entry.key, *entry.value);
      sound = sound && child != nullptr;
      children.push_back(std::move(child));
    }
    return sound ? linked(NodeType::kAnd, std::move(children), map.mark) : nullptr;
  }

  NodePtr keyword_of(const YamlNode& scalar) {
    Chain chain;
    chain.mark = scalar.mark;
    return value_of(chain, scalar);
  }

  NodePtr item_of(const YamlNode& key, const YamlNode& value) {
    const std::optional<Chain> chain = parse_chain(key, problems_);
    if (!chain) return nullptr;
    if (is_model(*chain)) {
      const std::shared_ptr<const Model> model = known_model(chain->field, key.mark, context_.models, problems_);
      if (model == nullptr) return nullptr;
      judge_presence(source_name(model->subject().source), logsource_, key.mark, problems_);
    } else if (!chain->field.empty() && !context_.options.any_schema) {
      if (!known_field(chain->field, key.mark, problems_)) return nullptr;
      judge_presence(chain->field, logsource_, key.mark, problems_);
    }
    if (!is_sound_keyword(*chain, key)) return nullptr;
    std::vector<const YamlNode*> scalars = {&value};
    if (value.is(YamlType::kList)) scalars = value.items;
    if (scalars.empty()) {
      problems_.error(value.mark, "[]", "an empty list selects nothing", "exists: false, or null");
      return nullptr;
    }
    if (chain->has(Modifier::kAll) && scalars.size() < 2) {
      problems_.error(key.mark, key.text, "'all' needs two values or more", without_all(key.text));
      return nullptr;
    }
    std::vector<NodePtr> children;
    bool sound = true;
    for (const YamlNode* scalar : scalars) {
      NodePtr child = value_of(*chain, *scalar);
      sound = sound && child != nullptr;
      children.push_back(std::move(child));
    }
    if (!sound) return nullptr;
    NodePtr item = linked(chain->has(Modifier::kAll) ? NodeType::kAnd : NodeType::kOr, std::move(children), key.mark);
    return chain->has(Modifier::kNeq) ? negated(std::move(item)) : std::move(item);
  }

  bool is_model(const Chain& chain) const {
    return !context_.options.any_schema && chain.field.starts_with(kModelPrefix);
  }

  static std::string without_all(std::string_view key) {
    std::string out(key);
    if (const size_t at = out.find("|all"); at != std::string::npos) out.erase(at, 4);
    return out;
  }

  bool is_sound_keyword(const Chain& chain, const YamlNode& key) {
    if (!chain.field.empty()) return true;
    const bool fits = chain.family == Family::kPlain || chain.family == Family::kRegex;
    if (!fits || chain.has(Modifier::kStartsWith) || chain.has(Modifier::kEndsWith)) {
      problems_.error(key.mark, key.text, "a keyword is looked for anywhere in the event: this modifier needs a field");
      return false;
    }
    return true;
  }

  NodePtr value_of(const Chain& chain, const YamlNode& scalar) {
    if (scalar.is(YamlType::kList) || scalar.is(YamlType::kMap)) {
      problems_.error(scalar.mark, "",
                      scalar.is(YamlType::kList) ? "a list inside a list of values" : "a value is no map");
      return nullptr;
    }
    if (comparisons_ > kMostComparisons) return nullptr;
    if (const std::string why = surprise(scalar); !why.empty()) {
      problems_.warn(scalar.mark, scalar.text, why, "'" + scalar.text + "'");
    }
    std::optional<std::vector<Value>> values = apply_chain(
        chain, scalar,
        {problems_, context_.lists, context_.options.keep_placeholders, context_.zone, context_.homophones});
    if (!values) return nullptr;
    comparisons_ += values->size();
    if (comparisons_ > kMostComparisons) {
      problems_.error(scalar.mark, scalar.text, "here the detection becomes more than 250,000 comparisons");
      return nullptr;
    }
    std::vector<NodePtr> children;
    for (Value& value : *values) {
      std::optional<Value> fitting = judged(chain, std::move(value), scalar);
      if (!fitting) return nullptr;
      auto node = std::make_unique<Node>();
      node->item = {chain.field, std::move(*fitting)};
      if (is_model(chain)) node->item.model = model_named(chain.field, context_.models);
      node->mark = scalar.mark;
      children.push_back(std::move(node));
    }
    if (children.size() == 1 && !chain.has(Modifier::kWindash) && !chain.has(Modifier::kBase64Offset)) {
      return std::move(children.front());
    }
    NodePtr node = parent_of(NodeType::kOr, std::move(children), scalar.mark);
    node->expansion = true;
    return node;
  }

  // The value in the type of its field.
  std::optional<Value> judged(const Chain& chain, Value value, const YamlNode& scalar) {
    if (const auto* regex = std::get_if<Regex>(&value)) {
      if (const Result<void> sound = check_regex(*regex); !sound) {
        problems_.error(scalar.mark, scalar.text, sound.error().message);
        return std::nullopt;
      }
    }
    if (chain.field.empty()) {
      const bool text = !std::holds_alternative<bool>(value) && !std::holds_alternative<Null>(value);
      if (text) return value;
      problems_.error(scalar.mark, scalar.text, "a keyword is text", "'" + scalar.text + "'");
      return std::nullopt;
    }
    if (context_.options.any_schema) return value;
    if (is_model(chain)) return fit_probability(std::move(value), scalar.mark, scalar.text, problems_);
    return fit_value(std::move(value), chain.field, source_type(*find_source(chain.field)), scalar.mark, problems_);
  }

  static NodePtr linked(NodeType type, std::vector<NodePtr> children, Mark mark) {
    if (children.size() == 1) return std::move(children.front());
    return parent_of(type, std::move(children), mark);
  }

  static NodePtr negated(NodePtr item) {
    const Mark mark = item->mark;
    std::vector<NodePtr> child;
    child.push_back(std::move(item));
    return parent_of(NodeType::kNot, std::move(child), mark);
  }

  static NodePtr parent_of(NodeType type, std::vector<NodePtr> children, Mark mark) {
    auto node = std::make_unique<Node>();
    node->type = type;
    node->children = std::move(children);
    node->mark = mark;
    return node;
  }

  const ParseContext& context_;
  Problems& problems_;
  const LogSource& logsource_;
  std::vector<Selection> selections_;
  std::vector<NodePtr> conditions_;
  size_t comparisons_ = 0;  // made so far, before a condition multiplies them
  size_t nodes_ = 0;        // of the conditions
};

}  // namespace

std::vector<NodePtr> parse_detection(const YamlNode& detection, const LogSource& logsource,
                                     const ParseContext& context) {
  return DetectionParser(context, logsource).parse(detection);
}

}  // namespace quanzu::rules
