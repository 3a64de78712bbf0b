// What makes a signal usable: one judgement for every source (frames, JSON pushes, the spool). A signal that
// is refused is kept as a reject with the reason, acked and counted; nothing here ends a connection. Pure
// functions, any thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "adapters/feed/limits.h"
#include "adapters/feed/wire.h"

namespace quanzu::feed {

// The reasons, as the rejects table, the Nack and the metrics name them.
namespace reason {
inline constexpr std::string_view kUnreadable = "unreadable";  // the sender's row is no signal
inline constexpr std::string_view kUnknownKind = "unknown_kind";
inline constexpr std::string_view kKindNotAllowed = "kind_not_allowed";  // by the profile
inline constexpr std::string_view kMissingField = "missing_field";
inline constexpr std::string_view kWrongField = "wrong_field";  // one that this kind doesn't carry
inline constexpr std::string_view kBadValue = "bad_value";
inline constexpr std::string_view kBadNumber = "bad_number";
inline constexpr std::string_view kOversize = "oversize";
inline constexpr std::string_view kClockAhead = "clock_ahead";
inline constexpr std::string_view kTooOld = "too_old";
}  // namespace reason

struct Refusal {
  std::string_view reason;
  std::string detail;        // the field, what is wrong with it, what to do; may quote the value, so never log it
  bool keep_payload = true;  // false: the profile forbids storing what came
};

// Nothing where the signal is good; then kind, at (the receipt where none came), resident and peer are set.
std::optional<Refusal> validate(const SignalHead& head, Instant receipt, const Limits& limits, Signal& signal);

}  // namespace quanzu::feed
