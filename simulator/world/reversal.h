// Two teams compared fairly: raw rates beside rates directly standardised over type and level, and a flag where the two disagree
// (Simpson's reversal: who has the easier cases looks better). Pure; any thread.
#pragma once
#include <span>

#include "engine/exposure.h"

namespace quanzu::simulator {

struct ProtectedComparison {
  double raw_a = 0, raw_b = 0;            // protected rates
  double standard_a = 0, standard_b = 0;  // at the mix of both together, over strata that both have
  double dropped = 0;                     // share of exposures in strata that only one has
  bool reversed() const { return (raw_a - raw_b) * (standard_a - standard_b) < 0; }
};

ProtectedComparison compare_protected(std::span<const Exposure> a, std::span<const Exposure> b, Instant as_of,
                                      Duration horizon);

}  // namespace quanzu::simulator
