// What one event means to one group of one correlation, and its place among all that has the same time: events by their
// sequence, what they raise directly behind them, and behind all of these what closing windows raise. Plain data.
#pragma once
#include <string>
#include <string_view>

#include "rules/correlate/groups.h"

namespace quanzu::rules {

constexpr Ms kNoTime = -kForever;

constexpr uint64_t kAtClose = uint64_t{1} << 63;
constexpr unsigned kSubBits = 16;
constexpr uint64_t kMostRaised = (uint64_t{1} << kSubBits) - 1;  // by one event, chains included

constexpr uint64_t place_of(uint64_t sequence) {
  return sequence << kSubBits;
}
constexpr uint64_t sequence_of(uint64_t order) {
  return order >> kSubBits;
}
constexpr uint64_t sub_of(uint64_t order) {
  return order & kMostRaised;
}
// Of the input, rather than raised by a correlation.
constexpr bool is_event(uint64_t order) {
  return sub_of(order) == 0 && order < kAtClose;
}

struct Touch {
  Ms at = 0;
  uint64_t order = 0;
  uint32_t correlation = 0;
  Fingerprint group{};
  Fingerprint payload{};  // as an Entry's
  std::string_view key;
};

// One that has to wait for the watermark.
struct WaitingTouch {
  Touch touch;
  std::string key;

  friend bool operator>(const WaitingTouch& a, const WaitingTouch& b) {
    if (a.touch.at != b.touch.at) return a.touch.at > b.touch.at;
    return a.touch.order != b.touch.order ? a.touch.order > b.touch.order : a.touch.correlation > b.touch.correlation;
  }
};

}  // namespace quanzu::rules
