// A telephone number in one canonical form: E.164 digits ("8613900001111", "85261234567"), or the digits as they
// are for service numbers (110, 96110, 95588, 12381) and 106 SMS ports. Held inline: numbers are copied a lot.
// A canonical form is an identity, not input: read one back with Number(digits), never with parse_number, since the
// foreign 13900001111 (received as 0013900001111) would come back as the mobile 8613900001111.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <string_view>

#include "engine/result.h"

namespace quanzu {

class Number {
 public:
  static constexpr size_t kMaxSize = 23;

  constexpr Number() = default;
  // What is canonical already, or kept as it came (spoofed and short peers); cut at kMaxSize.
  explicit Number(std::string_view digits);

  std::string_view view() const { return {digits_.data(), size_}; }
  bool empty() const { return size_ == 0; }
  friend bool operator==(const Number& a, const Number& b) { return a.view() == b.view(); }
  friend auto operator<=>(const Number& a, const Number& b) { return a.view() <=> b.view(); }

 private:
  std::array<char, kMaxSize> digits_{};
  uint8_t size_ = 0;
};

// Accepts +86, 0086, 86, spaces, dashes, parentheses, full-width digits, an area code with its 0, 1xx service
// numbers, 106 ports and virtual operators (170, 171, 162, 165, 167). Errors: kInvalidArgument with the reason.
Result<Number> parse_number(std::string_view text);

// A resident must be reachable: a mobile, a fixed line or a foreign number, not a service number or a port.
Result<Number> parse_resident_number(std::string_view text);

// parse_number, or the text as it came where that fails: a peer may be spoofed.
Number peer_number(std::string_view text);

}  // namespace quanzu

template <>
struct std::hash<quanzu::Number> {
  size_t operator()(const quanzu::Number& number) const noexcept {
    return std::hash<std::string_view>()(number.view());
  }
};
