// A number of an event as correlations add it up and compare it: a decimal fraction of nine places, exact, so that a sum
// doesn't hang on the order of its parts and every build concludes the same. Immutable values.
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace quanzu::rules {

__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

constexpr Int128 kDecimalOne = 1'000'000'000;

struct Decimal {
  Int128 units = 0;  // of 10^-9
  friend auto operator<=>(Decimal, Decimal) = default;
};

// Of text that is wholly a JSON number ("12", "-0.5", "1e3"); finer places are rounded, half away from zero. Nothing for
// other text, and for numbers from 10^18: a billion of them must still add up.
std::optional<Decimal> parse_decimal(std::string_view text);
// What parse_decimal may give.
inline bool is_decimal(Int128 units) {
  constexpr Int128 kEnd = kDecimalOne * 1'000'000'000 * 1'000'000'000;
  return units > -kEnd && units < kEnd;
}
std::string format_decimal(Decimal value);  // the shortest; parse_decimal reads it back

}  // namespace quanzu::rules
