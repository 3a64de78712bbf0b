// Reads what an event means to the groups of a correlation: their keys and what counts for them. Touches pile up until
// they are taken. Owned by rules/correlate/core, on its thread.
#pragma once
#include <span>

#include "rules/correlate/counters.h"
#include "rules/correlate/entries.h"
#include "rules/correlate/keys.h"
#include "rules/correlate/touch.h"

namespace quanzu::rules {

// A rule that holds, as a correlation sees it: the n-th of its list.
struct Role {
  uint32_t correlation = 0;
  uint32_t n = 0;
  friend auto operator<=>(const Role&, const Role&) = default;
};

class Reading {
 public:
  explicit Reading(std::array<uint64_t, 2> hash_key) : hash_key_(hash_key) {}

  // `from` has correlation, time and order; the roles are all of its correlation. Counts what can't take part.
  void add(const Definition& definition, const Touch& from, std::span<const Role> roles, const Fields& fields,
           CorrelationCounters& counters);
  // All since the last clear(), in their order. Until the next add().
  std::span<const Touch> touches();
  void clear();
  bool empty() const { return touches_.empty(); }
  // Of the last touch.
  const Touch& back() const { return touches_.back(); }
  size_t size() const { return touches_.size(); }

 private:
  bool read_key(const Definition& definition, uint32_t role, const Fields& fields);
  bool read_payload(const Definition& definition, std::span<const Role> roles, const Fields& fields,
                    Fingerprint& payload) const;
  void add_group(const Definition& definition, const Touch& from, std::string_view key, std::span<const Role> roles,
                 const Fields& fields, CorrelationCounters& counters);

  std::array<uint64_t, 2> hash_key_;
  std::vector<Touch> touches_;
  std::vector<size_t> ends_;  // of each touch's key
  std::string keys_;
  std::string key_;  // scratch
};

}  // namespace quanzu::rules
