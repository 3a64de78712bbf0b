#include "rules/lang/zone.h"

#include <date/tz.h>

#include <algorithm>

#include "rules/lang/problems.h"

namespace quanzu::rules {

namespace {

std::string nearest_zone(const std::string& name) {
  std::vector<std::string_view> names;
  for (const date::time_zone& zone : date::get_tzdb().zones) names.emplace_back(zone.name());
  return nearest(name, names);
}

}  // namespace

Result<Zone> Zone::find(const std::string& name) {
  Zone out;
  if (name == "UTC") return out;
  try {
    const date::tzdb& database = date::get_tzdb();
    const auto at =
        std::lower_bound(database.zones.begin(), database.zones.end(), name,
                         [](const date::time_zone& zone, const std::string& of) { return zone.name() < of; });
    if (at == database.zones.end() || at->name() != name) {
      return fail(Code::kNotFound, "no time zone has this name", nearest_zone(name));
    }
    at->get_info(std::chrono::sys_seconds());  // reads the zone's file, now where that may fail
    out.zone_ = &*at;
    return out;
  } catch (const std::exception& error) {
    return fail(Code::kUnavailable, std::string("the time zones cannot be read: is tzdata installed? ") + error.what());
  }
}

Instant Zone::local(Instant at) const {
  if (zone_ == nullptr) return at;
  return at + zone_->get_info(std::chrono::floor<std::chrono::seconds>(at)).offset;
}

}  // namespace quanzu::rules
