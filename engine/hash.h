// SipHash-1-3 (Aumasson and Bernstein, 2012), streaming: a keyed 64-bit hash. Used where an attacker chooses the keys of
// a hash table (telephone numbers), and with a fixed key for digests of state, which must not differ between builds.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace quanzu {

class SipHash {
 public:
  explicit SipHash(const std::array<uint64_t, 2>& key);

  void bytes(std::string_view data);  // no length is mixed in: see text()
  void integer(uint64_t value);       // eight bytes, little-endian whatever the machine
  void text(std::string_view data) {  // so that "ab","c" and "a","bc" differ
    integer(data.size());
    bytes(data);
  }
  uint64_t finish();  // once
  // Twice the bits, for where the hash stands for the text itself: finished as SipHash-128 is. Once, instead of finish().
  std::array<uint64_t, 2> finish_wide();

 private:
  void word(uint64_t value);
  void round();

  std::array<uint64_t, 4> v_;
  uint64_t tail_ = 0;  // bytes that don't make a word yet
  uint64_t length_ = 0;
};

std::string hex16(uint64_t value);

}  // namespace quanzu
