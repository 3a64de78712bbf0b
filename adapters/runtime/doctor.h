// What a server's machine and folder are like, and what to change before it takes anybody's signals: `quanzud doctor`. Looking
// and judging are apart, so that tests can describe machines that they don't have. Any thread.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "adapters/store/data_folder.h"
#include "engine/time.h"

namespace quanzu::runtime {

struct Machine {
  // The data folder, or where it would be made.
  std::string file_system;  // "ext4", "tmpfs", ...
  bool folder_is_there = false;
  bool others_may_read = false;  // its mode lets group or others in
  std::string unwritable;        // why nothing can be written there; empty where it can
  // The master key that opens the folder.
  bool key_needed = false;           // something is encrypted under it
  std::string key_unreadable;        // why; empty where it can be read, or nothing needs it
  bool key_in_folder = false;        // whoever copies the folder has it
  bool others_may_read_key = false;  // its mode lets group or others in
  uint64_t free_bytes = 0;
  std::chrono::nanoseconds flush{};       // median of fdatasync after 4 KiB appended
  std::chrono::nanoseconds slow_flush{};  // its 99th percentile
  std::optional<Instant> last_event;      // of its journal
  // The machine.
  Instant now{};
  std::optional<bool> clock_synchronized;  // nothing where the kernel does not say
  uint64_t open_files = 0;                 // that a process may have
  uint64_t available_memory = 0;           // bytes
  unsigned cores = 0;
  bool hyperscan_runs = true;  // its instructions are there
  bool core_dumps = false;     // a crash would write memory, and with it personal data, to a file
};

// `folder` need not exist. Writes and removes a file there, for a second at most.
Machine examine(const store::DataFolder& data);

struct Finding {
  enum class Verdict : uint8_t { kGood, kWarning, kBad };
  Verdict verdict = Verdict::kGood;
  std::string name;    // "disk.flush"
  std::string found;   // what is there
  std::string advice;  // what to do; empty where all is well
};
std::string_view verdict_name(Finding::Verdict verdict);  // "ok", "warning", "bad"

// In a fixed order, each aspect once. Bad is what makes a promise of the server untrue or keeps it from starting.
std::vector<Finding> judge(const Machine& machine);

}  // namespace quanzu::runtime
