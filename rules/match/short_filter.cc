#include "rules/match/short_filter.h"

#include <immintrin.h>

#include <algorithm>
#include <cstring>

#include "engine/result.h"

namespace quanzu::rules {

namespace {

constexpr size_t kLane = 16;

__m128i lane_at(const void* bytes) {
  return _mm_loadu_si128(static_cast<const __m128i*>(bytes));
}

}  // namespace

// Neighbours in order share their first bytes: together in a bucket they let the fewest others through.
void ShortFilter::seal() {
  std::sort(strings_.begin(), strings_.end());
  strings_.erase(std::unique(strings_.begin(), strings_.end()), strings_.end());
  at_ = {};
  for (size_t i = 0; i < strings_.size(); ++i) {
    const std::string& string = strings_[i];
    ENSURE(!string.empty() && string.size() <= kMaxSize, "a string of one to three bytes");
    const auto bucket = static_cast<uint8_t>(1U << (i * kBuckets / std::max(strings_.size(), kBuckets)));
    for (size_t place = 0; place < kMaxSize; ++place) {
      Halves& halves = at_[place];
      if (place < string.size()) {
        const auto byte = static_cast<uint8_t>(string[place]);
        halves.low[byte & 15U] |= bucket;
        halves.high[byte >> 4] |= bucket;
        continue;
      }
      for (uint8_t& any : halves.low) any |= bucket;
      for (uint8_t& any : halves.high) any |= bucket;
    }
  }
}

// SSSE3 is in every processor that a release is built for (x86-64-v2).
[[gnu::target("ssse3")]] void ShortFilter::mark(std::string_view text, uint64_t* marks) const {
  const __m128i low_half = _mm_set1_epi8(15);
  __m128i low[kMaxSize], high[kMaxSize];  // no std::array: an alignment counts for nothing in a template argument
  for (size_t place = 0; place < kMaxSize; ++place) {
    low[place] = lane_at(at_[place].low.data());
    high[place] = lane_at(at_[place].high.data());
  }
  const auto mark_lane = [&](const char* bytes) __attribute__((target("ssse3"))) {
    __m128i buckets = _mm_set1_epi8(-1);
    for (size_t place = 0; place < kMaxSize; ++place) {
      const __m128i lane = lane_at(bytes + place);
      const __m128i lower = _mm_and_si128(lane, low_half);
      const __m128i upper = _mm_and_si128(_mm_srli_epi16(lane, 4), low_half);
      buckets = _mm_and_si128(buckets,
                              _mm_and_si128(_mm_shuffle_epi8(low[place], lower), _mm_shuffle_epi8(high[place], upper)));
    }
    const int none = _mm_movemask_epi8(_mm_cmpeq_epi8(buckets, _mm_setzero_si128()));
    return uint64_t{static_cast<uint32_t>(none) ^ 0xFFFFU};
  };
  uint64_t some = 0;  // of the 64 at hand
  for (size_t i = 0; i < text.size(); i += kLane) {
    if (text.size() - i >= kLane + kMaxSize - 1) {
      some |= mark_lane(text.data() + i) << (i % 64);
    } else {
      char padded[kLane + kMaxSize] = {};
      const size_t rest = std::min(text.size() - i, sizeof padded);
      std::memcpy(padded, text.data() + i, rest);
      const uint64_t there = rest >= kLane ? 0xFFFFU : (uint64_t{1} << rest) - 1;
      some |= (mark_lane(padded) & there) << (i % 64);
    }
    if (i % 64 != 64 - kLane && i + kLane < text.size()) continue;
    marks[i / 64] = some;
    some = 0;
  }
}

}  // namespace quanzu::rules
