// The correlations that share a watermark: those of one lateness, so whole chains. Holds what waits for the watermark,
// in the order in which it will be taken. Owned by rules/correlate/core.
#pragma once
#include <vector>

#include "rules/correlate/touch.h"

namespace quanzu::rules {

class Lane {
 public:
  explicit Lane(Ms lateness) : lateness_(lateness) {}

  Ms lateness() const { return lateness_; }
  bool is_late(Ms at) const { return at < watermark; }

  void wait(const Touch& touch);
  bool anything_waits() const { return !waiting_.empty(); }
  size_t waiting() const { return waiting_.size(); }
  const Touch& next() const { return waiting_.front().touch; }
  // The next one, whose key lives in `kept`.
  Touch take_next(std::string& kept);
  // Another lane's, of one correlation that has another number from now on.
  void adopt(const Lane& other, uint32_t was, uint32_t now);

  Ms watermark = kNoTime;
  Ms settled = kNoTime;  // the watermark, or how far towards it the lane has come
  Ms next_close = kForever;
  std::vector<uint32_t> closing;  // correlations that are decided at the close, in the order of chains

 private:
  Ms lateness_;
  std::vector<WaitingTouch> waiting_;  // a heap, the earliest on top
};

}  // namespace quanzu::rules
