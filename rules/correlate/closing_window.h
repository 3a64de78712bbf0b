// The window of one group of a correlation that is decided when its window closes (an average, "fewer than"): opened by
// the group's first event, it takes the events up to its end, both included, and concludes. 144 bytes and its key; 16 more
// an event for medians and percentiles, 16 a value for value counts. Owned by rules/correlate/core.
#pragma once
#include <string>

#include "rules/correlate/definition.h"
#include "rules/correlate/entries.h"

namespace quanzu::rules {

struct ClosingWindow {
  std::string key;  // joined, as core makes it
  Ms start = 0;
  uint64_t count = 0;
  uint64_t rules = 0;                 // temporal: which have held
  Int128 sum = 0;                     // value_sum, value_avg
  std::vector<Fingerprint> payloads;  // the values: distinct ones, or every number

  void add(const Definition& definition, const Fingerprint& payload);
  bool concludes(const Definition& definition);
  uint64_t digest() const;

  void write(StateWriter& out) const;
  void read(StateReader& in, const Definition& definition);
};

}  // namespace quanzu::rules
