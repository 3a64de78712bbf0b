// `quanzud verify`: are the tables and the snapshots exactly what the journal says? Checks every block (hashes, chain,
// sequence numbers, outcome marks), replays all into a fresh engine from the journal's begin, projects every table again and
// compares them with the stored ones, column by column and both ways; and each snapshot with the state at its block. One read
// transaction, so it works beside a running server.
#pragma once
#include <filesystem>

#include "adapters/store/store.h"
#include "engine/engine.h"

namespace quanzu::store {

struct VerifyReport {
  bool ok = false;
  uint64_t blocks = 0;
  uint64_t signals = 0;
  uint64_t cases = 0;
  uint64_t snapshots = 0;  // compared
  Instant at{};            // of the last event
  std::string journal_digest;
  std::string state_digest;
  std::string first_difference;          // of the earliest block; empty where ok
  std::vector<std::string> differences;  // the first kMaxDifferences
  uint64_t difference_count = 0;

  static constexpr size_t kMaxDifferences = 100;
};

// Differences are in the report. Errors, kUnavailable, only where reading itself fails (disk, permission).
// `data`: whose snapshots to compare; empty: none.
Result<VerifyReport> verify(Reader& reader, const Projector& projector, const std::filesystem::path& data = {});

}  // namespace quanzu::store
