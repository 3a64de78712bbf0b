// Rule packs on their way from files to a live program: read, checked, compiled.
// Any thread; slow (seconds at 10,000 rules), so a server does it in a thread of its own.
#pragma once
#include <filesystem>
#include <memory>

#include "engine/event.h"
#include "rules/correlate/definition.h"
#include "rules/match/database_cache.h"
#include "rules/match/program.h"

namespace quanzu::runtime {

// All that a server needs of its packs, made once, away from the engine thread.
struct CompiledPacks {
  std::shared_ptr<const rules::Program> program;
  rules::Definitions definitions;  // of its correlations
  PackLive live;                   // but for version and folder_hash, which are known when it goes live

  const std::string& hash() const { return live.hash; }
};
using SharedPacks = std::shared_ptr<const CompiledPacks>;

// The packs under a folder, with the entries of lists that still count now; an empty path is a pack without rules. Errors:
// kInvalidArgument that names the first problems with file, line and column; kUnavailable where the folder can't be read.
// Null where there is no cache.
Result<SharedPacks> compile_packs(const std::filesystem::path& folder, const rules::DatabaseCache* cache, Instant now);

// The event by which packs go live as this version, while their folder holds what has folder_hash.
PackLive pack_live(PackVersion version, const CompiledPacks& packs, const std::string& folder_hash);

}  // namespace quanzu::runtime
