// The open windows of a correlation that is decided when they close, and the order in which they do. Owned by
// rules/correlate/state, on its thread.
#pragma once
#include <deque>
#include <map>

#include "rules/correlate/closing_window.h"
#include "rules/correlate/touch.h"

namespace quanzu::rules {

class ClosingWindows {
 public:
  explicit ClosingWindows(size_t cap) : cap_(cap) {}

  // Into the group's window; opens it where there is none. At the cap the first one to close goes without its decision.
  void take(const Definition& definition, const Touch& touch);
  Ms next_close() const { return closing_.empty() ? kForever : closing_.front().end; }
  ClosingWindow close_next();

  size_t size() const { return windows_.size(); }
  uint64_t evicted() const { return evicted_; }
  uint64_t digest() const;

  void write(StateWriter& out) const;
  void read(StateReader& in, const Definition& definition);

 private:
  struct Closing {
    Ms end = 0;
    Fingerprint group{};
  };

  size_t cap_;
  uint64_t evicted_ = 0;
  std::map<Fingerprint, ClosingWindow> windows_;
  std::deque<Closing> closing_;  // by their ends: events are taken in order, and the timespan is the same
};

}  // namespace quanzu::rules
