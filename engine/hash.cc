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
  for (char c : data) {
    tail_ |= uint64_t{static_cast<unsigned char>(c)} << (8 * (length_ % 8));
    ++length_;
    if (length_ % 8 == 0) {
      word(tail_);
      tail_ = 0;
    }
  }
}

void SipHash::integer(uint64_t value) {
  std::array<char, 8> little;
  for (size_t i = 0; i < little.size(); ++i) little[i] = static_cast<char>(value >> (8 * i));
  bytes({little.data(), little.size()});
}

uint64_t SipHash::finish() {
  word(tail_ | (length_ << 56));
  v_[2] ^= 0xff;
  for (int i = 0; i < 3; ++i) round();
  return v_[0] ^ v_[1] ^ v_[2] ^ v_[3];
}

std::string hex16(uint64_t value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(16, '0');
  for (size_t i = 0; i < text.size(); ++i) text[15 - i] = kDigits[(value >> (4 * i)) & 0xf];
  return text;
}

}  // namespace quanzu
