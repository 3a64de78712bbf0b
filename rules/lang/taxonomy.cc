#include "rules/lang/taxonomy.h"

#include <array>

#include "rules/lang/scalar.h"

namespace quanzu::rules {

namespace {

std::string_view type_word(FieldType type) {
  constexpr std::array<std::string_view, 4> kWords = {"a string", "a number", "true or false", "a time"};
  return kWords[static_cast<size_t>(type)];
}

// The only words that a signal holds in these fields.
struct Enumeration {
  Field field;
  std::vector<std::string_view> words;
};
const std::vector<Enumeration>& enumerations() {
  static const std::vector<Enumeration> kAll = {
      {Field::kDirection, {"in", "out"}},
      {Field::kState, {"ringing", "answered", "ended"}},
      {Field::kCallMedium, {"cs", "voip", "meeting"}},
      {Field::kAppAction, {"install", "run", "share_screen", "remote_control"}},
      {Field::kTransferChannel, {"bank", "third_party", "cash_courier", "gold", "gift_card", "crypto"}},
      {Field::kTransferState, {"inquiry", "attempt", "done", "stopped"}},
      {Field::kChannel, {"hotline", "wechat", "window", "police"}},
      {Field::kLevel, {"low", "medium", "high", "critical"}},
  };
  return kAll;
}

// The visitor of fit_value: one function a kind of value.
class Fit {
 public:
  Fit(std::string_view field, FieldType type, Mark mark, Problems& problems)
      : field_(field), type_(type), mark_(mark), problems_(problems) {}

  std::optional<Value> operator()(StringPattern pattern) const {
    if (type_ == FieldType::kString) {
      judge_word(pattern);
      return pattern;
    }
    const std::string* text = pattern.parts.size() == 1 ? std::get_if<std::string>(&pattern.parts[0]) : nullptr;
    if (text == nullptr || pattern.cased || pattern.phonetic) return refused("a pattern");
    if (type_ == FieldType::kBoolean) {
      if (*text == "true" || *text == "false") return *text == "true";
      return refused("'" + *text + "'");
    }
    if (type_ == FieldType::kTime) {
      if (const Result<Instant> at = parse_rfc3339(*text)) {
        return NumberValue{static_cast<double>(to_ms(*at)) / 1000.0, *text};
      }
    }
    if (const std::optional<double> number = json_number(*text)) return NumberValue{*number, *text};
    return refused("'" + *text + "'");
  }
  std::optional<Value> operator()(Regex regex) const {
    if (type_ != FieldType::kString) return refused("a regular expression");
    return regex;
  }
  std::optional<Value> operator()(NumberValue value) const {
    if (type_ == FieldType::kBoolean) return refused(value.text);
    return value;
  }
  std::optional<Value> operator()(bool value) const {
    if (type_ == FieldType::kNumber || type_ == FieldType::kTime) return refused(value ? "true" : "false");
    return value;
  }
  std::optional<Value> operator()(Null value) const { return value; }
  std::optional<Value> operator()(CompareValue value) const {
    if (type_ == FieldType::kString || type_ == FieldType::kBoolean) return refused("a comparison by size");
    return value;
  }
  std::optional<Value> operator()(Exists value) const { return value; }
  std::optional<Value> operator()(Cidr value) const {
    if (type_ != FieldType::kString) return refused("a network");
    return value;
  }
  std::optional<Value> operator()(FieldRef value) const {
    const std::optional<FieldType> other = known_field(value.field, mark_, problems_);
    if (!other) return std::nullopt;
    if ((*other == FieldType::kString) != (type_ == FieldType::kString)) {
      return refused("the field '" + value.field + "', which is " + std::string(type_word(*other)) + ",");
    }
    if (type_ != FieldType::kString && (value.match != FieldMatch::kWhole || value.cased)) {
      return refused("a comparison of texts");
    }
    return value;
  }
  std::optional<Value> operator()(TimePart value) const {
    if (type_ != FieldType::kTime) return refused("a part of a time");
    return value;
  }

 private:
  std::nullopt_t refused(const std::string& what) const {
    problems_.error(mark_, field_,
                    "this field is " + std::string(type_word(type_)) + ", which " + what + " does not fit");
    return std::nullopt;
  }

  // Warns of a word that the field never holds.
  void judge_word(const StringPattern& pattern) const {
    const std::optional<Field> field = find_field(field_);
    const std::string* text = pattern.parts.size() == 1 ? std::get_if<std::string>(&pattern.parts[0]) : nullptr;
    if (!field || text == nullptr) return;
    for (const Enumeration& enumeration : enumerations()) {
      if (enumeration.field != *field) continue;
      for (std::string_view word : enumeration.words) {
        if (*text == word) return;
      }
      problems_.warn(mark_, *text, "'" + std::string(field_) + "' is " + one_of(enumeration.words),
                     nearest(*text, enumeration.words));
    }
  }

  std::string_view field_;
  FieldType type_;
  Mark mark_;
  Problems& problems_;
};

}  // namespace

const std::vector<std::string_view>& field_names() {
  static const std::vector<std::string_view> kNames = [] {
    std::vector<std::string_view> names;
    for (size_t i = 0; i < kSourceCount; ++i) names.push_back(source_name(static_cast<Source>(i)));
    return names;
  }();
  return kNames;
}

std::optional<FieldType> known_field(std::string_view field, Mark mark, Problems& problems) {
  if (const std::optional<Source> source = find_source(field)) return source_type(*source);
  problems.error(mark, field, "no signal has a field of this name", nearest(field, field_names()));
  return std::nullopt;
}

void judge_window_field(std::string_view field, Mark mark, Problems& problems) {
  if (!known_field(field, mark, problems) || is_journaled(*find_source(field))) return;
  problems.error(mark, field, "windows hold what signals carry, and this belongs to the way on which they came");
}

void judge_presence(std::string_view field, const LogSource& logsource, Mark mark, Problems& problems) {
  const std::optional<Source> source = find_source(field);
  const std::optional<Kind> kind = find_kind(logsource.category);
  if (!source || !kind || ((source_kinds(*source) >> static_cast<unsigned>(*kind)) & 1U) != 0) return;
  problems.warn(mark, field,
                "no signal of kind '" + logsource.category + "' has this field: it is always missing here");
}

std::optional<Value> fit_value(Value value, std::string_view field, FieldType type, Mark mark, Problems& problems) {
  return std::visit(Fit(field, type, mark, problems), std::move(value));
}

void judge_logsource(const LogSource& logsource, Mark mark, Problems& problems) {
  if (!logsource.product.empty() && logsource.product != "quanzu") {
    problems.error(mark, logsource.product, "signals have the product quanzu: this rule is for other events",
                   "--schema any to read it all the same");
    return;
  }
  if (logsource.category.empty() || find_kind(logsource.category)) return;
  std::vector<std::string_view> kinds;
  for (size_t i = 0; i < kKindCount; ++i) kinds.push_back(kind_name(static_cast<Kind>(i)));
  problems.error(mark, logsource.category, "the category is a signal's kind: " + one_of(kinds),
                 nearest(logsource.category, kinds));
}

}  // namespace quanzu::rules
