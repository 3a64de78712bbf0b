#include "rules/author/named_fields.h"

#include "rules/match/describe.h"
#include "rules/match/subject.h"

namespace quanzu::rules {

std::optional<std::string_view> SignalFields::text(std::string_view name) const {
  const std::optional<Source> source = find_source(name);
  if (!source || !is_present(*source, signal_)) return std::nullopt;
  if (source_type(*source) == FieldType::kString) return raw_string(*source, signal_);
  text_ = describe_value(std::string(name), signal_);
  return text_;
}

std::optional<std::string_view> ForeignFields::text(std::string_view name) const {
  const JsonNode* value = scanner_.value_at(name);
  if (value == nullptr || !ForeignEvent::has_text(*value)) return std::nullopt;
  return value->text;
}

}  // namespace quanzu::rules
