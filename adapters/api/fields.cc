#include "adapters/api/fields.h"

#include <algorithm>
#include <charconv>

namespace quanzu::api {

namespace json = boost::json;

std::string snake_case(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      out += '_';
      out += static_cast<char>(c - 'A' + 'a');
    } else {
      out += c;
    }
  }
  return out;
}

Result<Fields> Fields::parse(std::string_view body) {
  Fields fields;
  if (body.empty()) return fields;
  json::error_code error;
  const json::value value = json::parse(body, error);
  if (error) return fail(Code::kInvalidArgument, "the body is no JSON: " + error.message());
  if (!value.is_object()) return fail(Code::kInvalidArgument, "the body must be a JSON object");
  for (const auto& [key, each] : value.get_object()) {
    const std::string name = snake_case(key);
    if (!fields.object_.emplace(name, each).second) {
      return fail(Code::kInvalidArgument, "the field '" + name + "' comes twice", name);
    }
  }
  return fields;
}

const json::value* Fields::take(std::string_view name, Need need) {
  taken_.emplace_back(name);
  const json::value* value = object_.if_contains(name);
  if (value != nullptr && !value->is_null()) return value;
  if (need == Need::kRequired) wrong(name, "is needed");
  return nullptr;
}

std::string Fields::text(std::string_view name, Need need) {
  const json::value* value = take(name, need);
  if (value == nullptr) return {};
  if (!value->is_string()) {
    wrong(name, "must be a string");
    return {};
  }
  const std::string_view text = value->get_string();
  if (text.size() > kMaxText) wrong(name, "is over " + std::to_string(kMaxText) + " bytes");
  if (text.empty() && need == Need::kRequired) wrong(name, "must not be empty");
  return std::string(text.substr(0, kMaxText));
}

std::vector<std::string> Fields::texts(std::string_view name, Need need) {
  const json::value* value = take(name, need);
  if (value == nullptr) return {};
  if (!value->is_array()) {
    wrong(name, "must be a list of strings");
    return {};
  }
  std::vector<std::string> out;
  for (const json::value& each : value->get_array()) {
    if (!each.is_string() || each.get_string().size() > kMaxText) {
      wrong(name, "must be a list of strings");
      return {};
    }
    out.emplace_back(each.get_string());
  }
  return out;
}

std::optional<int64_t> Fields::integer(std::string_view name, Need need, int64_t least, int64_t most) {
  const json::value* value = take(name, need);
  if (value == nullptr) return std::nullopt;
  std::optional<int64_t> number;
  if (value->is_int64()) {
    number = value->get_int64();
  } else if (value->is_string()) {  // protobuf's JSON mapping writes 64-bit integers as strings
    const std::string_view text = value->get_string();
    int64_t parsed = 0;
    const auto [stop, failed] = std::from_chars(text.data(), text.data() + text.size(), parsed);
    if (failed == std::errc() && stop == text.data() + text.size()) number = parsed;
  }
  if (!number || *number < least || *number > most) {
    wrong(name, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return std::nullopt;
  }
  return number;
}

std::optional<bool> Fields::boolean(std::string_view name, Need need) {
  const json::value* value = take(name, need);
  if (value == nullptr) return std::nullopt;
  if (value->is_bool()) return value->get_bool();
  wrong(name, "must be true or false");
  return std::nullopt;
}

std::optional<Instant> Fields::time(std::string_view name) {
  const std::string text = this->text(name, Need::kOptional);
  if (text.empty()) return std::nullopt;
  const Result<Instant> at = parse_rfc3339(text);
  if (at) return *at;
  wrong(name, "must be a time like 2026-11-24T02:00:00Z: " + at.error().message);
  return std::nullopt;
}

json::value Fields::raw(std::string_view name, Need need) {
  const json::value* value = take(name, need);
  return value == nullptr ? json::value() : *value;
}

void Fields::wrong(std::string_view name, std::string reason) {
  if (error_) return;
  error_ = Error{Code::kInvalidArgument, std::string(name) + " " + std::move(reason), std::string(name), {}, 0};
}

Result<void> Fields::finish() const {
  // An unknown name first: a misspelt field is why another one seems to be missing.
  for (const auto& [key, value] : object_) {
    const std::string_view name = key;
    if (std::find(taken_.begin(), taken_.end(), name) != taken_.end()) continue;
    std::string known;
    for (const std::string& each : taken_) known += (known.empty() ? "" : ", ") + each;
    return fail(Code::kInvalidArgument,
                "unknown field '" + std::string(name) + "'; this method takes: " + (known.empty() ? "none" : known),
                std::string(name));
  }
  if (error_) return Failure(*error_);
  return {};
}

}  // namespace quanzu::api
