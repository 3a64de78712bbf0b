// UTF-8 by hand: decode, encode, and find what is not well-formed (Unicode 15, table 3-7). No allocation, any
// thread.
#pragma once
#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace quanzu::rules {

constexpr char32_t kReplacement = 0xFFFD;

struct Decoded {
  char32_t code_point = kReplacement;
  uint32_t size = 1;  // bytes taken; for an ill-formed sequence its maximal valid prefix, at least 1
  bool valid = false;
};

// Decodes one code point; begin < end.
Decoded decode_utf8(const char* begin, const char* end);

// Writes 1 to 4 bytes and returns their number.
size_t encode_utf8(char32_t code_point, char* out);
void append_utf8(char32_t code_point, std::string& out);

// Position of the first ill-formed byte; npos where there is none.
size_t find_invalid_utf8(std::string_view text);

// Copies text with U+FFFD for each ill-formed sequence; returns how many there were.
size_t repair_utf8(std::string_view text, std::string& out);

bool is_ascii(std::string_view text);
// Copies 16 bytes with the ASCII letters among them lowered; whether all are ASCII.
inline bool lower_ascii_block(const char* in, char* out) {
  const __m128i before_a = _mm_set1_epi8('A' - 1), behind_z = _mm_set1_epi8('Z' + 1), bit = _mm_set1_epi8(0x20);
  const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in));
  const __m128i letter = _mm_and_si128(_mm_cmpgt_epi8(block, before_a), _mm_cmplt_epi8(block, behind_z));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm_or_si128(block, _mm_and_si128(letter, bit)));
  return _mm_movemask_epi8(block) == 0;
}
constexpr char lower_ascii(uint8_t c) {
  return static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}
size_t count_code_points(std::string_view valid_text);

}  // namespace quanzu::rules
