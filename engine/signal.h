// A signal: what a feed brought, as typed fields over borrowed bytes (docs/glossary.md has the field table).
// Absent is not empty: has() tells them apart. The bytes belong to the batch or the journal block that was decoded.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/number.h"
#include "engine/time.h"

namespace quanzu {

enum class Kind : uint8_t { kSms, kCall, kUrl, kApp, kTransfer, kReport, kInstruction };
constexpr size_t kKindCount = 7;
std::string_view kind_name(Kind kind);  // "sms"
std::optional<Kind> find_kind(std::string_view name);
// Kinds that the engine looks at though no rule matched: the journal keeps each of them.
constexpr bool speaks_for_itself(Kind kind) { return kind == Kind::kInstruction || kind == Kind::kTransfer; }

enum class FieldType : uint8_t { kString, kNumber, kBoolean, kTime };

// The order is the feed protocol's field numbering (adapters/feed/feed.proto): append, never renumber.
enum class Field : uint8_t {
  kResidentNumber,  // as received; Signal::resident is the canonical form
  kPeerNumber,      // as received; Signal::peer is the canonical form
  kText,
  kDirection,
  kState,
  kCallId,
  kCallMedium,
  kUrl,
  kUrlHost,
  kUrlScheme,
  kTitle,
  kAppName,
  kAppPackage,
  kAppAction,
  kPeerAccount,
  kPeerName,
  kTransferChannel,
  kTransferState,
  kChannel,
  kCategory,
  kPlace,
  kInstructionId,
  kInstructionUpstream,
  kInstructionUnit,
  kLevel,
  kFraudType,
  kRequiredAction,
  // numbers, booleans and times from here
  kDurationS,
  kAmountFen,
  kForwardingSet,
  kRoaming,
  kIssuedAt,
};
constexpr size_t kStringFieldCount = static_cast<size_t>(Field::kDurationS);
constexpr size_t kFieldCount = static_cast<size_t>(Field::kIssuedAt) + 1;

struct FieldInfo {
  Field field;
  std::string_view name;  // dotted, as rules and JSON write it: "peer.number"
  FieldType type;
  uint8_t kinds;  // bit k: a signal of kind k may carry it
};
const std::array<FieldInfo, kFieldCount>& field_table();
std::optional<Field> find_field(std::string_view name);
inline const FieldInfo& field_info(Field field) { return field_table()[static_cast<size_t>(field)]; }

class Signal {
 public:
  Kind kind = Kind::kSms;
  Instant at{};     // event time
  Number resident;  // canonical
  Number peer;      // canonical, or as it came where it is no number; empty where absent
  std::string_view feed;  // who brought it; empty where nobody said

  bool has(Field field) const { return (present_ >> static_cast<unsigned>(field)) & 1U; }
  std::string_view string(Field field) const {
    return has(field) ? strings_[static_cast<size_t>(field)] : std::string_view();
  }
  int64_t number(Field field) const {
    return has(field) ? numbers_[static_cast<size_t>(field) - kStringFieldCount] : 0;
  }
  void set(Field field, std::string_view value) {
    strings_[static_cast<size_t>(field)] = value;
    present_ |= uint64_t{1} << static_cast<unsigned>(field);
  }
  void set(Field field, int64_t value) {
    numbers_[static_cast<size_t>(field) - kStringFieldCount] = value;
    present_ |= uint64_t{1} << static_cast<unsigned>(field);
  }
  void clear() {
    present_ = 0;
    kind = Kind::kSms;
    at = Instant();
    resident = Number();
    peer = Number();
    feed = {};
  }

 private:
  uint64_t present_ = 0;
  // Read only where present_ says so: a batch reuses its signals without clearing half a kilobyte each.
  std::array<std::string_view, kStringFieldCount> strings_;
  std::array<int64_t, kFieldCount - kStringFieldCount> numbers_;
};

}  // namespace quanzu
