#include "rules/text/utf8.h"

#include <immintrin.h>

#include <array>
#include <cstring>

namespace quanzu::rules {

Decoded decode_utf8(const char* begin, const char* end) {
  const auto byte = [begin](size_t i) { return static_cast<uint8_t>(begin[i]); };
  const auto left = static_cast<size_t>(end - begin);
  const uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  if (lead < 0xC2 || lead > 0xF4) return {};
  const uint32_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  // The second byte's range excludes overlong forms, surrogates and what is past U+10FFFF.
  const uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (left < 2 || byte(1) < low || byte(1) > high) return {};
  char32_t code_point = ((lead & (0x7FU >> size)) << 6) | (byte(1) & 0x3FU);
  for (uint32_t i = 2; i < size; ++i) {
    if (i >= left || (byte(i) & 0xC0) != 0x80) return {kReplacement, i, false};
    code_point = (code_point << 6) | (byte(i) & 0x3FU);
  }
  return {code_point, size, true};
}

size_t encode_utf8(char32_t code_point, char* out) {
  if (code_point < 0x80) {
    out[0] = static_cast<char>(code_point);
    return 1;
  }
  if (code_point < 0x800) {
    out[0] = static_cast<char>(0xC0 | (code_point >> 6));
    out[1] = static_cast<char>(0x80 | (code_point & 0x3F));
    return 2;
  }
  if (code_point < 0x10000) {
    out[0] = static_cast<char>(0xE0 | (code_point >> 12));
    out[1] = static_cast<char>(0x80 | ((code_point >> 6) & 0x3F));
    out[2] = static_cast<char>(0x80 | (code_point & 0x3F));
    return 3;
  }
  out[0] = static_cast<char>(0xF0 | (code_point >> 18));
  out[1] = static_cast<char>(0x80 | ((code_point >> 12) & 0x3F));
  out[2] = static_cast<char>(0x80 | ((code_point >> 6) & 0x3F));
  out[3] = static_cast<char>(0x80 | (code_point & 0x3F));
  return 4;
}

void append_utf8(char32_t code_point, std::string& out) {
  char bytes[4];
  out.append(bytes, encode_utf8(code_point, bytes));
}

bool is_ascii(std::string_view text) {
  uint64_t all = 0;
  size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + i, 8);
    all |= word;
  }
  for (; i < text.size(); ++i) all |= static_cast<uint8_t>(text[i]);
  return (all & 0x8080808080808080U) == 0;
}

namespace {

// J. Keiser and D. Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte" (2021): three table lookups, on both
// halves of a byte and the high half of the next, name each way in which a pair can be wrong; what is left is whether a
// third and fourth byte stand where they must. 24 times as fast as walking 124 bytes of Chinese by decode_utf8.
constexpr uint8_t kTooShort = 1, kTooLong = 2, kOverlong3 = 4, kTooLarge = 8, kSurrogate = 16, kOverlong2 = 32,
                  kTooLarge1000 = 64, kOverlong4 = 64, kTwoContinuations = 128;
constexpr uint8_t kCarry = kTooShort | kTooLong | kTwoContinuations;
alignas(16) constexpr uint8_t kFirstHigh[16] = {kTooLong,
                                                kTooLong,
                                                kTooLong,
                                                kTooLong,
                                                kTooLong,
                                                kTooLong,
                                                kTooLong,
                                                kTooLong,
                                                kTwoContinuations,
                                                kTwoContinuations,
                                                kTwoContinuations,
                                                kTwoContinuations,
                                                kTooShort | kOverlong2,
                                                kTooShort,
                                                kTooShort | kOverlong3 | kSurrogate,
                                                kTooShort | kTooLarge | kTooLarge1000 | kOverlong4};
constexpr uint8_t kLarge = kCarry | kTooLarge | kTooLarge1000;
alignas(16) constexpr uint8_t kFirstLow[16] = {kCarry | kOverlong3 | kOverlong2 | kOverlong4,
                                               kCarry | kOverlong2,
                                               kCarry,
                                               kCarry,
                                               kCarry | kTooLarge,
                                               kLarge,
                                               kLarge,
                                               kLarge,
                                               kLarge,
                                               kLarge,
                                               kLarge,
                                               kLarge,
                                               kLarge,
                                               kLarge | kSurrogate,
                                               kLarge,
                                               kLarge};
constexpr uint8_t kContinued = kTooLong | kOverlong2 | kTwoContinuations;
alignas(16) constexpr uint8_t kSecondHigh[16] = {kTooShort,
                                                 kTooShort,
                                                 kTooShort,
                                                 kTooShort,
                                                 kTooShort,
                                                 kTooShort,
                                                 kTooShort,
                                                 kTooShort,
                                                 kContinued | kOverlong3 | kTooLarge1000 | kOverlong4,
                                                 kContinued | kOverlong3 | kTooLarge,
                                                 kContinued | kSurrogate | kTooLarge,
                                                 kContinued | kSurrogate | kTooLarge,
                                                 kTooShort,
                                                 kTooShort,
                                                 kTooShort,
                                                 kTooShort};

struct Validation {
  __m128i before = _mm_setzero_si128();  // the 16 bytes before
  __m128i wrong = _mm_setzero_si128();

  __attribute__((target("ssse3"))) void take(const char* bytes) {
    const auto table = [](const uint8_t* values) { return _mm_load_si128(reinterpret_cast<const __m128i*>(values)); };
    const __m128i now = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
    const __m128i nibble = _mm_set1_epi8(0x0F);
    const __m128i first = _mm_alignr_epi8(now, before, 15);
    const __m128i pair = _mm_and_si128(
        _mm_and_si128(_mm_shuffle_epi8(table(kFirstHigh), _mm_and_si128(_mm_srli_epi16(first, 4), nibble)),
                      _mm_shuffle_epi8(table(kFirstLow), _mm_and_si128(first, nibble))),
        _mm_shuffle_epi8(table(kSecondHigh), _mm_and_si128(_mm_srli_epi16(now, 4), nibble)));
    // 0x80 where a three or four byte form began two or three bytes before.
    const __m128i third = _mm_subs_epu8(_mm_alignr_epi8(now, before, 14), _mm_set1_epi8(0xE0 - 0x80));
    const __m128i fourth = _mm_subs_epu8(_mm_alignr_epi8(now, before, 13), _mm_set1_epi8(0xF0 - 0x80));
    const __m128i must = _mm_and_si128(_mm_or_si128(third, fourth), _mm_set1_epi8(static_cast<char>(0x80)));
    wrong = _mm_or_si128(wrong, _mm_xor_si128(must, pair));
    before = now;
  }
};

bool is_valid_utf8(std::string_view text) {
  if (text.empty()) return true;
  Validation validation;
  size_t at = 0;
  for (; at + 16 <= text.size(); at += 16) validation.take(text.data() + at);
  // Zeros after the end show a form that was cut.
  std::array<char, 16> tail{};
  std::memcpy(tail.data(), text.data() + at, text.size() - at);
  validation.take(tail.data());
  return _mm_movemask_epi8(_mm_cmpeq_epi8(validation.wrong, _mm_setzero_si128())) == 0xFFFF;
}

}  // namespace

size_t find_invalid_utf8(std::string_view text) {
  if (is_valid_utf8(text)) return std::string_view::npos;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    const Decoded decoded = decode_utf8(at, end);
    if (!decoded.valid) return static_cast<size_t>(at - text.data());
    at += decoded.size;
  }
  return std::string_view::npos;
}

size_t repair_utf8(std::string_view text, std::string& out) {
  out.clear();
  size_t repaired = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    const Decoded decoded = decode_utf8(at, end);
    if (decoded.valid) {
      out.append(at, decoded.size);
    } else {
      append_utf8(kReplacement, out);
      ++repaired;
    }
    at += decoded.size;
  }
  return repaired;
}

size_t count_code_points(std::string_view valid_text) {
  size_t count = 0;
  for (char c : valid_text) count += (static_cast<uint8_t>(c) & 0xC0) != 0x80;
  return count;
}

}  // namespace quanzu::rules
