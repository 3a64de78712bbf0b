#include "engine/evidence.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "engine/result.h"

namespace quanzu {
namespace {

// 2^-(i/256) for i = 0..256 in units of 2^-31, made at compile time from integers alone: the factors 2^-(1/2),
// 2^-(1/4), ... 2^-(1/256) are repeated square roots of 1/2, and an entry is the product of the factors that the bits of
// i name. Between entries we interpolate, which is at most 1e-6 of the value too high and never rises.
constexpr int kUnitBits = 31;
constexpr uint64_t kUnit = uint64_t{1} << kUnitBits;
constexpr int kIndexBits = 8;
constexpr size_t kSegments = size_t{1} << kIndexBits;

constexpr uint64_t integer_sqrt(uint64_t value) {  // rounded down, a bit at a time
  uint64_t root = 0;
  for (int bit = 31; bit >= 0; --bit) {
    const uint64_t next = root | (uint64_t{1} << bit);
    if (next * next <= value) root = next;
  }
  return root;
}

constexpr std::array<uint64_t, kSegments + 1> make_table() {
  std::array<uint64_t, kIndexBits> factor{};  // factor[b] is 2^-(2^b / 256)
  uint64_t root = kUnit / 2;
  for (int bit = kIndexBits - 1; bit >= 0; --bit) {
    root = integer_sqrt(root << kUnitBits);
    factor[static_cast<size_t>(bit)] = root;
  }
  std::array<uint64_t, kSegments + 1> table{};
  for (size_t i = 0; i < kSegments; ++i) {
    uint64_t product = kUnit;
    for (size_t bit = 0; bit < kIndexBits; ++bit) {
      if ((i >> bit) & 1U) product = (product * factor[bit] + kUnit / 2) >> kUnitBits;
    }
    table[i] = product;
  }
  table[kSegments] = kUnit / 2;
  return table;
}

constexpr auto kTable = make_table();
static_assert(std::is_sorted(kTable.rbegin(), kTable.rend()), "decay never rises");

// The part of `whole` that `part` is (part < whole), in units of 2^-24 and under one. Both are shifted alike where the
// product would overflow: half-lives over 17 years lose a few milliseconds, and only then can the two become equal.
constexpr int kFractionBits = 24;
uint64_t fraction_of(uint64_t part, uint64_t whole) {
  const int excess = std::bit_width(whole) - (64 - kFractionBits - 1);
  if (excess > 0) {
    part >>= excess;
    whole >>= excess;
  }
  return std::min((part << kFractionBits) / whole, (uint64_t{1} << kFractionBits) - 1);
}

uint64_t power_of_half(uint64_t fraction) {  // 2^-fraction in units of 2^-31
  constexpr int kStepBits = kFractionBits - kIndexBits;
  const size_t segment = fraction >> kStepBits;
  const uint64_t step = fraction & ((uint64_t{1} << kStepBits) - 1);
  const uint64_t fall = kTable[segment] - kTable[segment + 1];
  return kTable[segment] - ((fall * step) >> kStepBits);
}

int64_t floor_points(int64_t millipoints) {
  return millipoints >= 0 ? millipoints / 1000 : -((999 - millipoints) / 1000);
}

// Whole points that add up to `total`: everyone's own rounded down, and one more for the largest remainders.
void share_points(std::vector<Piece>& pieces, int64_t total) {
  std::vector<std::pair<int64_t, size_t>> remainders;
  int64_t given = 0;
  for (size_t i = 0; i < pieces.size(); ++i) {
    const int64_t points = floor_points(pieces[i].exact.value());
    pieces[i].points = static_cast<int32_t>(points);
    given += points;
    remainders.emplace_back(points * 1000 - pieces[i].exact.value(), i);  // less the remainder: the largest first
  }
  std::sort(remainders.begin(), remainders.end());
  const auto left = static_cast<size_t>(total - given);
  ENSURE(total >= given && left <= pieces.size(), "remainders are under a point each");
  for (size_t i = 0; i < left; ++i) ++pieces[remainders[i].second].points;
}

Millipoints saturated(int64_t sum) {
  using Limits = std::numeric_limits<Millipoints::Value>;
  return Millipoints(static_cast<int32_t>(std::clamp<int64_t>(sum, Limits::min(), Limits::max())));
}

}  // namespace

Millipoints decayed(Millipoints weight, Duration elapsed, Duration half_life) {
  if (elapsed.count() <= 0 || half_life.count() <= 0) return weight;
  const auto age = static_cast<uint64_t>(elapsed.count());
  const auto half = static_cast<uint64_t>(half_life.count());
  const uint64_t halvings = age / half;
  if (halvings >= kUnitBits) return Millipoints(0);
  const int64_t signed_weight = weight.value();
  const auto size = static_cast<uint64_t>(signed_weight < 0 ? -signed_weight : signed_weight);
  const uint64_t left = (size * power_of_half(fraction_of(age % half, half))) >> (kUnitBits + halvings);
  return Millipoints(
      static_cast<int32_t>(signed_weight < 0 ? -static_cast<int64_t>(left) : static_cast<int64_t>(left)));
}

Millipoints diminished(Millipoints weight, uint32_t repeats) {
  if (repeats >= 31) return Millipoints(0);
  return Millipoints(weight.value() / (int32_t{1} << repeats));
}

Risk assess(std::span<const Evidence> evidence, Instant now) {
  std::array<int64_t, kFraudTypeCount> sums{};
  std::vector<Millipoints> present;
  present.reserve(evidence.size());
  for (const Evidence& each : evidence) {
    present.push_back(decayed(each.weight, now - each.at, each.half_life));
    sums[static_cast<size_t>(each.fraud_type)] += present.back().value();
  }
  constexpr auto kUntyped = static_cast<size_t>(FraudType::kNone);
  for (size_t type = kUntyped + 1; type < kFraudTypeCount; ++type) sums[type] += sums[kUntyped];
  const auto largest = static_cast<size_t>(std::max_element(sums.begin(), sums.end()) - sums.begin());

  Risk risk;
  risk.fraud_type = static_cast<FraudType>(largest);
  risk.score = saturated(sums[largest]);
  risk.points = static_cast<int32_t>(floor_points(sums[largest]));
  for (size_t i = 0; i < evidence.size(); ++i) {
    const FraudType type = evidence[i].fraud_type;
    const bool counts = type == risk.fraud_type || type == FraudType::kNone;
    if (counts && present[i].value() != 0) risk.pieces.push_back({static_cast<uint32_t>(i), present[i], 0});
  }
  std::sort(risk.pieces.begin(), risk.pieces.end(), [](const Piece& a, const Piece& b) {
    return a.exact != b.exact ? a.exact > b.exact : a.evidence < b.evidence;
  });
  share_points(risk.pieces, floor_points(sums[largest]));
  return risk;
}

}  // namespace quanzu
