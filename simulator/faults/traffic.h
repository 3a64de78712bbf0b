// What the senders send under faults, and what must come of it whatever fails: each signal knows which rules must alert for it,
// under any of the packs, and whether it must be refused. The packs hold the same rules at other indices, so that a batch
// that is applied under another pack than matched it shows. Made once, used by every run; any thread.
#pragma once
#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "adapters/runtime/packs.h"
#include "simulator/random.h"

namespace quanzu::simulator {

constexpr size_t kFaultWords =
    5;  // rule fault_0 .. fault_4, a word each; a window that decides at its close watches the last
constexpr size_t kFaultPacks = 3;

struct FaultSignal {
  std::string fields;         // as feed::SignalWriter writes them
  bool bad = false;           // to be refused
  std::vector<size_t> words;  // whose rules must alert, each once
};
FaultSignal make_fault_signal(Random& random, Instant at);

std::string fault_rule(size_t word);  // its id

class FaultPacks {
 public:
  // Writes them under `folder` and compiles them there. Errors: the packs'.
  static Result<FaultPacks> make(const std::filesystem::path& folder);
  const runtime::SharedPacks& operator[](size_t n) const { return packs_[n]; }

 private:
  std::array<runtime::SharedPacks, kFaultPacks> packs_;
};

}  // namespace quanzu::simulator
