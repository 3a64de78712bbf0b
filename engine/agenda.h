// What falls due and when: leases, retries and follow-ups, the clocks of instructions and of critical cases. An entry is
// removed when its reason goes, so an idle engine has nothing due and a tick is never idle. O(log n) each.
// Owned by Engine. Not part of the digest: it is made of the cases' and instructions' own times.
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <set>

#include "engine/time.h"

namespace quanzu {

enum class DueKind : uint8_t {
  kLease,            // id: a task whose holder must be done or renew
  kReady,            // id: a task that waits for its hour
  kUnanswered,       // id: a critical case that nobody may have taken
  kInstructionSign,  // id: an instruction
  kInstructionFeedback,
};

struct Due {
  Instant at{};
  DueKind kind = DueKind::kLease;
  uint64_t id = 0;
  friend auto operator<=>(const Due&, const Due&) = default;
};

class Agenda {
 public:
  void add(const Due& due) {
    if (due.at != kNever) entries_.insert(due);
  }
  void remove(const Due& due) { entries_.erase(due); }
  const std::set<Due>& all() const { return entries_; }
  Instant next() const { return entries_.empty() ? kNever : entries_.begin()->at; }
  // The earliest that is due at `now`, taken out.
  std::optional<Due> take(Instant now) {
    if (next() > now || entries_.empty()) return std::nullopt;
    return entries_.extract(entries_.begin()).value();
  }

 private:
  std::set<Due> entries_;
};

}  // namespace quanzu
