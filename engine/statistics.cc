#include "engine/statistics.h"

#include <algorithm>
#include <cmath>

namespace quanzu {
namespace {

constexpr double kZ = 1.959964;  // of 95%, both sides

}  // namespace

Interval wilson(double k, double n) {
  if (n <= 0) return {};
  const double share = k / n;
  const double z2 = kZ * kZ;
  const double middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  const double half = kZ / (1 + z2 / n) * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n));
  return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

Quantile kaplan_meier(std::vector<Wait> waits, double q) {
  std::sort(waits.begin(), waits.end(), [](const Wait& a, const Wait& b) { return a.length < b.length; });
  // A curve that should stand at one half exactly stands a few rounding errors off.
  const double target = 1 - q + 1e-12;
  Quantile out;
  double curve = 1;
  double variance = 0;  // Greenwood's sum
  for (size_t i = 0; i < waits.size();) {
    const Duration at = waits[i].length;
    const auto at_risk = static_cast<double>(waits.size() - i);
    double happened = 0;
    for (; i < waits.size() && waits[i].length == at; ++i) happened += waits[i].happened ? 1 : 0;
    if (happened == 0) continue;
    curve *= 1 - happened / at_risk;
    variance += happened == at_risk ? 0 : happened / (at_risk * (at_risk - happened));
    const double factor = std::exp(kZ * std::sqrt(variance));
    if (!out.low && curve / factor <= target) out.low = at;
    if (!out.at && curve <= target) out.at = at;
    // Where the curve ends at zero its logarithm has no interval: the last one says nothing of the upper end.
    if (!out.high && curve > 0 && curve * factor <= target) out.high = at;
  }
  return out;
}

}  // namespace quanzu
