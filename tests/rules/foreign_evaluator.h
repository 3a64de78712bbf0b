// The plainest reading of a rule's tree against one foreign event, for tests alone: a DOM of another reader, no atoms, no
// index, no Hyperscan. What the compiled program must agree with.
#pragma once
#include <boost/json.hpp>
#include <charconv>

#include "rules/lang/scalar.h"
#include "tests/rules/evaluator.h"

namespace quanzu::rules::testing {

class ForeignEvaluator {
 public:
  using Regexes = Evaluator::Regexes;
  ForeignEvaluator(const boost::json::object& event, Regexes& regexes) : event_(event), regexes_(regexes) {}

  bool holds(const Rule& rule) const {
    if (!takes(rule.logsource)) return false;
    for (const NodePtr& condition : rule.conditions) {
      if (holds(*condition)) return true;
    }
    return false;
  }

 private:
  using Json = boost::json::value;
  using Values = std::vector<const Json*>;

  bool takes(const LogSource& wanted) const {
    const Json* source = event_.if_contains("logsource");
    if (source == nullptr || !source->is_object()) return true;
    const auto fits = [&](const char* key, const std::string& value) {
      const Json* held = source->as_object().if_contains(key);
      return value.empty() || (held != nullptr && held->is_string() && held->as_string() == value);
    };
    return fits("category", wanted.category) && fits("product", wanted.product) && fits("service", wanted.service);
  }

  bool holds(const Node& node) const {
    bool any = false, all = true;
    for (const NodePtr& child : node.children) {
      const bool one = holds(*child);
      any = any || one;
      all = all && one;
    }
    switch (node.type) {
      case NodeType::kItem:
        return holds(node.item);
      case NodeType::kNot:
        return !any;
      case NodeType::kAnd:
        return all;
      case NodeType::kOr:
        return any;
    }
    return false;
  }

  // A literal key first, then by the dots from the left; arrays stand for their elements.
  static void find(const Json& value, std::string_view path, Values& out, bool& there) {
    if (path.empty()) there = true;
    if (const auto* array = value.if_array()) {
      for (const Json& element : *array) find(element, path, out, there);
      return;
    }
    if (path.empty()) return out.push_back(&value);
    if (const auto* object = value.if_object()) find(*object, path, out, there);
  }
  static void find(const boost::json::object& object, std::string_view path, Values& out, bool& there) {
    if (const Json* whole = object.if_contains(path)) return find(*whole, {}, out, there);
    for (size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.', dot + 1)) {
      const size_t before = out.size();
      if (const Json* below = object.if_contains(path.substr(0, dot))) find(*below, path.substr(dot + 1), out, there);
      if (out.size() != before) return;
    }
  }

  bool holds(const Item& item) const {
    if (item.field.empty()) return any_string(event_, item.value);
    Values values;
    bool there = false;
    find(event_, item.field, values, there);
    if (const auto* exists = std::get_if<Exists>(&item.value)) return there == exists->wanted;
    const bool null = std::any_of(values.begin(), values.end(), [](const Json* value) { return value->is_null(); });
    if (std::holds_alternative<Null>(item.value)) return null || !there;
    return std::any_of(values.begin(), values.end(), [&](const Json* value) { return holds(item.value, *value); });
  }

  bool any_string(const Json& value, const Value& keyword) const {
    if (value.is_string()) {
      if (const auto* regex = std::get_if<Regex>(&keyword)) return fits(*regex, text_of(value).value());
      if (const auto* number = std::get_if<NumberValue>(&keyword)) {
        return fits(StringPattern{.parts = {number->text}}, text_of(value).value(), true);
      }
      return fits(std::get<StringPattern>(keyword), text_of(value).value(), true);
    }
    if (const auto* array = value.if_array()) {
      return std::any_of(array->begin(), array->end(), [&](const Json& one) { return any_string(one, keyword); });
    }
    return value.is_object() && any_string(value.as_object(), keyword);
  }
  bool any_string(const boost::json::object& object, const Value& keyword) const {
    return std::any_of(object.begin(), object.end(), [&](const auto& one) { return any_string(one.value(), keyword); });
  }

  static std::optional<std::string> text_of(const Json& value) {
    if (value.is_string()) return std::string(value.as_string());
    if (value.is_bool()) return value.as_bool() ? "true" : "false";
    if (!value.is_number()) return std::nullopt;
    if (value.is_int64()) return std::to_string(value.as_int64());
    if (value.is_uint64()) return std::to_string(value.as_uint64());
    char text[32];
    return std::string(text, std::to_chars(text, text + sizeof text, value.as_double()).ptr);
  }

  bool holds(const Value& wanted, const Json& value) const {
    const std::optional<std::string> text = text_of(value);
    if (const auto* pattern = std::get_if<StringPattern>(&wanted)) return text && fits(*pattern, *text, false);
    if (const auto* regex = std::get_if<Regex>(&wanted)) return text && fits(*regex, *text);
    if (const auto* number = std::get_if<NumberValue>(&wanted)) {
      if (value.is_number()) return value.to_number<double>() == number->value;
      return value.is_string() && json_number(*text) == number->value;
    }
    if (const auto* boolean = std::get_if<bool>(&wanted)) {
      if (value.is_bool()) return value.as_bool() == *boolean;
      return value.is_string() && fold(*text) == (*boolean ? "true" : "false");
    }
    if (const auto* compare = std::get_if<CompareValue>(&wanted)) return fits(*compare, value);
    if (const auto* reference = std::get_if<FieldRef>(&wanted)) return fits(*reference, value);
    return false;
  }

  static bool fits(const CompareValue& compare, const Json& value) {
    if (!value.is_number()) return false;
    const auto held = value.to_number<double>();
    switch (compare.compare) {
      case Compare::kLess:
        return held < compare.value;
      case Compare::kLessEqual:
        return held <= compare.value;
      case Compare::kGreater:
        return held > compare.value;
      case Compare::kGreaterEqual:
        return held >= compare.value;
    }
    return false;
  }

  bool fits(const FieldRef& reference, const Json& value) const {
    Values others;
    bool there = false;
    find(event_, reference.field, others, there);
    return std::any_of(others.begin(), others.end(), [&](const Json* other) {
      if (reference.match == FieldMatch::kWhole && value.is_number() && other->is_number()) {
        return value.to_number<double>() == other->to_number<double>();
      }
      const auto left = text_of(value), right = text_of(*other);
      if (!left || !right) return false;
      const std::string a = reference.cased ? *left : fold(*left), b = reference.cased ? *right : fold(*right);
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
    });
  }

  static std::string fold(std::string_view text) {
    std::string out;
    fold_case(text, out);
    return out;
  }

  static bool fits(const StringPattern& pattern, std::string_view text, bool contained) {
    const auto form = [&](std::string_view part) { return to_u32(pattern.cased ? std::string(part) : fold(part)); };
    std::u32string shape;
    if (contained) shape += U'\1';
    for (const StringPart& part : pattern.parts) {
      if (const auto* wildcard = std::get_if<Wildcard>(&part)) {
        shape += *wildcard == Wildcard::kAnyRun ? U'\1' : U'\2';
      } else {
        shape += form(std::get<std::string>(part));
      }
    }
    if (contained) shape += U'\1';
    return glob(shape, form(text));
  }

  // As Evaluator's: good for the patterns of the tests.
  bool fits(const Regex& regex, std::string_view text) const {
    const std::string shape = regex.ignore_case ? fold(regex.pattern) : regex.pattern;
    auto compiled = regexes_.find(shape);
    if (compiled == regexes_.end()) compiled = regexes_.emplace(shape, std::wregex(to_wide(shape))).first;
    return std::regex_search(to_wide(regex.ignore_case ? fold(text) : std::string(text)), compiled->second);
  }

  const boost::json::object& event_;
  Regexes& regexes_;
};

}  // namespace quanzu::rules::testing
