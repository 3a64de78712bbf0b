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
  const ForeignValue* value = value_at(event_, name);
  if (value == nullptr) return std::nullopt;
  std::optional<std::string> text = text_of(*value);
  if (!text) return std::nullopt;
  text_ = std::move(*text);
  return text_;
}

}  // namespace quanzu::rules
