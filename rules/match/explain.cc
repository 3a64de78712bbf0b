#include "rules/match/explain.h"

#include <algorithm>

#include "rules/match/describe.h"

namespace quanzu::rules {

namespace {

bool is_of_text(const Place& place) {
  return place.source == Source::kText || place.source == Source::kTextRaw;
}

// Of a text only whether it is there: the words that it lacks are in the item.
std::string held_instead(const Item& item, const Signal& signal) {
  const std::optional<Source> source = find_source(item.field);
  if (!source) return {};
  const bool shows = *source != Source::kText && *source != Source::kTextRaw;
  return shows || !is_present(*source, signal) ? describe_value(item.field, signal) : std::string();
}

Spans merged(std::vector<Place> places) {
  std::sort(places.begin(), places.end(),
            [](const Place& a, const Place& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
  Spans spans;
  for (const Place& place : places) {
    if (spans.empty() || place.begin > spans.back().second) {
      spans.emplace_back(place.begin, place.end);
    } else {
      spans.back().second = std::max(spans.back().second, place.end);
    }
  }
  return spans;
}

}  // namespace

Result<Explainer> Explainer::make(const Rule& rule) {
  Explainer out;
  out.rule_ = &rule;
  const Result<uint8_t> kinds = kinds_of(rule.logsource);
  if (!kinds) return Failure(kinds.error());
  out.kinds_ = *kinds;
  for (const NodePtr& condition : rule.conditions) {
    const Result<void> added = out.add(*condition);
    if (!added) return Failure(added.error());
  }
  return out;
}

Result<void> Explainer::add(const Node& node) {
  if (node.type == NodeType::kItem) {
    Result<ItemFinder> finder = ItemFinder::make(node.item, kinds_);
    if (!finder) return Failure(finder.error());
    items_.emplace(&node, std::move(*finder));
  }
  for (const NodePtr& child : node.children) {
    Result<void> added = add(*child);
    if (!added) return added;
  }
  return {};
}

Explanation Explainer::explain(const Signal& signal) {
  Explanation out;
  out.takes = ((kinds_ >> static_cast<unsigned>(signal.kind)) & 1U) != 0;
  for (const NodePtr& condition : rule_->conditions) {
    out.conditions.push_back(judge(*condition, signal));
    out.holds = out.holds || (out.takes && out.conditions.back().holds);
  }
  return out;
}

// Every child is judged, also where the first settles it: an explanation shows all that matched.
Verdict Explainer::judge(const Node& node, const Signal& signal) {
  Verdict out;
  out.node = &node;
  if (node.type == NodeType::kItem) {
    out.holds = items_.at(&node).find(signal, out.places);
    std::sort(out.places.begin(), out.places.end());
    out.places.erase(std::unique(out.places.begin(), out.places.end()), out.places.end());
    if (!out.holds) out.missing = held_instead(node.item, signal);
    if (const std::string says = items_.at(&node).probability(signal); !says.empty()) out.missing = says;
    return out;
  }
  for (const NodePtr& child : node.children) out.children.push_back(judge(*child, signal));
  const auto holds = [](const Verdict& child) { return child.holds; };
  switch (node.type) {
    case NodeType::kAnd:
      out.holds = std::all_of(out.children.begin(), out.children.end(), holds);
      break;
    case NodeType::kOr:
      out.holds = std::any_of(out.children.begin(), out.children.end(), holds);
      break;
    default:
      out.holds = !out.children.front().holds;
  }
  return out;
}

Spans Explainer::spans(std::string_view text) {
  Signal signal;
  signal.set(Field::kText, text);
  std::vector<Place> places;
  for (const NodePtr& condition : rule_->conditions) collect(*condition, true, signal, places);
  std::erase_if(places, [](const Place& place) { return !is_of_text(place); });
  return merged(std::move(places));
}

// Whether the node can be `wanted` for some signal with this text.
bool Explainer::can_be(const Node& node, bool wanted, const Signal& signal) {
  if (node.type == NodeType::kItem) {
    ItemFinder& item = items_.at(&node);
    if (!item.sees_text()) return true;
    return item.holds(signal) == wanted || (wanted && node.item.field.empty());  // a keyword may stand in another field
  }
  if (node.type == NodeType::kNot) return can_be(*node.children.front(), !wanted, signal);
  const auto child_can = [&](const NodePtr& child) { return can_be(*child, wanted, signal); };
  const bool every = (node.type == NodeType::kAnd) == wanted;
  return every ? std::all_of(node.children.begin(), node.children.end(), child_can)
               : std::any_of(node.children.begin(), node.children.end(), child_can);
}

// The places of the items that make the node what it is wanted to be.
void Explainer::collect(const Node& node, bool wanted, const Signal& signal, std::vector<Place>& places) {
  if (!can_be(node, wanted, signal)) return;
  if (node.type == NodeType::kItem) {
    if (wanted) items_.at(&node).find(signal, places);
    return;
  }
  const bool below = node.type == NodeType::kNot ? !wanted : wanted;
  for (const NodePtr& child : node.children) collect(*child, below, signal, places);
}

Spans matched_spans(const Rule& rule, std::string_view text) {
  Result<Explainer> explainer = Explainer::make(rule);
  return explainer ? explainer->spans(text) : Spans();
}

Highlighter::Highlighter(std::shared_ptr<const Program> program) : program_(std::move(program)) {}

Spans Highlighter::spans(std::string_view rule_id, std::string_view text) {
  const std::lock_guard lock(mutex_);
  auto at = explainers_.find(std::string(rule_id));
  if (at == explainers_.end()) {
    const std::vector<RuleInfo>& rules = program_->rules();
    const auto found =
        std::find_if(rules.begin(), rules.end(), [rule_id](const RuleInfo& rule) { return rule.id == rule_id; });
    if (found == rules.end()) return {};
    Result<Explainer> made = Explainer::make(program_->rule(static_cast<RuleIndex>(found - rules.begin())));
    ENSURE(made.has_value(), "a rule of a compiled program has an explanation");
    at = explainers_.emplace(rule_id, std::make_unique<Explainer>(std::move(*made))).first;
  }
  return at->second->spans(text);
}

}  // namespace quanzu::rules
