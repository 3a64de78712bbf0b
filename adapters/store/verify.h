// `quanzud verify`: are the tables exactly what the journal says? Checks every block (hashes, chain, sequence numbers),
// replays all into a fresh engine, projects every table again and compares them with the stored ones, column by column and
// both ways. One read transaction, so it works beside a running server.
#pragma once
#include "adapters/store/store.h"
#include "engine/engine.h"

namespace quanzu::store {

// The rows that must be written after an event, from the engine's state and the event's effects; appends. The same
// function as the server's (adapters/runtime/projection.h).
using Projector = std::function<void(const Engine&, const Effects&, std::vector<Row>&)>;

struct VerifyReport {
  bool ok = false;
  uint64_t blocks = 0;
  uint64_t signals = 0;
  uint64_t cases = 0;
  std::string journal_digest;
  std::string state_digest;
  std::string first_difference;          // empty where ok
  std::vector<std::string> differences;  // the first kMaxDifferences
  uint64_t difference_count = 0;

  static constexpr size_t kMaxDifferences = 100;
};

// Differences are in the report. Errors, kUnavailable, only where reading itself fails (disk, permission).
Result<VerifyReport> verify(Reader& reader, const Projector& projector);

}  // namespace quanzu::store
