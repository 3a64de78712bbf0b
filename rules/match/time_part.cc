#include "rules/match/time_part.h"

#include <chrono>

namespace quanzu::rules {

namespace {

// The week that holds the day's Thursday, counted in that Thursday's year (ISO 8601).
int iso_week(std::chrono::sys_days day) {
  using namespace std::chrono;
  const sys_days thursday = day + days(4) - days(weekday(day).iso_encoding());
  const sys_days new_year = year_month_day(thursday).year() / January / 1;
  return static_cast<int>((thursday - new_year).count() / 7) + 1;
}

}  // namespace

double part_of(TimeUnit unit, Instant local) {
  using namespace std::chrono;
  const sys_days day = floor<days>(local);
  const year_month_day date(day);
  const hh_mm_ss time(local - day);
  switch (unit) {
    case TimeUnit::kMinute:
      return static_cast<double>(time.minutes().count());
    case TimeUnit::kHour:
      return static_cast<double>(time.hours().count());
    case TimeUnit::kDay:
      return static_cast<unsigned>(date.day());
    case TimeUnit::kWeek:
      return iso_week(day);
    case TimeUnit::kMonth:
      return static_cast<unsigned>(date.month());
    case TimeUnit::kYear:
      return static_cast<int>(date.year());
  }
  return 0;
}

bool holds_time(const TimePart& wanted, Instant at) {
  const double held = part_of(wanted.unit, wanted.zone.local(at));
  return wanted.compare ? compares(*wanted.compare, held, wanted.value) : held == wanted.value;
}

bool compares(Compare compare, double value, double with) {
  switch (compare) {
    case Compare::kLess:
      return value < with;
    case Compare::kLessEqual:
      return value <= with;
    case Compare::kGreater:
      return value > with;
    case Compare::kGreaterEqual:
      return value >= with;
  }
  return false;
}

}  // namespace quanzu::rules
