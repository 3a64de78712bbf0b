// The simulator's source of chance: xoshiro256** seeded by splitmix64 (Blackman and Vigna, 2018), with distributions of our
// own, because the standard library's differ between implementations and a seed must give the same world everywhere.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace quanzu::simulator {

__extension__ using Wide = unsigned __int128;

class Random {
 public:
  explicit Random(uint64_t seed) {
    for (uint64_t& word : state_) {
      seed += 0x9E3779B97F4A7C15U;
      uint64_t mixed = seed;
      mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
      mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
      word = mixed ^ (mixed >> 31);
    }
  }

  uint64_t next() {
    const uint64_t result = rotate(state_[1] * 5, 7) * 9;
    const uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotate(state_[3], 45);
    return result;
  }

  // Uniform in [0, n), n > 0; the bias of the multiplication is under n / 2^64.
  uint64_t below(uint64_t n) { return static_cast<uint64_t>((static_cast<Wide>(next()) * n) >> 64); }
  int64_t between(int64_t low, int64_t high) {  // both included
    return low + static_cast<int64_t>(below(static_cast<uint64_t>(high - low) + 1));
  }
  // True in `per_mille` of a thousand.
  bool chance(uint32_t per_mille) { return below(1000) < per_mille; }

  template <class T>
  const T& pick(std::span<const T> from) {
    return from[below(from.size())];
  }
  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }

  // A stream of its own for the n-th thing: what happens to one resident does not shift another's fate.
  Random fork(uint64_t n) { return Random(next() ^ (n * 0xD1342543DE82EF95U)); }

 private:
  static uint64_t rotate(uint64_t word, int by) { return (word << by) | (word >> (64 - by)); }
  std::array<uint64_t, 4> state_{};
};

}  // namespace quanzu::simulator
