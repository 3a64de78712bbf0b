// Character n-grams of a text: what learned models count. A hash comes with each, made on the way, so that a text is gone
// through once whatever their length. Header only; any thread.
#pragma once
#include <cstdint>
#include <string_view>

namespace quanzu::rules {

// The code point that begins at `at` of valid UTF-8, as its bytes, the first lowest; `at` goes behind it.
inline uint32_t take_bytes(const char*& at) {
  const auto byte = [&at] { return static_cast<uint32_t>(static_cast<uint8_t>(*at++)); };
  uint32_t out = byte();
  if (out < 0x80) return out;
  const uint32_t lead = out;
  out |= byte() << 8U;
  if (lead >= 0xE0) out |= byte() << 16U;
  if (lead >= 0xF0) out |= byte() << 24U;
  return out;
}

// on_gram(std::string_view gram, uint64_t hash) for each run of 1 to `longest` code points, by their beginnings and then by
// length; it says whether to go on with the longer ones that begin there. The hash stands for the gram. The text is valid UTF-8.
template <class OnGram>
void each_gram(std::string_view text, size_t longest, OnGram&& on_gram) {
  const char* const end = text.data() + text.size();
  for (const char* begin = text.data(); begin < end; take_bytes(begin)) {
    uint64_t hash = 0;
    const char* at = begin;
    for (size_t n = 0; n < longest && at < end; ++n) {
      hash = (hash + take_bytes(at)) * 0x9E3779B97F4A7C15U;
      hash ^= hash >> 32U;
      if (!on_gram(std::string_view(begin, static_cast<size_t>(at - begin)), hash)) break;
    }
  }
}

}  // namespace quanzu::rules
