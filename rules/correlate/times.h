// One group of an event count that is decided at its events: the last times, which suffice for "at least n within a
// timespan". 56 bytes and 4 for each of n times (8 where the timespan is beyond 24 days): 216 for n = 40. More than n are
// held only while events may still come between them. Owned by Groups, which keeps room for up to 128 times behind the
// record; a group that comes to hold more has them elsewhere, so that a high threshold costs only those who near it.
#pragma once
#include <memory>

#include "rules/correlate/snapshot.h"

namespace quanzu::rules {

struct TimesShape {
  uint32_t needed = 1;  // n
  Ms timespan = 0;
  bool wide = false;  // 8 bytes a time
  uint32_t room() const { return std::min(needed, uint32_t{128}); }
  size_t extra() const { return size_t{room()} * (wide ? 8 : 4); }
};
TimesShape times_shape(uint64_t needed, Ms timespan, Ms lateness);

struct Times {
  Fingerprint key{};
  Ms last = 0;
  Ms base = 0;        // times are held as their distance from it
  uint32_t head = 0;  // of a ring: the oldest
  uint32_t count = 0;
  std::unique_ptr<std::byte[]> more;  // in place of the room behind, once that does not do
  uint32_t capacity = 0;              // of `more`

  // Takes an event's time; nothing before `settled` comes any more. True where some closed window that ends at an event
  // and holds this one now has n; then the group is empty again.
  bool add(const TimesShape& shape, Ms at, Ms settled);
  uint64_t digest() const;

  void write(StateWriter& out, const TimesShape& shape) const;
  void read(StateReader& in, const TimesShape& shape);
};

}  // namespace quanzu::rules
