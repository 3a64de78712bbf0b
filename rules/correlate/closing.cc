#include "rules/correlate/closing.h"

namespace quanzu::rules {

void ClosingWindows::take(const Definition& definition, const Touch& touch) {
  auto window = windows_.find(touch.group);
  if (window == windows_.end()) {
    if (windows_.size() >= cap_) {
      close_next();
      ++evicted_;
    }
    window = windows_.emplace(touch.group, ClosingWindow()).first;
    window->second.key = touch.key;
    window->second.start = touch.at;
    closing_.push_back({touch.at + definition.timespan.count(), touch.group});
  }
  window->second.add(definition, touch.payload);
}

ClosingWindow ClosingWindows::close_next() {
  const auto window = windows_.find(closing_.front().group);
  ClosingWindow closed = std::move(window->second);
  windows_.erase(window);
  closing_.pop_front();
  return closed;
}

uint64_t ClosingWindows::digest() const {
  uint64_t sum = 0;
  for (const auto& [key, window] : windows_) sum += window.digest();
  return sum;
}

}  // namespace quanzu::rules
