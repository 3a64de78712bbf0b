// Time as the engine sees it: milliseconds of UTC, always an input, never read from a clock.
// Texts are RFC 3339; places with a time zone of their own are the adapters' matter.
#pragma once
#include <chrono>
#include <string>
#include <string_view>

#include "engine/result.h"

namespace quanzu {

using Duration = std::chrono::milliseconds;
using Instant = std::chrono::sys_time<Duration>;

constexpr Instant kNever = Instant::max();

constexpr int64_t to_ms(Instant at) {
  return at.time_since_epoch().count();
}
constexpr Instant from_ms(int64_t ms) {
  return Instant(Duration(ms));
}

// "2026-11-24T10:00:00+08:00", "...Z", with or without a fraction; a zone is required; what is finer than a
// millisecond is dropped. Errors: kInvalidArgument with the part that is wrong.
Result<Instant> parse_rfc3339(std::string_view text);
// "2026-11-24T02:00:00Z"; milliseconds only where there are any. Outside the years 0000 to 9999 (kNever) the nearest
// moment inside is shown.
std::string format_rfc3339(Instant at);

}  // namespace quanzu
