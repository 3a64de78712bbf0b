#include "simulator/faults/mood.h"

namespace quanzu::simulator {

Mood mood_of(Random& random) {
  Mood mood;
  for (const DiskFault fault :
       {DiskFault::kEndBefore, DiskFault::kEndAfter, DiskFault::kTorn, DiskFault::kError, DiskFault::kFull}) {
    if (random.chance(600)) mood.disk.push_back(fault);
  }
  mood.disk_chance = mood.disk.empty() ? 0 : static_cast<uint32_t>(random.between(2, 12));
  mood.end_chance = static_cast<uint32_t>(random.between(0, 6));
  mood.power = random.chance(500);
  mood.lies = random.chance(150);
  mood.clock = random.chance(500);
  mood.packs = random.chance(600);
  mood.snapshots = random.chance(400);
  mood.idle = random.chance(500);
  mood.steps = static_cast<uint64_t>(random.between(300, 1200));
  return mood;
}

}  // namespace quanzu::simulator
