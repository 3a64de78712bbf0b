#include "simulator/world/reversal.h"

#include <array>
#include <map>

namespace quanzu::simulator {
namespace {

struct Tally {
  double safe = 0;
  double all = 0;
  double rate() const { return all > 0 ? safe / all : 0; }
};
using Strata = std::map<std::pair<FraudType, Level>, std::array<Tally, 2>>;

void add(std::span<const Exposure> exposures, size_t team, Instant as_of, Duration horizon, Strata& strata,
         Tally& raw) {
  for (const Exposure& each : exposures) {
    const Standing standing = standing_of(each, as_of, horizon);
    if (standing != Standing::kSafe && standing != Standing::kLost) continue;
    for (Tally* tally : {&strata[{each.fraud_type, each.level}][team], &raw}) {
      tally->all += 1;
      tally->safe += standing == Standing::kSafe ? 1 : 0;
    }
  }
}

}  // namespace

ProtectedComparison compare_protected(std::span<const Exposure> a, std::span<const Exposure> b, Instant as_of,
                                      Duration horizon) {
  Strata strata;
  std::array<Tally, 2> raw;
  add(a, 0, as_of, horizon, strata, raw[0]);
  add(b, 1, as_of, horizon, strata, raw[1]);
  ProtectedComparison out{.raw_a = raw[0].rate(), .raw_b = raw[1].rate()};
  double weight = 0;
  for (const auto& [stratum, teams] : strata) {
    const double size = teams[0].all + teams[1].all;
    if (teams[0].all == 0 || teams[1].all == 0) {
      out.dropped += size;
      continue;
    }
    weight += size;
    out.standard_a += size * teams[0].rate();
    out.standard_b += size * teams[1].rate();
  }
  if (weight > 0) {
    out.standard_a /= weight;
    out.standard_b /= weight;
  }
  if (weight + out.dropped > 0) out.dropped /= weight + out.dropped;
  return out;
}

}  // namespace quanzu::simulator
