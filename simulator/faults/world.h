// The whole system under faults, by a seed: senders, clerks, a network, a clock and a disk that fail, around a server that is
// real but for its threads (machine.h). One thread, so a seed is one history and fails again in the same way. What is promised,
// whatever fails: what was acked or answered is there, once; a task is one person's; a recovery comes to the state that was;
// the tables follow from the journal; no window waits for a feed that is silent.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "simulator/faults/traffic.h"

namespace quanzu::simulator {

struct FaultReport {
  uint64_t seed = 0;
  std::string wrong;  // the first promise that was not kept; empty: all were
  uint64_t signals = 0;
  uint64_t answers = 0;  // to commands
  uint64_t blocks = 0;
  uint64_t starts = 0;      // of the server, the first too
  uint64_t power_cuts = 0;  // of the ends before them
  uint64_t lies = 0;        // and flushes that were lost
  std::string digest;       // of journal and state: the same for the same seed
};

// `folder` gets the run's data folder, which goes when the run has passed; it belongs in memory (fault_folder()).
FaultReport run_faults(uint64_t seed, const FaultPacks& packs, const std::filesystem::path& folder);

// Where files are in memory, or else where temporary files are.
std::filesystem::path fault_folder();

}  // namespace quanzu::simulator
