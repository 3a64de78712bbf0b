// A time zone by its name in the tz database, as the system has it (Debian's tzdata): in which a pack reads the parts of
// times and ends the days of its lists. Made by whoever reads pack.yml; a value; any thread.
#pragma once
#include <string>

#include "engine/time.h"

namespace date {
class time_zone;
}

namespace quanzu::rules {

class Zone {
 public:
  Zone() = default;  // UTC
  // "Asia/Shanghai". Errors: kNotFound with the nearest name as its field; kUnavailable where the database is missing.
  static Result<Zone> find(const std::string& name);

  // What the clocks of the zone show at that moment, written as if it were UTC.
  Instant local(Instant at) const;

  friend bool operator==(Zone, Zone) = default;

 private:
  const date::time_zone* zone_ = nullptr;  // of the process's database; null: UTC
};

}  // namespace quanzu::rules
