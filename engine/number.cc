#include "engine/number.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace quanzu {
namespace {

// What a canonical number is. Canonical forms of different classes never coincide (see foreign() below), so the text of
// a Number is its identity.
enum class Class : uint8_t {
  kMobile,       // 86 1[3-9]x xxxxxxxx, virtual operators among them
  kFixed,        // 86 area subscriber
  kAreaService,  // 86 area service: 0571-96110 is Hangzhou's, not the caller's own
  kService,      // 110, 12381, 10086, 95588, 96110
  kBusiness,     // 400 and 800, ten digits
  kPort,         // 106..., from which companies send SMS
  kForeign,      // a country code and a number
};

struct Plan {
  Class number_class;
  Number number;
};
// Or the problem, which becomes a message only where somebody reads it: peers that are no number are common.
using Planned = tl::expected<Plan, const char*>;
using Problem = tl::unexpected<const char*>;

Failure failure(std::string_view text, const char* problem) {
  return fail(Code::kInvalidArgument, "the number " + quoted(text) + " " + problem);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

struct Digits {
  bool plus = false;  // an international prefix was written as +
  size_t size = 0;
  std::array<char, Number::kMaxSize> digits;

  std::string_view view() const { return {digits.data(), size}; }
};

// The length in bytes of a character that people and terminals put between digits, 0 where it is none. `text` is not
// empty. In UTF-8: NBSP, zero-width and directional marks (numbers pasted from contacts carry them), the dashes, the
// ideographic space, the minus sign, and the full-width parentheses, hyphen and full stop.
size_t separator_size(std::string_view text) {
  if (std::string_view(" \t-().").find(text[0]) != std::string_view::npos) return 1;
  if (text.starts_with("\u00A0")) return 2;
  if (text.size() < 3) return 0;
  const std::string_view three = text.substr(0, 3);
  const auto last = static_cast<unsigned char>(three[2]);
  if (three.starts_with("\xE2\x80")) {  // U+200B..U+2015, U+202A..U+202F
    return (last >= 0x8B && last <= 0x95) || (last >= 0xAA && last <= 0xAF) ? 3 : 0;
  }
  for (const std::string_view mark : {"\u2212", "\u3000", "\uFF08", "\uFF09", "\uFF0D", "\uFF0E"}) {
    if (three == mark) return 3;
  }
  return 0;
}

// A full-width digit (U+FF10..U+FF19) as ASCII.
std::optional<char> full_width_digit(std::string_view text) {
  if (text.size() < 3 || !text.starts_with("\xEF\xBC")) return std::nullopt;
  const auto last = static_cast<unsigned char>(text[2]);
  if (last < 0x90 || last > 0x99) return std::nullopt;
  return static_cast<char>('0' + (last - 0x90));
}

tl::expected<Digits, const char*> read_digits(std::string_view text) {
  Digits out;
  while (!text.empty()) {
    size_t length = 1;
    char digit = text[0];
    if (!is_digit(digit)) {  // nearly all are: the rest is off the hot path
      if (const auto wide = full_width_digit(text)) {
        digit = *wide;
        length = 3;
      } else if (digit == '+' || text.starts_with("\uFF0B")) {
        if (out.plus || out.size > 0) return Problem("has a + that is not at its beginning");
        out.plus = true;
        text.remove_prefix(digit == '+' ? 1 : 3);
        continue;
      } else if (length = separator_size(text); length > 0) {
        text.remove_prefix(length);
        continue;
      } else {
        return Problem("has a character that is no digit, + or separator");
      }
    }
    if (out.size == out.digits.size()) return Problem("has more digits than any number");
    out.digits[out.size++] = digit;
    text.remove_prefix(length);
  }
  if (out.size == 0) return Problem("has no digits");
  return out;
}

// The plan of China (工信部《电信网编号计划》). Second digits 0 to 2 after a 1 are services, 3 to 9 mobiles; subscribers
// of fixed lines begin with 2 to 8.
bool is_mobile(std::string_view digits) {
  return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3';
}

bool is_service(std::string_view digits) {
  const size_t size = digits.size();
  if (digits.starts_with("95") || digits.starts_with("96")) return size >= 5 && size <= 8;  // 95588, 95013123
  if (digits.starts_with("11") || digits.starts_with("12")) return size == 3 || (size >= 5 && size <= 8);
  return digits.starts_with("10") && !digits.starts_with("106") && size >= 5 && size <= 8;  // 10086
}

bool is_port(std::string_view digits) {
  return digits.starts_with("106") && digits.size() >= 8;
}

bool is_business(std::string_view digits) {
  return digits.size() == 10 && (digits.starts_with("400") || digits.starts_with("800"));
}

Number china(std::string_view national) {
  std::array<char, 13> full = {'8', '6'};
  const auto end = std::copy(national.begin(), national.end(), full.begin() + 2);
  return Number(std::string_view(full.data(), static_cast<size_t>(end - full.begin())));
}

// Area code without its 0, then a subscriber or a service of that area. 10 and 2x have two digits, the others three.
std::optional<Plan> fixed(std::string_view digits) {
  if (digits.size() < 5 || digits[0] == '0') return std::nullopt;
  const bool two = digits.starts_with("10") || digits[0] == '2';
  if (!two && digits[0] < '3') return std::nullopt;
  const std::string_view subscriber = digits.substr(two ? 2 : 3);
  const bool long_enough = subscriber.size() == 8 || (!two && subscriber.size() == 7);
  if (long_enough && subscriber[0] >= '2' && subscriber[0] <= '8') return Plan{Class::kFixed, china(digits)};
  if (subscriber.size() <= 6 && is_service(subscriber)) return Plan{Class::kAreaService, china(digits)};
  return std::nullopt;
}

// What follows +86, 0086 or 86.
Planned with_country_code(std::string_view digits) {
  if (digits.starts_with('0')) digits.remove_prefix(1);  // +86 (0)10 ...
  if (is_mobile(digits)) return Plan{Class::kMobile, china(digits)};
  if (auto plan = fixed(digits)) return *plan;
  if (is_port(digits)) return Plan{Class::kPort, Number(digits)};  // some carriers write +86106...
  if (is_service(digits) || is_business(digits)) {
    // Nobody is called from +86 110. To strip the prefix would make a forged caller look like the police.
    return Problem("puts a country code before a service number, as forged callers do");
  }
  return Problem("has country code 86 and is neither a mobile nor a fixed line of China");
}

// What follows + or 00, without country code 86. Lengths of E.164; what would read as another class is refused, so
// that canonical forms stay apart: North America has eleven digits and no area code in 0 or 1 (so 1 does not meet 106
// or 12381), and Myanmar (95) has nine or more (so it does not meet 95588). A bare 13900001111 is a mobile and becomes
// 8613900001111; 0013900001111 is area 390 of North America and stays 13900001111.
Planned foreign(std::string_view digits) {
  if (digits.empty() || digits[0] == '0') return Problem("has no country code after its international prefix");
  if (digits.size() < 7 || digits.size() > 15) return Problem("is no international number: those have 7 to 15 digits");
  if (digits[0] == '1' && (digits.size() != 11 || digits[1] < '2')) {
    return Problem("has country code 1 and not ten digits with an area code after it");
  }
  if (is_service(digits) || is_business(digits)) {
    return Problem("puts an international prefix before a service number, as forged callers do");
  }
  return Plan{Class::kForeign, Number(digits)};
}

// Without an international prefix: as dialled in China, or 86 and a full number.
Planned domestic(std::string_view digits) {
  if (digits[0] == '0') {
    const std::string_view rest = digits.substr(1);
    if (is_mobile(rest)) return Plan{Class::kMobile, china(rest)};  // 0139...: trunk prefix, old habit
    if (auto plan = fixed(rest)) return *plan;
    return Problem("has no area code with a subscriber of 7 or 8 digits after its 0");
  }
  if (is_mobile(digits)) return Plan{Class::kMobile, china(digits)};
  if (is_port(digits)) return Plan{Class::kPort, Number(digits)};
  if (is_service(digits)) return Plan{Class::kService, Number(digits)};
  if (is_business(digits)) return Plan{Class::kBusiness, Number(digits)};
  if (digits.starts_with("86") && digits.size() > 8) return with_country_code(digits.substr(2));
  if (digits.size() == 7 || digits.size() == 8) return Problem("is a local number: write its area code");
  return Problem("is no number of China: write + and the country code where it is foreign");
}

Planned plan(std::string_view text) {
  // What most feeds send of most residents, a million times a second.
  if (is_mobile(text) && std::all_of(text.begin(), text.end(), is_digit)) return Plan{Class::kMobile, china(text)};
  const auto read = read_digits(text);
  if (!read) return Problem(read.error());
  std::string_view digits = read->view();
  bool international = read->plus;
  if (digits.starts_with("00")) {  // also "+0086...", which some switches send
    international = true;
    digits.remove_prefix(2);
  }
  if (!international) return domestic(digits);
  if (digits.starts_with("86")) return with_country_code(digits.substr(2));
  return foreign(digits);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

Number::Number(std::string_view digits) {
  size_t size = std::min(digits.size(), kMaxSize);
  // Not inside a character: a sender's name may be Chinese.
  while (size < digits.size() && size > 0 && (static_cast<unsigned char>(digits[size]) & 0xC0U) == 0x80U) --size;
  std::copy_n(digits.begin(), size, digits_.begin());
  size_ = static_cast<uint8_t>(size);
}

Result<Number> parse_number(std::string_view text) {
  const Planned planned = plan(text);
  if (!planned) return failure(text, planned.error());
  return planned->number;
}

Result<Number> parse_resident_number(std::string_view text) {
  const Planned planned = plan(text);
  if (!planned) return failure(text, planned.error());
  switch (planned->number_class) {
    case Class::kMobile:
    case Class::kFixed:
    case Class::kForeign:
      return planned->number;
    case Class::kAreaService:
    case Class::kService:
    case Class::kBusiness:
    case Class::kPort:
      break;
  }
  return failure(text, "is a service number or an SMS port, at which no resident can be reached");
}

Number peer_number(std::string_view text) {
  const Planned planned = plan(text);
  return planned ? planned->number : Number(trimmed(text));
}

}  // namespace quanzu
