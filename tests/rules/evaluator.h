// The plainest reading of a rule's tree against one signal, for tests alone: no atoms, no index, no Hyperscan. What the
// compiled program must agree with.
#pragma once
#include <map>
#include <regex>
#include <string>
#include <string_view>

#include "rules/lang/rule.h"
#include "rules/match/subject.h"
#include "rules/text/normalize.h"
#include "rules/text/utf8.h"

namespace quanzu::rules::testing {

inline std::u32string to_u32(std::string_view text) {
  std::u32string out;
  for (size_t i = 0; i < text.size();) {
    const Decoded decoded = decode_utf8(text.data() + i, text.data() + text.size());
    out.push_back(decoded.code_point);
    i += decoded.size;
  }
  return out;
}

inline std::wstring to_wide(std::string_view text) {
  const std::u32string wide = to_u32(text);
  return {wide.begin(), wide.end()};
}

// \1 in the shape is any run, \2 any one.
inline bool glob(std::u32string_view shape, std::u32string_view text) {
  if (shape.empty()) return text.empty();
  if (shape[0] == U'\1') {
    for (size_t i = 0; i <= text.size(); ++i) {
      if (glob(shape.substr(1), text.substr(i))) return true;
    }
    return false;
  }
  if (text.empty() || (shape[0] != U'\2' && shape[0] != text[0])) return false;
  return glob(shape.substr(1), text.substr(1));
}

class Evaluator {
 public:
  using Regexes = std::map<std::string, std::wregex>;  // compiling one takes a millisecond: kept over signals
  Evaluator(const Signal& signal, Regexes& regexes) : signal_(signal), regexes_(regexes) {}

  bool holds(const Rule& rule) const {
    const LogSource& source = rule.logsource;
    if (!source.category.empty() && source.category != kind_name(signal_.kind)) return false;
    if (!source.product.empty() && source.product != "quanzu") return false;
    for (const NodePtr& condition : rule.conditions) {
      if (holds(*condition)) return true;
    }
    return false;
  }

  bool holds(const Node& node) const {
    switch (node.type) {
      case NodeType::kItem:
        return holds(node.item);
      case NodeType::kNot:
        return !holds(*node.children.front());
      case NodeType::kAnd:
        for (const NodePtr& child : node.children) {
          if (!holds(*child)) return false;
        }
        return true;
      case NodeType::kOr:
        for (const NodePtr& child : node.children) {
          if (holds(*child)) return true;
        }
        return false;
    }
    return false;
  }

 private:
  bool holds(const Item& item) const {
    if (!item.field.empty()) return holds(*find_source(item.field), item.value, false);
    for (size_t i = 0; i < kStringFieldCount; ++i) {
      if (holds(static_cast<Source>(i), item.value, true)) return true;
    }
    return false;
  }

  bool holds(Source source, const Value& value, bool contained) const {
    const bool present = is_present(source, signal_);
    if (std::holds_alternative<Null>(value)) return !present;
    if (const auto* exists = std::get_if<Exists>(&value)) return present == exists->wanted;
    if (!present) return false;
    if (const auto* pattern = std::get_if<StringPattern>(&value)) return fits(source, *pattern, contained);
    if (const auto* regex = std::get_if<Regex>(&value)) return fits(source, *regex);
    if (const auto* number = std::get_if<NumberValue>(&value)) {
      if (source_type(source) != FieldType::kString) return number_of(source, signal_) == number->value;
      return fits(source, StringPattern{.parts = {number->text}, .cased = false, .phonetic = false}, contained);
    }
    if (const auto* boolean = std::get_if<bool>(&value)) return (number_of(source, signal_) != 0) == *boolean;
    if (const auto* compare = std::get_if<CompareValue>(&value)) return fits(*compare, number_of(source, signal_));
    if (const auto* reference = std::get_if<FieldRef>(&value)) return fits(source, *reference);
    return false;
  }

  static bool fits(const CompareValue& compare, double value) {
    switch (compare.compare) {
      case Compare::kLess:
        return value < compare.value;
      case Compare::kLessEqual:
        return value <= compare.value;
      case Compare::kGreater:
        return value > compare.value;
      case Compare::kGreaterEqual:
        return value >= compare.value;
    }
    return false;
  }

  static std::string form(Source source, bool cased, std::string_view text) {
    Normalizer normalizer;
    if (source == Source::kText) return std::string(normalizer.normalize(text));
    std::string out;
    if (cased) {
      repair_utf8(text, out);
    } else {
      fold_case(text, out);
    }
    return out;
  }

  bool fits(Source source, const StringPattern& pattern, bool contained) const {
    std::u32string shape;  // \1 is any run, \2 any one
    if (contained) shape += U'\1';
    for (const StringPart& part : pattern.parts) {
      if (const auto* wildcard = std::get_if<Wildcard>(&part)) {
        shape += *wildcard == Wildcard::kAnyRun ? U'\1' : U'\2';
      } else {
        shape += to_u32(form(source, pattern.cased, std::get<std::string>(part)));
      }
    }
    if (contained) shape += U'\1';
    return glob(shape, to_u32(form(source, pattern.cased, raw_string(source, signal_))));
  }

  // Without case by folding both: good for the patterns of the tests, which have no escaped letters.
  bool fits(Source source, const Regex& regex) const {
    const std::string text = form(source, !regex.ignore_case, raw_string(source, signal_));
    const std::string shape = regex.ignore_case ? form(Source::kTextRaw, false, regex.pattern) : regex.pattern;
    auto compiled = regexes_.find(shape);
    if (compiled == regexes_.end()) compiled = regexes_.emplace(shape, std::wregex(to_wide(shape))).first;
    return std::regex_search(to_wide(text), compiled->second);
  }

  bool fits(Source source, const FieldRef& reference) const {
    const Source other = *find_source(reference.field);
    if (!is_present(other, signal_)) return false;
    const std::string value = form(source, reference.cased, raw_string(source, signal_));
    const std::string with = form(other, reference.cased, raw_string(other, signal_));
    switch (reference.match) {
      case FieldMatch::kWhole:
        return value == with;
      case FieldMatch::kStartsWith:
        return value.starts_with(with);
      case FieldMatch::kEndsWith:
        return value.ends_with(with);
      case FieldMatch::kContains:
        return value.find(with) != std::string::npos;
    }
    return false;
  }

  const Signal& signal_;
  Regexes& regexes_;
};

}  // namespace quanzu::rules::testing
