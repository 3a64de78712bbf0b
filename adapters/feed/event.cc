#include "adapters/feed/event.h"

#include <charconv>

namespace quanzu::feed {
namespace {

constexpr std::string_view kGivenByServer[] = {"feed", "stream", "feed.seq"};

bool is_given(std::string_view name) {
  return std::find(std::begin(kGivenByServer), std::end(kGivenByServer), name) != std::end(kGivenByServer);
}

std::string_view expected(FieldType type) {
  switch (type) {
    case FieldType::kString:
      return "a string";
    case FieldType::kNumber:
      return "a whole number";
    case FieldType::kBoolean:
      return "true or false";
    case FieldType::kTime:
      return "an RFC 3339 time with its zone, such as 2026-11-24T10:00:00+08:00";
  }
  return "";
}

Failure wrong_type(std::string_view name, FieldType type, std::string_view got) {
  return fail(Code::kInvalidArgument,
              std::string(name) + " is " + std::string(got) + "; it must be " + std::string(expected(type)),
              std::string(name));
}

// The field of that name, or why there is none.
Result<Field> field_of(std::string_view name) {
  if (const std::optional<Field> field = find_field(name)) return *field;
  return fail(Code::kInvalidArgument,
              quoted(name) + " is no field of a signal; docs/feed-protocol.md lists them, such as resident.number",
              std::string(name));
}

}  // namespace

bool is_event_name(std::string_view name) {
  return name == "kind" || name == "at" || is_given(name) || find_field(name).has_value();
}

Result<void> EventFields::set_text(std::string_view name, std::string_view value) {
  SignalWriter writer(bytes_);
  if (is_given(name)) return {};
  if (name == "kind") {
    const std::optional<Kind> kind = find_kind(value);
    if (!kind) {
      return fail(Code::kInvalidArgument,
                  "kind is " + quoted(value) + "; it must be one of sms, call, url, app, transfer, report, instruction",
                  "kind");
    }
    writer.kind(*kind);
    has_kind_ = true;
    return {};
  }
  if (name == "at") {
    const Result<Instant> at = parse_rfc3339(value);
    if (!at) return wrong_type(name, FieldType::kTime, quoted(value));
    writer.at(*at);
    return {};
  }
  const Result<Field> field = field_of(name);
  if (!field) return Failure(field.error());
  const FieldType type = field_info(*field).type;
  if (type == FieldType::kString) {
    writer.string(*field, value);
    has_resident_ |= *field == Field::kResidentNumber;
    return {};
  }
  if (type != FieldType::kTime) return wrong_type(name, type, "a string");
  const Result<Instant> at = parse_rfc3339(value);
  if (!at) return wrong_type(name, type, quoted(value));
  writer.number(*field, to_ms(*at));
  return {};
}

Result<void> EventFields::set_number(std::string_view name, int64_t value) {
  if (is_given(name)) return {};
  if (name == "kind" || name == "at") {
    return wrong_type(name, name == "at" ? FieldType::kTime : FieldType::kString, "a number");
  }
  const Result<Field> field = field_of(name);
  if (!field) return Failure(field.error());
  const FieldType type = field_info(*field).type;
  if (type != FieldType::kNumber) return wrong_type(name, type, "a number");
  SignalWriter(bytes_).number(*field, value);
  return {};
}

Result<void> EventFields::set_boolean(std::string_view name, bool value) {
  if (name == "kind" || name == "at") {
    return wrong_type(name, name == "at" ? FieldType::kTime : FieldType::kString, "a boolean");
  }
  const Result<Field> field = field_of(name);
  if (!field) return Failure(field.error());
  const FieldType type = field_info(*field).type;
  if (type != FieldType::kBoolean) return wrong_type(name, type, "a boolean");
  SignalWriter(bytes_).number(*field, value ? 1 : 0);
  return {};
}

Result<void> EventFields::set_cell(std::string_view name, std::string_view value) {
  const std::optional<Field> field = find_field(name);
  const FieldType type = field ? field_info(*field).type : FieldType::kString;
  if (type == FieldType::kNumber) {
    int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size()) return wrong_type(name, type, quoted(value));
    return set_number(name, number);
  }
  if (type == FieldType::kBoolean) {
    if (value != "true" && value != "false") return wrong_type(name, type, quoted(value));
    return set_boolean(name, value == "true");
  }
  return set_text(name, value);
}

void EventFields::clear() {
  bytes_.clear();
  has_kind_ = false;
  has_resident_ = false;
}

std::string synthetic_number(uint64_t n) {
  std::string digits = std::to_string(n % 1'000'000'000);
  return "13" + std::string(9 - digits.size(), '0') + digits;
}

}  // namespace quanzu::feed
