#include "engine/hash.h"

#include <bit>

namespace quanzu {

SipHash::SipHash(const std::array<uint64_t, 2>& key)
    : v_{key[0] ^ 0x736f6d6570736575ULL, key[1] ^ 0x646f72616e646f6dULL, key[0] ^ 0x6c7967656e657261ULL,
         key[1] ^ 0x7465646279746573ULL} {}

void SipHash::round() {
  v_[0] += v_[1];
  v_[1] = std::rotl(v_[1], 13) ^ v_[0];
  v_[0] = std::rotl(v_[0], 32);
  v_[2] += v_[3];
  v_[3] = std::rotl(v_[3], 16) ^ v_[2];
  v_[0] += v_[3];
  v_[3] = std::rotl(v_[3], 21) ^ v_[0];
  v_[2] += v_[1];
  v_[1] = std::rotl(v_[1], 17) ^ v_[2];
  v_[2] = std::rotl(v_[2], 32);
}

void SipHash::word(uint64_t value) {
  v_[3] ^= value;
  round();
  v_[0] ^= value;
}

void SipHash::bytes(std::string_view data) {
  size_t i = 0;
  if (length_ % 8 == 0) {  // whole words at once
    for (; i + 8 <= data.size(); i += 8) {
      uint64_t value = 0;
      for (size_t k = 0; k < 8; ++k) value |= uint64_t{static_cast<unsigned char>(data[i + k])} << (8 * k);
      word(value);
    }
    length_ += i;
  }
  for (; i < data.size(); ++i) {
    tail_ |= uint64_t{static_cast<unsigned char>(data[i])} << (8 * (length_ % 8));
    ++length_;
    if (length_ % 8 == 0) {
      word(tail_);
      tail_ = 0;
    }
  }
}

// As eight little-endian bytes: the low ones end the word that was begun, the high ones begin the next.
void SipHash::integer(uint64_t value) {
  const unsigned shift = 8 * (length_ % 8);
  length_ += 8;
  word(tail_ | (value << shift));
  tail_ = shift == 0 ? 0 : value >> (64 - shift);
}

uint64_t SipHash::finish() {
  word(tail_ | (length_ << 56));
  v_[2] ^= 0xff;
  for (int i = 0; i < 3; ++i) round();
  return v_[0] ^ v_[1] ^ v_[2] ^ v_[3];
}

std::array<uint64_t, 2> SipHash::finish_wide() {
  word(tail_ | (length_ << 56));
  v_[2] ^= 0xee;
  for (int i = 0; i < 3; ++i) round();
  const uint64_t first = v_[0] ^ v_[1] ^ v_[2] ^ v_[3];
  v_[1] ^= 0xdd;
  for (int i = 0; i < 3; ++i) round();
  return {first, v_[0] ^ v_[1] ^ v_[2] ^ v_[3]};
}

std::string hex16(uint64_t value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(16, '0');
  for (size_t i = 0; i < text.size(); ++i) text[15 - i] = kDigits[(value >> (4 * i)) & 0xf];
  return text;
}

}  // namespace quanzu
