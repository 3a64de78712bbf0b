// Where a server's packs come from: the folder that people edit, the folder of the pack in shadow, and what was live before,
// kept in the data folder. Compiled with a cache of databases beside it. The engine thread and the one that compiles in the
// background may both call.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>

#include "adapters/runtime/pack_archive.h"
#include "engine/engine.h"
#include "rules/match/database_cache.h"
#include "rules/match/program.h"

namespace quanzu::runtime {

using SharedProgram = std::shared_ptr<const rules::Program>;

class PackSource {
 public:
  // Empty paths: no rules, no shadow.
  PackSource(std::filesystem::path packs, std::filesystem::path shadow, const std::filesystem::path& data);

  // From now on databases are kept in the data folder. Errors: those of DatabaseCache::open.
  Result<void> open_cache();

  bool has_packs() const { return !packs_.empty(); }
  bool has_shadow() const { return !shadow_.empty(); }
  // With the entries of lists that still count now. Errors: compile_packs'.
  Result<SharedProgram> compile(Instant now) const;
  Result<SharedProgram> compile_shadow(Instant now) const;  // null where there is none

  // Keeps what the packs' folder holds, which was compiled to this. Errors: PackArchive::keep's.
  Result<void> keep(const rules::Program& program) const { return archive_.keep(packs_, program.hash()); }
  // A pack that was live. Errors also: kFailedPrecondition where it isn't kept, kInternal where it was altered.
  Result<SharedProgram> compile_kept(const LivePack& pack, Instant now) const;
  // What to begin with: `folder`, which the packs' folder holds, unless people went back from just that to an earlier pack:
  // a restart must not undo it.
  Result<SharedProgram> begin_with(const Engine& engine, SharedProgram folder, Instant now) const;

 private:
  const rules::DatabaseCache* cache() const { return cache_ ? &*cache_ : nullptr; }

  std::filesystem::path packs_;
  std::filesystem::path shadow_;
  std::filesystem::path data_;
  PackArchive archive_;
  std::optional<rules::DatabaseCache> cache_;
};

}  // namespace quanzu::runtime
