#include "rules/lang/scalar.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>

namespace quanzu::rules {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view take_digits(std::string_view& text) {
  size_t size = 0;
  while (size < text.size() && is_digit(text[size])) ++size;
  const std::string_view digits = text.substr(0, size);
  text.remove_prefix(size);
  return digits;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text[0]) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

bool is_any_of(std::string_view text, std::initializer_list<std::string_view> words) {
  for (std::string_view word : words) {
    if (text == word) return true;
  }
  return false;
}

double decimal(std::string_view text) {  // of a valid number without a plus
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) {  // value stays untouched
    const bool tiny = text.find("e-") != std::string_view::npos || text.find("E-") != std::string_view::npos;
    value = tiny ? 0.0 : std::numeric_limits<double>::infinity();
    return text[0] == '-' ? -value : value;
  }
  return value;
}

std::optional<double> based_integer(std::string_view text) {  // 0x1F, 0o17
  if (text.size() < 3 || text[0] != '0' || (text[1] != 'x' && text[1] != 'o')) return std::nullopt;
  const double base = text[1] == 'x' ? 16 : 8;
  double value = 0;
  for (char c : text.substr(2)) {
    int digit = 99;
    if (is_digit(c)) digit = c - '0';
    if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
    if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
    if (digit >= base) return std::nullopt;
    value = value * base + digit;
  }
  return value;
}

std::optional<double> core_number(std::string_view text) {
  if (std::optional<double> based = based_integer(text)) return based;
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  take(rest, "+-");
  const std::string_view unsigned_text = rest;
  if (is_any_of(rest, {".inf", ".Inf", ".INF"})) {
    const double infinity = std::numeric_limits<double>::infinity();
    return negative ? -infinity : infinity;
  }
  if (is_any_of(text, {".nan", ".NaN", ".NAN"})) return std::numeric_limits<double>::quiet_NaN();
  const std::string_view whole = take_digits(rest);
  if (whole.size() > 1 && whole[0] == '0') return std::nullopt;  // a code, not a number
  const bool point = take(rest, ".");
  const std::string_view fraction = point ? take_digits(rest) : std::string_view();
  if (whole.empty() && fraction.empty()) return std::nullopt;
  if (take(rest, "eE")) {
    take(rest, "+-");
    if (take_digits(rest).empty()) return std::nullopt;
  }
  if (!rest.empty()) return std::nullopt;
  std::string plain(unsigned_text);
  if (size_t plus = plain.find("e+"); plus != std::string::npos) plain.erase(plus + 1, 1);
  if (size_t plus = plain.find("E+"); plus != std::string::npos) plain.erase(plus + 1, 1);
  const double value = decimal(plain);
  return negative ? -value : value;
}

}  // namespace

Scalar type_of(const YamlNode& node) {
  if (node.is(YamlType::kNull)) return {ScalarType::kNull};
  if (node.quoted) return {ScalarType::kString};
  if (is_any_of(node.text, {"true", "True", "TRUE"})) return {ScalarType::kBoolean, true};
  if (is_any_of(node.text, {"false", "False", "FALSE"})) return {ScalarType::kBoolean, false};
  if (const std::optional<double> number = core_number(node.text)) return {ScalarType::kNumber, false, *number};
  return {ScalarType::kString};
}

std::string surprise(const YamlNode& node) {
  constexpr double kExact = 9007199254740992;  // 2^53: beyond it neighbours are one number
  if (!node.is(YamlType::kScalar) || node.quoted || node.text.empty()) return {};
  const std::string_view text = node.text;
  const Scalar scalar = type_of(node);
  if (scalar.type == ScalarType::kNumber) {
    if (text[0] == '+') return "a number whose plus sign is lost: a telephone number is text";
    if (text.find_first_of("eExo") != std::string_view::npos) return "a number in another notation than it looks";
    if (std::abs(scalar.number) > kExact) return "a number of more digits than are compared exactly";
    return {};
  }
  if (is_any_of(text,
                {"y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF"})) {
    return "text here, but true or false for other readers of YAML";
  }
  std::string_view rest = text;
  if (text[0] == '0' && take_digits(rest).size() > 1 && rest.empty()) {
    return "text here because of its leading zero, but a number for other readers of YAML";
  }
  rest = text;
  const bool hours = !take_digits(rest).empty() && take(rest, ":") && take_digits(rest).size() == 2;
  if (hours && rest.empty()) return "text here, but a number of minutes for other readers of YAML";
  return {};
}

std::optional<double> json_number(std::string_view text) {
  std::string_view rest = text;
  take(rest, "-");
  const std::string_view whole = take_digits(rest);
  if (whole.empty() || (whole.size() > 1 && whole[0] == '0')) return std::nullopt;
  if (take(rest, ".") && take_digits(rest).empty()) return std::nullopt;
  if (take(rest, "eE")) {
    take(rest, "+-");
    if (take_digits(rest).empty()) return std::nullopt;
  }
  if (!rest.empty()) return std::nullopt;
  return core_number(text);
}

Result<Duration> parse_timespan(std::string_view text) {
  using namespace std::chrono;
  constexpr size_t kMostDigits = 9;
  std::string_view rest = text;
  const std::string_view digits = take_digits(rest);
  int64_t count = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (digits.empty() || digits.size() > kMostDigits || rest.size() != 1) {
    return fail(Code::kInvalidArgument, "a time span is a whole number and one of s, m, h, d, w, like 15m");
  }
  switch (rest[0]) {
    case 's':
      return Duration(seconds(count));
    case 'm':
      return Duration(minutes(count));
    case 'h':
      return Duration(hours(count));
    case 'd':
      return Duration(days(count));
    case 'w':
      return Duration(weeks(count));
    case 'M':
      return fail(Code::kInvalidArgument, "a month has no fixed length: give days, like 30d");
    case 'y':
      return fail(Code::kInvalidArgument, "a year has no fixed length: give days, like 365d");
    default:
      return fail(Code::kInvalidArgument, "a time span ends in s, m, h, d or w");
  }
}

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto number = [text](size_t at, size_t size) {
    int value = 0;
    for (char c : text.substr(at, size)) value = is_digit(c) && value >= 0 ? value * 10 + (c - '0') : -1;
    return value;
  };
  const int month = number(5, 2);
  const int day = number(8, 2);
  if (number(0, 4) < 0 || month < 0 || day < 0) return false;
  return std::chrono::year_month_day(std::chrono::year(number(0, 4)), std::chrono::month(static_cast<unsigned>(month)),
                                     std::chrono::day(static_cast<unsigned>(day)))
      .ok();
}

}  // namespace quanzu::rules
