#include "rules/match/foreign.h"

#include <algorithm>
#include <charconv>

#include "rules/lang/scalar.h"
#include "rules/match/time_part.h"
#include "rules/text/normalize.h"

namespace quanzu::rules {

namespace {

using Object = ForeignValue::Object;
using Array = ForeignValue::Array;
using Number = ForeignValue::Number;

// The field of a signal that compares as any other product's text does: whole, folded, nothing normalised.
constexpr Field kStandIn = Field::kTitle;

const ForeignValue* find_key(const Object& object, std::string_view key) {
  for (const auto& [name, value] : object) {
    if (name == key) return &value;
  }
  return nullptr;
}

void collect(const ForeignValue& value, std::string_view path, std::vector<const ForeignValue*>& out) {
  if (const auto* array = std::get_if<Array>(&value.value)) {
    for (const ForeignValue& element : *array) collect(element, path, out);
    return;
  }
  if (path.empty()) {
    out.push_back(&value);
    return;
  }
  const auto* object = std::get_if<Object>(&value.value);
  if (object == nullptr) return;
  if (const ForeignValue* found = find_key(*object, path)) return collect(*found, {}, out);
  for (size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.', dot + 1)) {
    const ForeignValue* found = find_key(*object, path.substr(0, dot));
    if (found == nullptr) continue;
    const size_t before = out.size();
    collect(*found, path.substr(dot + 1), out);
    if (out.size() != before) return;
  }
}

// An array counts as there, whatever it holds.
bool is_there(const ForeignValue& value, std::string_view path) {
  if (const auto* array = std::get_if<Array>(&value.value)) {
    return path.empty() ||
           std::any_of(array->begin(), array->end(), [path](const ForeignValue& one) { return is_there(one, path); });
  }
  if (path.empty()) return true;
  const auto* object = std::get_if<Object>(&value.value);
  if (object == nullptr) return false;
  if (find_key(*object, path) != nullptr) return true;
  for (size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.', dot + 1)) {
    const ForeignValue* found = find_key(*object, path.substr(0, dot));
    if (found != nullptr && is_there(*found, path.substr(dot + 1))) return true;
  }
  return false;
}

bool equals_folded(std::string_view a, std::string_view b) {
  std::string folded_a, folded_b;
  fold_case(a, folded_a);
  fold_case(b, folded_b);
  return folded_a == folded_b;
}

bool equals_number(const ForeignValue& value, double wanted) {
  if (const auto* number = std::get_if<Number>(&value.value)) return number->value == wanted;
  const auto* text = std::get_if<std::string>(&value.value);
  if (text == nullptr) return false;
  const std::optional<double> number = json_number(*text);
  return number && *number == wanted;
}

bool fits(const FieldRef& reference, const ForeignValue& value, const ForeignValue& other) {
  const auto* number = std::get_if<Number>(&value.value);
  const auto* with = std::get_if<Number>(&other.value);
  if (number != nullptr && with != nullptr && reference.match == FieldMatch::kWhole)
    return number->value == with->value;
  const std::optional<std::string> left = text_of(value);
  const std::optional<std::string> right = text_of(other);
  if (!left || !right) return false;
  std::string a = *left, b = *right;
  if (!reference.cased) {
    a.clear();
    b.clear();
    fold_case(*left, a);
    fold_case(*right, b);
  }
  switch (reference.match) {
    case FieldMatch::kWhole:
      return a == b;
    case FieldMatch::kStartsWith:
      return a.starts_with(b);
    case FieldMatch::kEndsWith:
      return a.ends_with(b);
    case FieldMatch::kContains:
      return a.find(b) != std::string::npos;
  }
  return false;
}

bool is_text_value(const Value& value) {
  return std::holds_alternative<StringPattern>(value) || std::holds_alternative<Regex>(value) ||
         std::holds_alternative<Cidr>(value);
}

bool fits_logsource(const LogSource& wanted, const ForeignValue& event) {
  const auto* object = std::get_if<Object>(&event.value);
  const ForeignValue* given = object == nullptr ? nullptr : find_key(*object, "logsource");
  const auto* source = given == nullptr ? nullptr : std::get_if<Object>(&given->value);
  if (source == nullptr) return true;
  const auto fits_key = [source](std::string_view key, const std::string& value) {
    if (value.empty()) return true;
    const ForeignValue* found = find_key(*source, key);
    const auto* text = found == nullptr ? nullptr : std::get_if<std::string>(&found->value);
    return text != nullptr && *text == value;
  };
  return fits_key("category", wanted.category) && fits_key("product", wanted.product) &&
         fits_key("service", wanted.service);
}

}  // namespace

std::vector<const ForeignValue*> values_of(const ForeignValue& event, std::string_view field) {
  std::vector<const ForeignValue*> out;
  collect(event, field, out);
  return out;
}

const ForeignValue* value_at(const ForeignValue& event, std::string_view field) {
  const auto* object = std::get_if<Object>(&event.value);
  if (object == nullptr) return nullptr;
  if (const ForeignValue* found = find_key(*object, field)) return found;
  for (size_t dot = field.find('.'); dot != std::string_view::npos; dot = field.find('.', dot + 1)) {
    const ForeignValue* below = find_key(*object, field.substr(0, dot));
    const ForeignValue* found = below == nullptr ? nullptr : value_at(*below, field.substr(dot + 1));
    if (found != nullptr) return found;
  }
  return nullptr;
}

std::optional<std::string> text_of(const ForeignValue& value) {
  if (const auto* text = std::get_if<std::string>(&value.value)) return *text;
  if (const auto* number = std::get_if<Number>(&value.value)) return number->text;
  if (const auto* boolean = std::get_if<bool>(&value.value)) return *boolean ? "true" : "false";
  return std::nullopt;
}

std::optional<Instant> time_of(const ForeignValue& value) {
  if (const auto* number = std::get_if<Number>(&value.value)) {
    if (!(std::abs(number->value) < 1e12)) return std::nullopt;
    return from_ms(static_cast<int64_t>(number->value * 1000));
  }
  const auto* text = std::get_if<std::string>(&value.value);
  if (text == nullptr) return std::nullopt;
  const Result<Instant> at = parse_rfc3339(*text);
  if (at) return *at;
  const std::optional<double> seconds = json_number(*text);
  if (!seconds || !(std::abs(*seconds) < 1e12)) return std::nullopt;
  return from_ms(static_cast<int64_t>(*seconds * 1000));
}

Result<ForeignMatcher> ForeignMatcher::make(const Pack& pack) {
  ForeignMatcher out;
  out.pack_ = &pack;
  for (const Rule& rule : pack.rules) {
    for (const NodePtr& condition : rule.conditions) {
      const Result<void> added = out.add(*condition);
      if (added) continue;
      return fail(Code::kInvalidArgument, rule.file + ": rule '" + rule.info.id + "': " + added.error().message);
    }
  }
  return out;
}

Result<void> ForeignMatcher::add(const Node& node) {
  if (node.type == NodeType::kItem) {
    const Value& value = node.item.value;
    if (!is_text_value(value) && !node.item.field.empty()) return {};
    // A keyword keeps its empty field, so that it is looked for inside the stand-in.
    Item item{node.item.field.empty() ? "" : std::string(field_info(kStandIn).name), value};
    Result<ItemFinder> finder = ItemFinder::make(item, 1U << static_cast<unsigned>(Kind::kUrl));
    if (!finder) return Failure(finder.error());
    finders_.emplace(&node.item, std::move(*finder));
    return {};
  }
  for (const NodePtr& child : node.children) {
    Result<void> added = add(*child);
    if (!added) return added;
  }
  return {};
}

void ForeignMatcher::match(const ForeignValue& event, std::vector<RuleIndex>& out) {
  for (RuleIndex i = 0; i < pack_->rules.size(); ++i) {
    const Rule& rule = pack_->rules[i];
    if (!fits_logsource(rule.logsource, event)) continue;
    const bool any = std::any_of(rule.conditions.begin(), rule.conditions.end(),
                                 [&](const NodePtr& condition) { return holds(*condition, event); });
    if (any) out.push_back(i);
  }
}

bool ForeignMatcher::holds(const Node& node, const ForeignValue& event) {
  const auto child_holds = [&](const NodePtr& child) { return holds(*child, event); };
  switch (node.type) {
    case NodeType::kItem:
      return holds(node.item, event);
    case NodeType::kNot:
      return !holds(*node.children.front(), event);
    case NodeType::kAnd:
      return std::all_of(node.children.begin(), node.children.end(), child_holds);
    case NodeType::kOr:
      return std::any_of(node.children.begin(), node.children.end(), child_holds);
  }
  return false;
}

bool ForeignMatcher::holds(const Item& item, const ForeignValue& event) {
  if (item.field.empty()) return contains_keyword(item, event);
  if (const auto* exists = std::get_if<Exists>(&item.value)) return is_there(event, item.field) == exists->wanted;
  const std::vector<const ForeignValue*> values = values_of(event, item.field);
  if (std::holds_alternative<Null>(item.value)) {
    const bool any_null = std::any_of(values.begin(), values.end(), [](const auto* value) { return value->is_null(); });
    return any_null || !is_there(event, item.field);
  }
  return std::any_of(values.begin(), values.end(),
                     [&](const ForeignValue* value) { return holds(item, *value, event); });
}

bool ForeignMatcher::holds(const Item& item, const ForeignValue& value, const ForeignValue& event) {
  if (value.is_null()) return false;
  if (is_text_value(item.value)) {
    const std::optional<std::string> text = text_of(value);
    return text && holds_text(item, *text);
  }
  if (const auto* number = std::get_if<NumberValue>(&item.value)) return equals_number(value, number->value);
  if (const auto* boolean = std::get_if<bool>(&item.value)) {
    if (const auto* held = std::get_if<bool>(&value.value)) return *held == *boolean;
    const auto* text = std::get_if<std::string>(&value.value);
    return text != nullptr && equals_folded(*text, *boolean ? "true" : "false");
  }
  if (const auto* compare = std::get_if<CompareValue>(&item.value)) {
    const auto* number = std::get_if<Number>(&value.value);
    return number != nullptr && compares(compare->compare, number->value, compare->value);
  }
  if (const auto* part = std::get_if<TimePart>(&item.value)) {
    const std::optional<Instant> at = time_of(value);
    return at && holds_time(*part, *at);
  }
  if (const auto* reference = std::get_if<FieldRef>(&item.value)) {
    const std::vector<const ForeignValue*> others = values_of(event, reference->field);
    return std::any_of(others.begin(), others.end(),
                       [&](const ForeignValue* other) { return !other->is_null() && fits(*reference, value, *other); });
  }
  return false;
}

bool ForeignMatcher::holds_text(const Item& item, std::string_view text) {
  Signal signal;
  signal.kind = Kind::kUrl;
  signal.set(kStandIn, text);
  return finders_.at(&item).holds(signal);
}

// In some string at any depth; keys and numbers are not searched.
bool ForeignMatcher::contains_keyword(const Item& item, const ForeignValue& value) {
  if (const auto* text = std::get_if<std::string>(&value.value)) return holds_text(item, *text);
  if (const auto* array = std::get_if<Array>(&value.value)) {
    return std::any_of(array->begin(), array->end(),
                       [&](const ForeignValue& element) { return contains_keyword(item, element); });
  }
  if (const auto* object = std::get_if<Object>(&value.value)) {
    return std::any_of(object->begin(), object->end(),
                       [&](const auto& member) { return contains_keyword(item, member.second); });
  }
  return false;
}

}  // namespace quanzu::rules
