#include "rules/author/test_signal.h"

#include <cmath>

#include "rules/lang/scalar.h"
#include "rules/match/describe.h"

namespace quanzu::rules {

namespace {

Failure refused(const EventField& field, std::string_view what) {
  return fail(Code::kInvalidArgument, field.name + " " + std::string(what), field.name);
}

Result<void> set_kind(const EventField& field, Signal& signal) {
  const auto* name = std::get_if<std::string>(&field.value);
  const std::optional<Kind> kind = name == nullptr ? std::nullopt : find_kind(*name);
  if (!kind) return refused(field, "must be one of sms, call, url, app, transfer, report, instruction");
  signal.kind = *kind;
  return {};
}

Result<void> set_string(Field field, const EventField& given, Signal& signal) {
  const auto* value = std::get_if<std::string>(&given.value);
  if (value == nullptr) return refused(given, "must be a string: put it in quotes");
  signal.set(field, *value);
  if (field == Field::kPeerNumber) signal.peer = peer_number(*value);
  if (field != Field::kResidentNumber) return {};
  const Result<Number> number = parse_resident_number(*value);
  if (!number) return refused(given, "is no resident's number: " + number.error().message);
  signal.resident = *number;
  return {};
}

Result<void> set_field(const EventField& given, Instant start, Signal& signal) {
  const std::optional<Field> field = find_field(given.name);
  if (!field) return refused(given, "is no field of a signal; docs/rule-format.md lists them, such as peer.number");
  if (std::holds_alternative<std::monostate>(given.value)) return {};  // null is absent
  switch (field_info(*field).type) {
    case FieldType::kString:
      return set_string(*field, given, signal);
    case FieldType::kNumber: {
      const auto* value = std::get_if<double>(&given.value);
      if (value == nullptr || *value != std::floor(*value) || std::abs(*value) > 1e15) {
        return refused(given, "must be a whole number");
      }
      signal.set(*field, static_cast<int64_t>(*value));
      return {};
    }
    case FieldType::kBoolean: {
      const auto* value = std::get_if<bool>(&given.value);
      if (value == nullptr) return refused(given, "must be true or false");
      signal.set(*field, int64_t{*value});
      return {};
    }
    case FieldType::kTime: {
      const auto* value = std::get_if<std::string>(&given.value);
      const Result<Instant> at = test_time(value == nullptr ? "?" : *value, start, start);
      if (!at) return refused(given, at.error().message);
      signal.set(*field, to_ms(*at));
      return {};
    }
  }
  return {};
}

bool is_carried(const EventField& given, Kind kind) {
  const std::optional<Field> field = find_field(given.name);
  return !field || ((field_info(*field).kinds >> static_cast<unsigned>(kind)) & 1U) != 0;
}

}  // namespace

Result<Instant> test_time(std::string_view text, Instant start, Instant otherwise) {
  if (text.empty()) return otherwise;
  if (text.front() == '+') {
    const Result<Duration> after = parse_timespan(text.substr(1));
    if (after) return start + *after;
  } else {
    const Result<Instant> at = parse_rfc3339(text);
    if (at) return *at;
  }
  return fail(Code::kInvalidArgument,
              "is " + quoted(text) + ": write +90s, +5m, +2h or +1d after the test's start, or a time with its zone, " +
                  "such as " + std::string(kDefaultStart));
}

Result<Signal> test_signal(const TestEvent& event, Instant start, Instant at) {
  Signal signal;
  signal.at = at;
  bool has_kind = false;
  for (const EventField& field : event.fields) {
    Result<void> done;
    if (field.name == "kind") {
      has_kind = true;
      done = set_kind(field, signal);
    } else if (field.name == "at") {
      const auto* text = std::get_if<std::string>(&field.value);
      const Result<Instant> time = test_time(text == nullptr ? "?" : *text, start, at);
      if (time) {
        signal.at = *time;
      } else {
        done = refused(field, time.error().message);
      }
    } else if (field.name == "feed") {
      const auto* text = std::get_if<std::string>(&field.value);
      if (text == nullptr) {
        done = refused(field, "must be a string: put it in quotes");
      } else {
        signal.feed = *text;
      }
    } else {
      done = set_field(field, start, signal);
    }
    if (!done) return Failure(done.error());
  }
  if (!has_kind) return fail(Code::kInvalidArgument, "kind is missing: add one, such as kind: sms", "kind");
  for (const EventField& field : event.fields) {
    if (is_carried(field, signal.kind)) continue;
    return refused(
        field, "is no field of kind " + std::string(kind_name(signal.kind)) + ": leave it out, or correct the kind");
  }
  return signal;
}

}  // namespace quanzu::rules
