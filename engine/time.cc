#include "engine/time.h"

#include <algorithm>

namespace quanzu {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Reads from the front. The first thing that is wrong is remembered; what is read after it means nothing.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  // A number of exactly `width` digits in [0, most].
  int number(size_t width, int most, const char* problem) {
    int value = 0;
    for (size_t i = 0; i < width; ++i) {
      const char c = take();
      if (!is_digit(c)) return fail_with(problem);
      value = value * 10 + (c - '0');
    }
    return value > most ? fail_with(problem) : value;
  }
  char one_of(std::string_view allowed, const char* problem) {
    const char c = take();
    if (c == '\0' || allowed.find(c) == std::string_view::npos) fail_with(problem);
    return c;
  }
  // ".5" is 500; digits past the third are dropped. Nothing there is 0.
  int fraction() {
    if (peek() != '.') return 0;
    take();
    if (!is_digit(peek())) return fail_with("has a dot without digits after the seconds");
    int value = 0;
    int scale = 100;
    while (is_digit(peek())) {
      value += (take() - '0') * scale;
      scale /= 10;
    }
    return value;
  }
  void end() {
    if (at_ < text_.size()) fail_with("goes on after the zone");
  }
  int fail_with(const char* problem) {
    if (problem_ == nullptr) problem_ = problem;
    return 0;
  }
  bool at_end() const { return at_ >= text_.size(); }
  const char* problem() const { return problem_; }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  char take() { return at_ < text_.size() ? text_[at_++] : '\0'; }

  std::string_view text_;
  size_t at_ = 0;
  const char* problem_ = nullptr;
};

constexpr const char* kNoZone = "has no zone: end it with Z or an offset like +08:00";

minutes read_zone(Reader& in) {
  if (in.at_end()) {
    in.fail_with(kNoZone);
    return minutes(0);
  }
  const char sign = in.one_of("Zz+-", kNoZone);
  if (sign == 'Z' || sign == 'z') return minutes(0);
  const int offset_hours = in.number(2, 23, "has no hours of 00 to 23 in its offset");
  in.one_of(":", "has no ':' in its offset");
  const int offset_minutes = in.number(2, 59, "has no minutes of 00 to 59 in its offset");
  const minutes offset = hours(offset_hours) + minutes(offset_minutes);
  return sign == '-' ? -offset : offset;
}

Instant read_instant(Reader& in) {
  const int year = in.number(4, 9999, "has no year of four digits");
  in.one_of("-", "has no '-' after the year");
  const int month = in.number(2, 12, "has no month of 01 to 12");
  in.one_of("-", "has no '-' after the month");
  const int day = in.number(2, 31, "has no day of 01 to 31");
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) in.fail_with("names a day that the calendar does not have");
  in.one_of("Tt ", "has no 'T' between date and time");
  const int hour = in.number(2, 23, "has no hour of 00 to 23");
  in.one_of(":", "has no ':' after the hour");
  const int minute = in.number(2, 59, "has no minute of 00 to 59");
  in.one_of(":", "has no ':' after the minute");
  const int second = in.number(2, 60, "has no second of 00 to 59");
  // A leap second has no place in milliseconds of UTC, and rounding it would put two moments on one.
  if (second == 60) in.fail_with("names second 60: leap seconds are not kept, send 59.999");
  const int fraction = in.fraction();
  const minutes offset = read_zone(in);
  in.end();
  if (in.problem() != nullptr) return Instant();
  return std::chrono::sys_days(date) + hours(hour) + minutes(minute) + seconds(second) + milliseconds(fraction) -
         offset;
}

void append_digits(std::string& out, int64_t value, int width) {
  char digits[8];
  for (int i = width; i-- > 0; value /= 10) digits[i] = static_cast<char>('0' + value % 10);
  out.append(digits, static_cast<size_t>(width));
}

constexpr Instant kFirst = std::chrono::sys_days(std::chrono::year(0) / 1 / 1);
constexpr Instant kLast = Instant(std::chrono::sys_days(std::chrono::year(9999) / 12 / 31)) + days(1) - milliseconds(1);

}  // namespace

Result<Instant> parse_rfc3339(std::string_view text) {
  Reader in(text);
  const Instant at = read_instant(in);
  if (in.problem() == nullptr) return at;
  return fail(Code::kInvalidArgument,
              "the time " + quoted(text) + " " + in.problem() + "; write it like 2026-11-24T10:00:00+08:00");
}

std::string format_rfc3339(Instant at) {
  const Instant shown = std::clamp(at, kFirst, kLast);
  const auto day = std::chrono::floor<days>(shown);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(shown - day);
  std::string out;
  out.reserve(24);
  append_digits(out, static_cast<int>(date.year()), 4);
  out += '-';
  append_digits(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  append_digits(out, static_cast<unsigned>(date.day()), 2);
  out += 'T';
  append_digits(out, time.hours().count(), 2);
  out += ':';
  append_digits(out, time.minutes().count(), 2);
  out += ':';
  append_digits(out, time.seconds().count(), 2);
  if (time.subseconds().count() != 0) {
    out += '.';
    append_digits(out, time.subseconds().count(), 3);
  }
  out += 'Z';
  return out;
}

}  // namespace quanzu
