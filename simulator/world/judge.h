// What a world came to, judged by the fates that only it knows: who would have paid and did not, what the rules found, how long
// the cases waited, and the measures beside the same rates with every verdict known. Pure functions over a world at its end.
#pragma once
#include "simulator/world/desk.h"
#include "simulator/world/world.h"

namespace quanzu::simulator {

struct WorldEnd {
  const Scenario& scenario;
  const Clockwork& clockwork;
  const Lures& lures;
  const Desk& desk;
  Instant now{};
};

// Fills funnel, waiting, exposures, measures, known and the counts of cases.
void judge(const WorldEnd& end, Outcome& out);

}  // namespace quanzu::simulator
