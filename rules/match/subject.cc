#include "rules/match/subject.h"

namespace quanzu::rules {

namespace {

constexpr uint8_t kEveryKind = (1U << kKindCount) - 1;

bool is_field(Source source) {
  return static_cast<size_t>(source) < kFieldCount;
}

// The field whose presence and kinds the source shares; nothing for what every signal has.
std::optional<Field> field_behind(Source source) {
  switch (source) {
    case Source::kTextRaw:
      return Field::kText;
    case Source::kResidentNumberRaw:
      return Field::kResidentNumber;
    case Source::kPeerNumberRaw:
      return Field::kPeerNumber;
    case Source::kKind:
    case Source::kFeed:
    case Source::kAt:
      return std::nullopt;
    default:
      return static_cast<Field>(source);
  }
}

}  // namespace

std::optional<Source> find_source(std::string_view name) {
  for (size_t i = kFieldCount; i < kSourceCount; ++i) {
    const auto source = static_cast<Source>(i);
    if (source_name(source) == name) return source;
  }
  const std::optional<Field> field = find_field(name);
  if (!field) return std::nullopt;
  return source_of(*field);
}

std::string_view source_name(Source source) {
  switch (source) {
    case Source::kTextRaw:
      return "text.raw";
    case Source::kResidentNumberRaw:
      return "resident.number.raw";
    case Source::kPeerNumberRaw:
      return "peer.number.raw";
    case Source::kKind:
      return "kind";
    case Source::kFeed:
      return "feed";
    case Source::kAt:
      return "at";
    default:
      return field_info(static_cast<Field>(source)).name;
  }
}

FieldType source_type(Source source) {
  if (source == Source::kAt) return FieldType::kTime;
  return is_field(source) ? field_info(static_cast<Field>(source)).type : FieldType::kString;
}

uint8_t source_kinds(Source source) {
  const std::optional<Field> field = field_behind(source);
  return field ? field_info(*field).kinds : kEveryKind;
}

Result<uint8_t> kinds_of(const LogSource& source) {
  if (!source.product.empty() && source.product != "quanzu") return uint8_t{0};
  if (source.category.empty()) return kEveryKind;
  const std::optional<Kind> kind = find_kind(source.category);
  if (!kind) return fail(Code::kInvalidArgument, "logsource.category '" + source.category + "' is no signal kind");
  return static_cast<uint8_t>(1U << static_cast<unsigned>(*kind));
}

bool is_present(Source source, const Signal& signal) {
  switch (source) {
    case Source::kKind:
      return true;
    case Source::kFeed:
      return !signal.feed.empty();
    case Source::kAt:
      return signal.at != Instant();  // an event of a file may have none
    case Source::kResidentNumber:
      return signal.has(Field::kResidentNumber) || !signal.resident.empty();
    case Source::kPeerNumber:
      return signal.has(Field::kPeerNumber) || !signal.peer.empty();
    default:
      return signal.has(*field_behind(source));
  }
}

std::string_view raw_string(Source source, const Signal& signal) {
  switch (source) {
    case Source::kKind:
      return kind_name(signal.kind);
    case Source::kFeed:
      return signal.feed;
    case Source::kResidentNumber:
      return signal.resident.view();
    case Source::kPeerNumber:
      return signal.peer.view();
    default:
      return signal.string(*field_behind(source));
  }
}

double number_of(Source source, const Signal& signal) {
  if (source_type(source) == FieldType::kTime) return static_cast<double>(to_ms(instant_of(source, signal))) / 1000.0;
  return static_cast<double>(signal.number(static_cast<Field>(source)));
}

Instant instant_of(Source source, const Signal& signal) {
  return source == Source::kAt ? signal.at : from_ms(signal.number(static_cast<Field>(source)));
}

}  // namespace quanzu::rules
