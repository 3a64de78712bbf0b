#include "adapters/feed/validate.h"

#include <algorithm>
#include <array>
#include <bit>
#include <span>

#include "engine/fraud_type.h"

namespace quanzu::feed {
namespace {

using Words = std::span<const std::string_view>;
constexpr std::string_view kDirections[] = {"in", "out"};
constexpr std::string_view kCallStates[] = {"ringing", "answered", "ended"};
constexpr std::string_view kMedia[] = {"cs", "voip", "meeting"};
constexpr std::string_view kAppActions[] = {"install", "run", "share_screen", "remote_control"};
constexpr std::string_view kTransferChannels[] = {"bank", "third_party", "cash_courier", "gold", "gift_card", "crypto"};
constexpr std::string_view kTransferStates[] = {"inquiry", "attempt", "done", "stopped"};
constexpr std::string_view kReportChannels[] = {"hotline", "wechat", "window", "police"};
constexpr std::string_view kLevels[] = {"low", "medium", "high", "critical"};
constexpr std::string_view kActions[] = {"sign", "contact", "meet", "feed_back"};

struct Vocabulary {
  Field field;
  Words words;
};
constexpr Vocabulary kVocabularies[] = {
    {Field::kDirection, kDirections},
    {Field::kState, kCallStates},
    {Field::kCallMedium, kMedia},
    {Field::kAppAction, kAppActions},
    {Field::kTransferChannel, kTransferChannels},
    {Field::kTransferState, kTransferStates},
    {Field::kChannel, kReportChannels},
    {Field::kLevel, kLevels},
    {Field::kRequiredAction, kActions},
};

constexpr uint64_t bit(Field field) {
  return uint64_t{1} << static_cast<unsigned>(field);
}
constexpr uint64_t kStrings = bit(Field::kDurationS) - 1;

std::string name(Field field) {
  return std::string(field_info(field).name);
}

// Per kind, the fields that it may carry.
const std::array<uint64_t, kKindCount>& carried() {
  static const auto table = [] {
    std::array<uint64_t, kKindCount> result{};
    for (const FieldInfo& info : field_table()) {
      for (size_t kind = 0; kind < kKindCount; ++kind) {
        if ((info.kinds >> kind) & 1) result[kind] |= bit(info.field);
      }
    }
    return result;
  }();
  return table;
}

std::string join(Words words) {
  std::string list;
  for (const std::string_view word : words) list.append(list.empty() ? "" : ", ").append(word);
  return list;
}

Refusal refuse(std::string_view why, std::string detail) {
  return {why, std::move(detail), true};
}

std::optional<Refusal> check_kind(const SignalHead& head, const Limits& limits, Signal& signal) {
  if (head.kind >= kKindCount) {
    return refuse(reason::kUnknownKind,
                  "kind " + std::to_string(head.kind) +
                      " is none of 0 sms, 1 call, 2 url, 3 app, 4 transfer, 5 report, 6 instruction");
  }
  signal.kind = static_cast<Kind>(head.kind);
  const bool content = head.kind <= static_cast<uint32_t>(Kind::kApp);
  if (content && limits.profile == Profile::kStreet) {
    return Refusal{reason::kKindNotAllowed,
                   "kind " + std::string(kind_name(signal.kind)) +
                       ": the street profile takes transfer, report and instruction alone; send content "
                       "signals to a centre",
                   false};
  }
  return std::nullopt;
}

std::optional<Refusal> check_sizes(uint64_t present, const Limits& limits, const Signal& signal) {
  for (uint64_t rest = present & kStrings; rest != 0; rest &= rest - 1) {
    const auto field = static_cast<Field>(std::countr_zero(rest));
    const size_t limit = field == Field::kText ? limits.text : limits.value;
    const size_t size = signal.string(field).size();
    if (size > limit) {
      return refuse(reason::kOversize, name(field) + " has " + std::to_string(size) + " bytes; the limit is " +
                                           std::to_string(limit) +
                                           ": shorten it, or raise the limit in the configuration");
    }
  }
  return std::nullopt;
}

std::optional<Refusal> check_fields(uint64_t present, const Signal& signal) {
  const uint64_t stray = present & ~carried()[static_cast<size_t>(signal.kind)];
  if (stray != 0) {
    const auto field = static_cast<Field>(std::countr_zero(stray));
    return refuse(reason::kWrongField, name(field) + " is no field of kind " + std::string(kind_name(signal.kind)) +
                                           "; leave it out, or correct the kind");
  }
  if (signal.kind == Kind::kInstruction && signal.string(Field::kInstructionId).empty()) {
    return refuse(reason::kMissingField, "instruction.id is missing; an instruction is known by its issuer's number");
  }
  return std::nullopt;
}

std::optional<Refusal> check_values(uint64_t present, const Signal& signal) {
  for (const Vocabulary& vocabulary : kVocabularies) {
    if (!(present & bit(vocabulary.field))) continue;
    const std::string_view word = signal.string(vocabulary.field);
    if (std::find(vocabulary.words.begin(), vocabulary.words.end(), word) == vocabulary.words.end()) {
      return refuse(reason::kBadValue,
                    name(vocabulary.field) + " is " + quoted(word) + "; it must be one of " + join(vocabulary.words));
    }
  }
  if (present & bit(Field::kFraudType) && !find_fraud_type(signal.string(Field::kFraudType))) {
    return refuse(reason::kBadValue, "fraud.type is " + quoted(signal.string(Field::kFraudType)) +
                                         "; it must be one of the ten types, such as loan or brushing");
  }
  for (const Field field : {Field::kDurationS, Field::kAmountFen}) {
    if (signal.number(field) < 0) return refuse(reason::kBadValue, name(field) + " is negative; send 0 or more");
  }
  return std::nullopt;
}

std::optional<Refusal> check_resident(Signal& signal) {
  const std::string_view text = signal.string(Field::kResidentNumber);
  if (!signal.has(Field::kResidentNumber)) {
    if (signal.kind == Kind::kReport) return std::nullopt;  // a report may be about a place
    return refuse(reason::kMissingField, "resident.number is missing; every kind but report needs it");
  }
  Result<Number> number = parse_resident_number(text);
  if (!number) return refuse(reason::kBadNumber, "resident.number: " + number.error().message);
  signal.resident = *number;
  return std::nullopt;
}

std::optional<Refusal> check_time(std::string_view field, Instant at, Instant receipt, const Limits& limits) {
  const auto seconds = [](Duration d) {
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(d).count());
  };
  if (at > receipt + limits.ahead) {
    return refuse(reason::kClockAhead, std::string(field) + " is " + seconds(at - receipt) +
                                           " s ahead of the server's clock (" + format_rfc3339(receipt) +
                                           "); at most " + seconds(limits.ahead) +
                                           " s are allowed: set the sender's clock, and check its time zone");
  }
  if (at < receipt - limits.behind) {
    return refuse(reason::kTooOld, std::string(field) + " is more than " + seconds(limits.behind) +
                                       " s behind the server's clock (" + format_rfc3339(receipt) +
                                       "): old records go through a backtest, not a feed");
  }
  return std::nullopt;
}

// A range that `at - receipt` cannot overflow: the years 1 to 9999.
constexpr int64_t kEarliest = -62'135'596'800'000, kLatest = 253'402'300'799'999;

std::optional<Refusal> check_times(const SignalHead& head, Instant receipt, const Limits& limits, Signal& signal) {
  const Instant at = head.at_ms ? from_ms(std::clamp(*head.at_ms, kEarliest, kLatest)) : receipt;
  if (auto refusal = check_time("at", at, receipt, limits)) return refusal;
  signal.at = at;
  if (!signal.has(Field::kIssuedAt)) return std::nullopt;
  return check_time("issued_at", from_ms(std::clamp(signal.number(Field::kIssuedAt), kEarliest, kLatest)), receipt,
                    limits);
}

}  // namespace

std::optional<Refusal> validate(const SignalHead& head, Instant receipt, const Limits& limits, Signal& signal) {
  if (head.unreadable) {
    // A street stores no content, and what couldn't be read may be some.
    return Refusal{reason::kUnreadable, std::string(head.unreadable->substr(0, limits.value)),
                   limits.profile == Profile::kCentre};
  }
  if (auto refusal = check_kind(head, limits, signal)) return refusal;
  if (auto refusal = check_sizes(head.present, limits, signal)) return refusal;
  if (auto refusal = check_fields(head.present, signal)) return refusal;
  if (auto refusal = check_values(head.present, signal)) return refusal;
  if (auto refusal = check_resident(signal)) return refusal;
  if (auto refusal = check_times(head, receipt, limits, signal)) return refusal;
  if (head.present & bit(Field::kPeerNumber)) signal.peer = peer_number(signal.string(Field::kPeerNumber));
  return std::nullopt;
}

}  // namespace quanzu::feed
