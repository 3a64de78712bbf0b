#include "rules/correlate/decimal.h"

#include <algorithm>

namespace quanzu::rules {
namespace {

constexpr int kPlaces = 9;
constexpr int kMaxDigits = 18 + kPlaces;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool done() const { return at_ == text_.size(); }
  bool take(char c) {
    if (done() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string_view digits() {
    const size_t begin = at_;
    while (!done() && is_digit(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
};

// The digits times 10^shift; nothing where that is 10^18 or more.
std::optional<Int128> scaled(std::string_view digits, int64_t shift) {
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.empty()) return 0;
  const int64_t wanted = static_cast<int64_t>(digits.size()) + shift;
  if (wanted > kMaxDigits) return std::nullopt;
  if (wanted < 0) return 0;
  Int128 value = 0;
  for (int64_t i = 0; i < wanted; ++i) {
    value = value * 10 + (i < static_cast<int64_t>(digits.size()) ? digits[static_cast<size_t>(i)] - '0' : 0);
  }
  if (wanted < static_cast<int64_t>(digits.size()) && digits[static_cast<size_t>(wanted)] >= '5') ++value;
  return value;
}

}  // namespace

std::optional<Decimal> parse_decimal(std::string_view text) {
  Reader in(text);
  const bool negative = in.take('-');
  const std::string_view whole = in.digits();
  if (whole.empty() || (whole.size() > 1 && whole[0] == '0')) return std::nullopt;
  std::string digits(whole);
  int64_t shift = kPlaces;
  if (in.take('.')) {
    const std::string_view fraction = in.digits();
    if (fraction.empty()) return std::nullopt;
    digits += fraction;
    shift -= static_cast<int64_t>(fraction.size());
  }
  if (in.take('e') || in.take('E')) {
    const bool down = in.take('-');
    if (!down) in.take('+');
    const std::string_view exponent = in.digits();
    if (exponent.empty()) return std::nullopt;
    int64_t value = 0;
    for (char c : exponent) value = std::min<int64_t>(value * 10 + (c - '0'), 1'000'000'000);
    shift += down ? -value : value;
  }
  if (!in.done()) return std::nullopt;
  const std::optional<Int128> units = scaled(digits, shift);
  if (!units) return std::nullopt;
  return Decimal{negative ? -*units : *units};
}

std::string format_decimal(Decimal value) {
  Int128 rest = value.units < 0 ? -value.units : value.units;
  std::string out;
  for (int i = 0; rest != 0 || i <= kPlaces; ++i) {
    if (i == kPlaces) out.push_back('.');
    out.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  }
  if (value.units < 0) out.push_back('-');
  std::reverse(out.begin(), out.end());
  out.erase(out.find_last_not_of('0') + 1);
  if (out.back() == '.') out.pop_back();
  return out;
}

}  // namespace quanzu::rules
