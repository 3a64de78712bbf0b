// A set of hashed windows, the four bytes that a literal is known by, that answers for all windows of a text at once whether
// each may be in it: one word of memory a window, two of its bits. A blocked Bloom filter (Putze, Sanders, Singler: "Cache-,
// Hash- and Space-Efficient Bloom Filters"). With AVX2 eight windows at a time. Immutable once filled; any thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace quanzu::rules {

class WindowFilter {
 public:
  static constexpr size_t kWindow = 4;

  static uint32_t hash(uint32_t key) { return key * 0x9E3779B1; }

  // For about so many windows.
  explicit WindowFilter(size_t count = 0);
  void add(uint32_t key);

  bool may_hold(uint32_t key) const {
    const uint32_t hashed = hash(key);
    const uint32_t bits = bits_of(hashed);
    return (words_[hashed >> shift_] & bits) == bits;
  }

  // Of the text's windows of four bytes, whose key is their bytes, the first lowest, with `salt` by xor: marks[i / 64] has bit
  // i % 64 set where window i may be in the set. marks holds a bit a window, rounded up to 64, the rest of which become 0.
  void mark(std::string_view text, uint32_t salt, uint64_t* marks) const { (this->*mark_)(text, salt, marks); }

  size_t bytes() const { return words_.size() * sizeof(uint32_t); }

  // The two ways, apart for tests; the second where has_avx2().
  static bool has_avx2();
  void mark_plainly(std::string_view text, uint32_t salt, uint64_t* marks) const;
  void mark_by_eights(std::string_view text, uint32_t salt, uint64_t* marks) const;

 private:
  // Behind those bits of the hash that say which word.
  uint32_t bits_of(uint32_t hashed) const {
    return 1U << (hashed >> (shift_ - 5) & 31U) | 1U << (hashed >> (shift_ - 10) & 31U);
  }

  std::vector<uint32_t> words_;
  unsigned shift_ = 0;
  void (WindowFilter::*mark_)(std::string_view, uint32_t, uint64_t*) const = nullptr;
};

}  // namespace quanzu::rules
