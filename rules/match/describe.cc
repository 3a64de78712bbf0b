#include "rules/match/describe.h"

#include <cmath>

#include "rules/match/subject.h"

namespace quanzu::rules {

namespace {

constexpr std::array<std::string_view, 4> kCompareNames = {"lt", "lte", "gt", "gte"};
constexpr std::array<std::string_view, 6> kUnitNames = {"minute", "hour", "day", "week", "month", "year"};
constexpr std::array<std::string_view, 4> kMatchNames = {"", "|startswith", "|endswith", "|contains"};

std::string number_text(double value) {
  if (value == std::floor(value) && std::abs(value) < 1e15) return std::to_string(static_cast<int64_t>(value));
  std::string out = std::to_string(value);
  while (out.back() == '0') out.pop_back();
  return out;
}

bool is_run(const StringPart& part) {
  const auto* wildcard = std::get_if<Wildcard>(&part);
  return wildcard != nullptr && *wildcard == Wildcard::kAnyRun;
}

// What stands between the field's name and its value, and the value.
struct Written {
  std::string modifiers;
  std::string value;
};

struct Writer {
  Written operator()(const StringPattern& pattern) const {
    const size_t size = pattern.parts.size();
    const bool left = size > 1 && is_run(pattern.parts.front());
    const bool right = size > 1 && is_run(pattern.parts.back());
    const bool contains = left && right && size > 2;
    Written out;
    if (contains) {
      out.modifiers = "|contains";
    } else if (left || right) {
      out.modifiers = left ? "|endswith" : "|startswith";
    }
    if (pattern.cased) out.modifiers += "|cased";
    if (pattern.phonetic) out.modifiers += "|phonetic";
    const size_t first = left ? 1 : 0;
    const size_t last = right && (contains || !left) ? size - 1 : size;
    for (size_t i = first; i < last; ++i) append(pattern.parts[i], out.value);
    if (pattern.parts.empty()) out.value = "''";
    return out;
  }
  Written operator()(const Regex& regex) const {
    Written out{"|re", regex.pattern};
    if (regex.ignore_case) out.modifiers += "|i";
    if (regex.multi_line) out.modifiers += "|m";
    if (regex.dot_all) out.modifiers += "|s";
    return out;
  }
  Written operator()(const NumberValue& value) const { return {"", value.text}; }
  Written operator()(bool value) const { return {"", value ? "true" : "false"}; }
  Written operator()(const Null&) const { return {"", "null"}; }
  Written operator()(const CompareValue& value) const {
    return {"|" + std::string(kCompareNames[static_cast<size_t>(value.compare)]), number_text(value.value)};
  }
  Written operator()(const Exists& exists) const { return {"|exists", exists.wanted ? "true" : "false"}; }
  Written operator()(const Cidr& cidr) const { return {"|cidr", cidr.text}; }
  Written operator()(const FieldRef& reference) const {
    std::string modifiers = "|fieldref" + std::string(kMatchNames[static_cast<size_t>(reference.match)]);
    if (reference.cased) modifiers += "|cased";
    return {modifiers, reference.field};
  }
  Written operator()(const TimePart& part) const {
    std::string modifiers = "|" + std::string(kUnitNames[static_cast<size_t>(part.unit)]);
    if (part.compare) modifiers += "|" + std::string(kCompareNames[static_cast<size_t>(*part.compare)]);
    return {modifiers, number_text(part.value)};
  }

 private:
  static void append(const StringPart& part, std::string& out) {
    if (const auto* literal = std::get_if<std::string>(&part)) {
      out += *literal;
    } else if (const auto* placeholder = std::get_if<Placeholder>(&part)) {
      out += "%" + placeholder->name + "%";
    } else {
      out += is_run(part) ? "*" : "?";
    }
  }
};

}  // namespace

std::string describe(const Item& item) {
  const Written written = std::visit(Writer{}, item.value);
  return (item.field.empty() ? "keyword" : item.field) + written.modifiers + ": " + written.value;
}

std::string describe_value(const std::string& field, const Signal& signal) {
  const std::optional<Source> source = find_source(field);
  if (!source || !is_present(*source, signal)) return "absent";
  switch (source_type(*source)) {
    case FieldType::kString:
      return quoted(raw_string(*source, signal));
    case FieldType::kBoolean:
      return number_of(*source, signal) != 0 ? "true" : "false";
    case FieldType::kNumber:
    case FieldType::kTime:
      return number_text(number_of(*source, signal));
  }
  return {};
}

}  // namespace quanzu::rules
