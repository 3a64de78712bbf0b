// The correlations that share a watermark: whole chains of one lateness, those with a window that decides at its close
// apart from those without. Holds what waits for the watermark, in the order in which it will be taken. Owned by
// rules/correlate/core.
#pragma once
#include <vector>

#include "rules/correlate/definition.h"
#include "rules/correlate/snapshot.h"
#include "rules/correlate/touch.h"

namespace quanzu::rules {

class Lane {
 public:
  Lane(Ms lateness, bool closes) : lateness_(lateness), closes_(closes) {}

  Ms lateness() const { return lateness_; }
  bool closes() const { return closes_; }
  bool is_like(const Lane& other) const { return lateness_ == other.lateness_ && closes_ == other.closes_; }
  bool is_late(Ms at) const { return at < watermark; }

  void wait(const Touch& touch);
  bool anything_waits() const { return !waiting_.empty(); }
  size_t waiting() const { return waiting_.size(); }
  const Touch& next() const { return waiting_.front().touch; }
  // The next one, whose key lives in `kept`.
  Touch take_next(std::string& kept);
  // The end of the first window that closes, open already or opened by what waits. May be early, never late.
  Ms first_end() const;
  // Another lane's, of one correlation that has another number from now on.
  void adopt(const Lane& other, uint32_t was, uint32_t now);

  void write(StateWriter& out) const;
  // `may_wait`: by correlation; nullptr where none of its touches may be here.
  void read(StateReader& in, const std::vector<const Definition*>& may_wait);

  Ms watermark = kNoTime;
  Ms settled = kNoTime;  // the watermark, or how far towards it the lane has come
  Ms next_close = kForever;
  std::vector<uint32_t> closing;  // correlations that are decided at the close, in the order of chains
  Ms shortest = kForever;         // their shortest timespan

 private:
  Ms lateness_;
  bool closes_;
  std::vector<WaitingTouch> waiting_;  // a heap, the earliest on top
};

}  // namespace quanzu::rules
