#include "rules/correlate/lane.h"

namespace quanzu::rules {

void Lane::wait(const Touch& touch) {
  waiting_.push_back({touch, std::string(touch.key)});
  std::push_heap(waiting_.begin(), waiting_.end(), std::greater<>());
}

Touch Lane::take_next(std::string& kept) {
  std::pop_heap(waiting_.begin(), waiting_.end(), std::greater<>());
  Touch touch = waiting_.back().touch;
  kept = std::move(waiting_.back().key);
  touch.key = kept;
  waiting_.pop_back();
  return touch;
}

Ms Lane::first_end() const {
  return std::min(next_close, waiting_.empty() || closing.empty() ? kForever : next().at + shortest);
}

void Lane::adopt(const Lane& other, uint32_t was, uint32_t now) {
  for (const WaitingTouch& each : other.waiting_) {
    if (each.touch.correlation != was) continue;
    waiting_.push_back(each);
    waiting_.back().touch.correlation = now;
    std::push_heap(waiting_.begin(), waiting_.end(), std::greater<>());
  }
}

}  // namespace quanzu::rules
