// Which faults a seed knows and how often, so that some runs are full of one of them and others mix all. Pure; any thread.
// What each does stands in docs/simulator.md.
#pragma once
#include <cstdint>
#include <vector>

#include "simulator/faults/disk.h"

namespace quanzu::simulator {

struct Mood {
  std::vector<DiskFault> disk;
  uint32_t disk_chance = 0;  // of a thousand steps
  uint32_t end_chance = 0;
  bool power = false;
  bool lies = false;
  bool clock = false;
  bool packs = false;
  bool snapshots = false;
  bool idle = false;  // the last stream says little
  uint64_t steps = 0;
};
Mood mood_of(Random& random);

}  // namespace quanzu::simulator
