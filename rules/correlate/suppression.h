// `suppress: {by, for}` of one correlation: what was told lately is counted, not told again. 56 bytes for each set of `by`
// values that was told within the period. Owned by rules/correlate/state.
#pragma once
#include <deque>
#include <map>

#include "rules/correlate/definition.h"
#include "rules/correlate/snapshot.h"

namespace quanzu::rules {

class Suppression {
 public:
  explicit Suppression(size_t cap) : cap_(cap) {}

  // Whether an alert of this group is told; it counts as told from then on. Nothing before `settled` comes any more.
  bool tells(const Definition& definition, Ms at, std::string_view key, Ms settled,
             const std::array<uint64_t, 2>& hash_key);
  size_t size() const { return told_.size(); }

  void write(StateWriter& out) const;
  void read(StateReader& in);

 private:
  size_t cap_;
  std::map<Fingerprint, Ms> told_;  // when last
  std::deque<std::pair<Ms, Fingerprint>> order_;
};

}  // namespace quanzu::rules
