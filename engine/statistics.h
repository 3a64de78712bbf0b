// The few formulas that measures need, with their sources: an interval of a share, a quantile of waiting times.
// Floating point, for what is shown; never for state. Pure, so any thread may call them.
#pragma once
#include <optional>
#include <vector>

#include "engine/time.h"

namespace quanzu {

// Wilson's score interval for k of n at z = 1.959964, n may be fractional (n_eff). E. B. Wilson, JASA 22 (1927).
// [0, 1] where n is zero.
struct Interval {
  double low = 0;
  double high = 1;
};
Interval wilson(double k, double n);

// How long something took, or how long it had not happened when we stopped looking.
struct Wait {
  Duration length{};
  bool happened = false;
};

// The time by which the share `q` (0 < q < 1) had it happen: the first t where Kaplan and Meier's curve is at or below
// 1 - q (JASA 53, 1958), with the 95% interval of Brookmeyer and Crowley (Biometrics 38, 1982) on Greenwood's variance of
// the curve's logarithm. Each part is absent where the curve never comes down to it.
struct Quantile {
  std::optional<Duration> at;
  std::optional<Duration> low;
  std::optional<Duration> high;
};
Quantile kaplan_meier(std::vector<Wait> waits, double q);

}  // namespace quanzu
