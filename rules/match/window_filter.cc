#include "rules/match/window_filter.h"

#include <immintrin.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace quanzu::rules {

namespace {

constexpr unsigned kMinBits = 5, kMaxBits = 22;  // of the number of words: the hash has 10 more for the two bits

constexpr size_t kLane = 16;  // bytes read at a time

// The text's last bytes, less than kLane, from `begin` on, with zeros behind. Out of memory at once where the text is long
// enough: what was just written in pieces must be waited for.
[[gnu::target("avx2")]] __m128i last_bytes(std::string_view text, size_t begin) {
  alignas(kLane) static constexpr int8_t kMoves[2 * kLane] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                                              11, 12, 13, 14, 15, -1, -1, -1, -1, -1, -1,
                                                              -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
  if (text.size() >= kLane) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + text.size() - kLane));
    const int8_t* const moves = kMoves + (begin + kLane - text.size());
    return _mm_shuffle_epi8(bytes, _mm_loadu_si128(reinterpret_cast<const __m128i*>(moves)));
  }
  char padded[kLane] = {};
  std::memcpy(padded, text.data() + begin, text.size() - begin);
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(padded));
}

}  // namespace

WindowFilter::WindowFilter(size_t count) {
  const unsigned bits = std::clamp(static_cast<unsigned>(std::bit_width(count)), kMinBits, kMaxBits);
  words_.assign(size_t{1} << bits, 0);
  shift_ = 32 - bits;
  mark_ = has_avx2() ? &WindowFilter::mark_by_eights : &WindowFilter::mark_plainly;
}

bool WindowFilter::has_avx2() {
  return __builtin_cpu_supports("avx2") != 0;
}

void WindowFilter::add(uint32_t key) {
  const uint32_t hashed = hash(key);
  words_[hashed >> shift_] |= bits_of(hashed);
}

void WindowFilter::mark_plainly(std::string_view text, uint32_t salt, uint64_t* marks) const {
  const size_t count = text.size() < kWindow ? 0 : text.size() - kWindow + 1;
  std::fill_n(marks, (count + 63) / 64, 0);
  for (size_t i = 0; i < count; ++i) {
    uint32_t window = 0;
    std::memcpy(&window, text.data() + i, kWindow);
    marks[i / 64] |= uint64_t{may_hold(window ^ salt)} << (i % 64);
  }
}

// Eight windows from sixteen bytes by one shuffle; their words by one gather.
[[gnu::target("avx2")]] void WindowFilter::mark_by_eights(std::string_view text, uint32_t salt, uint64_t* marks) const {
  const size_t count = text.size() < kWindow ? 0 : text.size() - kWindow + 1;
  const __m256i spread = _mm256_setr_epi8(0, 1, 2, 3, 1, 2, 3, 4, 2, 3, 4, 5, 3, 4, 5, 6,  //
                                          4, 5, 6, 7, 5, 6, 7, 8, 6, 7, 8, 9, 7, 8, 9, 10);
  const __m256i salts = _mm256_set1_epi32(static_cast<int>(salt));
  const __m256i factor = _mm256_set1_epi32(static_cast<int>(hash(1)));
  const __m256i low_five = _mm256_set1_epi32(31), one = _mm256_set1_epi32(1);
  const __m128i word_shift = _mm_cvtsi32_si128(static_cast<int>(shift_));
  const __m128i first_shift = _mm_cvtsi32_si128(static_cast<int>(shift_ - 5));
  const __m128i second_shift = _mm_cvtsi32_si128(static_cast<int>(shift_ - 10));
  const auto* const words = reinterpret_cast<const int*>(words_.data());
  uint64_t some = 0;  // of the 64 at hand
  for (size_t i = 0; i < count; i += 8) {
    const __m128i bytes = text.size() - i >= kLane ? _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + i))
                                                   : last_bytes(text, i);
    const __m256i windows = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(bytes), spread);
    const __m256i keys = _mm256_xor_si256(windows, salts);
    const __m256i hashed = _mm256_mullo_epi32(keys, factor);
    const __m256i first = _mm256_and_si256(_mm256_srl_epi32(hashed, first_shift), low_five);
    const __m256i second = _mm256_and_si256(_mm256_srl_epi32(hashed, second_shift), low_five);
    const __m256i bits = _mm256_or_si256(_mm256_sllv_epi32(one, first), _mm256_sllv_epi32(one, second));
    const __m256i found = _mm256_i32gather_epi32(words, _mm256_srl_epi32(hashed, word_shift), sizeof(uint32_t));
    const __m256i held = _mm256_cmpeq_epi32(_mm256_and_si256(found, bits), bits);
    some |= uint64_t{static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(held)))} << (i % 64);
    if (i % 64 != 56 && i + 8 < count) continue;
    marks[i / 64] = i + 8 <= count ? some : some & ((uint64_t{2} << ((count - 1) % 64)) - 1);
    some = 0;
  }
}

}  // namespace quanzu::rules
