// Chance that belongs to a thing, not to the moment: what a resident does at the third call comes from the seed, the resident
// and the 3, so that two worlds of one seed differ only where somebody acted otherwise (common random numbers).
// Pure functions over simulator/random.h, in integers, the same on any machine.
#pragma once
#include <array>
#include <initializer_list>

#include "engine/time.h"
#include "simulator/random.h"

namespace quanzu::simulator {

// What the chance is for: two kinds of draws never share a stream.
enum class Draw : uint64_t { kTraffic = 1, kCampaign, kLure, kAnswer, kTalk, kVerdict, kTruth, kPace, kStray, kPlace };

inline Random chance_of(uint64_t seed, Draw draw, std::initializer_list<uint64_t> things) {
  uint64_t mixed = seed ^ (static_cast<uint64_t>(draw) * 0xD1342543DE82EF95U);
  for (const uint64_t thing : things) {
    mixed = (mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9U + thing;
    mixed = (mixed ^ (mixed >> 32)) * 0x94D049BB133111EBU;
  }
  return Random(mixed);
}

// Around a mean, triangular from nothing to twice of it.
inline Duration around(Duration mean, Random& random) {
  return Duration(random.between(0, mean.count()) + random.between(0, mean.count()));
}

inline Duration seconds_between(const std::array<uint32_t, 2>& range, Random& random) {
  return Duration(random.between(int64_t{range[0]} * 1000, int64_t{range[1]} * 1000));
}

// Exponential, by comparing uniforms alone (J. von Neumann, 1951): a logarithm's last bits differ between libraries.
inline Duration exponential(Duration mean, Random& random) {
  for (int64_t whole = 0;; ++whole) {
    const uint64_t first = random.next();
    uint64_t last = first;
    uint64_t run = 1;
    for (uint64_t next = random.next(); next < last; next = random.next()) {
      last = next;
      ++run;
    }
    if (run % 2 == 0) continue;
    const auto part = static_cast<int64_t>((static_cast<Wide>(first) * static_cast<uint64_t>(mean.count())) >> 64);
    return Duration(whole * mean.count() + part);
  }
}

}  // namespace quanzu::simulator
