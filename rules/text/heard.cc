#include "rules/text/heard.h"

#include <algorithm>
#include <array>

#include "rules/text/pinyin.h"
#include "rules/text/tables.h"
#include "rules/text/utf8.h"

namespace quanzu::rules {

namespace {

#include "rules/text/heard_data.inc"

constexpr uint32_t pair_of(char32_t first, char32_t second) {
  return static_cast<uint32_t>(first) << 16 | static_cast<uint32_t>(second);
}

struct Found {
  uint32_t word = 0;     // 0: none
  bool written = false;  // as it is
};

// The word that the pair is or sounds like. `certain`: the first character belongs to a word already, and stays.
Found find_word(uint32_t pair, uint32_t sounds, bool certain) {
  Found found;
  const uint32_t bucket = heard_bit(sounds >> 16, sounds & 0xFFFFU) % kBuckets;
  for (size_t i = kFirst[bucket]; i < kFirst[bucket + 1]; ++i) {
    if (kSounds[i] != sounds) continue;
    const uint32_t word = kWords[i];
    if (word == pair) return {word, true};
    const bool same_first = word >> 16 == pair >> 16;
    const bool same_second = (word & 0xFFFFU) == (pair & 0xFFFFU);
    if (found.word == 0 && (same_first || (same_second && !certain))) found.word = word;
  }
  if (found.word != 0 && std::binary_search(kOrdinary.begin(), kOrdinary.end(), pair)) return {};
  return found;
}

// The ideograph that begins there; 0: none does.
uint32_t ideograph_at(const char* at, const char* end) {
  if (end - at < 3) return 0;
  const auto byte = [at](size_t i) { return static_cast<uint8_t>(at[i]); };
  const uint32_t c = (byte(0) & 0xFU) << 12 | (byte(1) & 0x3FU) << 6 | (byte(2) & 0x3FU);
  return byte(0) >= 0xE4 && byte(0) <= 0xE9 && c - tables::kHanBegin < tables::kHan.size() ? c : 0;
}

// Whether the character and what follows are a listed word as they stand: 付保证金 is not 付宝.
bool begins_word(uint32_t c, uint32_t sound, const char* next, const char* end) {
  const uint32_t second = ideograph_at(next, end);
  return second != 0 && find_word(pair_of(c, second), pair_of(sound, sound_of(second)), true).written;
}

}  // namespace

void to_heard(std::string_view text, std::string& out) {
  out.assign(text);
  uint32_t last = 0;  // the ideograph that ends where this one begins; 0: none does
  uint32_t last_sound = 0;
  bool certain = false;  // it belongs to a word
  char* const end = out.data() + out.size();
  for (char* at = out.data(); end - at >= 3;) {
    const uint32_t c = ideograph_at(at, end);
    if (c == 0) {
      at += 1;  // what continues a character is none of these either
      last = 0;
      continue;
    }
    const uint32_t sound = sound_of(c);
    const uint32_t bit = heard_bit(last_sound, sound);
    uint32_t word = 0;
    if (((kBits[bit / 64] >> (bit % 64)) & 1U) != 0 && last != 0) {
      Found found = find_word(pair_of(last, c), pair_of(last_sound, sound), certain);
      if (!found.written && (found.word & 0xFFFFU) != c && begins_word(c, sound, at + 3, end)) found = {};
      word = found.word;
      if (word != 0 && !found.written) {
        encode_utf8(word >> 16, at - 3);
        encode_utf8(word & 0xFFFFU, at);
      }
    }
    last = word != 0 ? word & 0xFFFFU : c;
    last_sound = sound;
    certain = word != 0;
    at += 3;
  }
}

}  // namespace quanzu::rules
