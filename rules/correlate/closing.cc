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

void ClosingWindows::write(StateWriter& out) const {
  out.number(evicted_);
  out.count(closing_.size());
  for (const Closing& each : closing_) {
    out.hash(each.group);
    windows_.at(each.group).write(out);
  }
}

void ClosingWindows::read(StateReader& in, const Definition& definition) {
  in.number(evicted_);
  for (size_t left = in.count(); left > 0 && in.ok(); --left) {
    Closing next;
    in.hash(next.group);
    const auto [window, added] = windows_.try_emplace(next.group);
    in.require(added);
    if (!in.ok()) return;
    window->second.read(in, definition);
    next.end = window->second.start + definition.timespan.count();
    in.require(closing_.empty() || next.end >= closing_.back().end);
    closing_.push_back(next);
  }
}

uint64_t ClosingWindows::digest() const {
  uint64_t sum = 0;
  for (const auto& [key, window] : windows_) sum += window.digest();
  return sum;
}

}  // namespace quanzu::rules
