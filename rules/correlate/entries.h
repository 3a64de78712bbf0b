// One group of any other correlation that is decided at its events: the entries of its window in the order of time. 120
// bytes, 32 an entry, and 8 for each rule of a temporal type. Held are: of a value count the newest entry of each value,
// at most twice the values needed and a few; of temporal types one time a rule; of a sum every event of the timespan.
// What may still be overtaken by events in lateness is held besides. Owned by Groups.
#pragma once
#include <span>

#include "rules/correlate/definition.h"
#include "rules/correlate/snapshot.h"

namespace quanzu::rules {

struct Entry {
  Ms at = 0;
  uint64_t order = 0;     // among entries of one time
  Fingerprint payload{};  // of a value, a decimal's halves, or the rules that held in payload[0]
};

inline Fingerprint payload_of(Decimal value) {
  return {static_cast<uint64_t>(value.units), static_cast<uint64_t>(value.units >> 64)};
}
inline Int128 units_of(const Fingerprint& payload) {
  return static_cast<Int128>((static_cast<UInt128>(payload[1]) << 64) | payload[0]);
}

struct Entries {
  Fingerprint key{};
  Ms last = 0;
  std::vector<Entry> entries;  // from `begin` on, ascending
  size_t begin = 0;
  size_t tidy_at = 0;       // how many entries make tidying worth while
  Int128 sum = 0;           // of all entries, for a sum
  std::vector<Ms> settled;  // temporal: the last time of each rule; ordered: the latest start of a chain up to each

  // As Times::add: true where a window that holds the entry satisfies the definition; then the group is empty again.
  bool add(const Definition& definition, const Entry& entry, Ms settled_to);
  uint64_t digest() const;

  void write(StateWriter& out) const;
  void read(StateReader& in, const Definition& definition);
};

}  // namespace quanzu::rules
