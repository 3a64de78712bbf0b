// Where a server's packs come from: the folder that people edit, the folder of the pack in shadow, and what was live before,
// kept in the data folder. Compiled with a cache of databases beside it. The engine thread and the one that compiles in the
// background may both call.
#pragma once
#include <filesystem>
#include <optional>

#include "adapters/runtime/pack_archive.h"
#include "adapters/runtime/packs.h"
#include "engine/engine.h"

namespace quanzu::runtime {

class PackSource {
 public:
  // Empty paths: no rules, no shadow.
  PackSource(std::filesystem::path packs, std::filesystem::path shadow, const std::filesystem::path& data);

  // From now on databases are kept in the data folder. Errors: those of DatabaseCache::open.
  Result<void> open_cache();

  bool has_packs() const { return !packs_.empty(); }
  bool has_shadow() const { return !shadow_.empty(); }
  // With the entries of lists that still count now. Errors: compile_packs'.
  Result<SharedPacks> compile(Instant now) const;
  Result<SharedPacks> compile_shadow(Instant now) const;  // null where there is none

  // Keeps what the packs' folder holds, which was compiled to this. Errors: PackArchive::keep's.
  Result<void> keep(const CompiledPacks& packs) const { return archive_.keep(packs_, packs.hash()); }
  // A pack that was live. Errors also: kFailedPrecondition where it isn't kept, kInternal where it was altered.
  Result<SharedPacks> compile_kept(const LivePack& pack, Instant now) const;
  // What to begin with: `folder`, which the packs' folder holds, unless people went back from just that to an earlier pack:
  // a restart must not undo it.
  Result<SharedPacks> begin_with(const Engine& engine, SharedPacks folder, Instant now) const;

 private:
  const rules::DatabaseCache* cache() const { return cache_ ? &*cache_ : nullptr; }

  std::filesystem::path packs_;
  std::filesystem::path shadow_;
  std::filesystem::path data_;
  PackArchive archive_;
  std::optional<rules::DatabaseCache> cache_;
};

}  // namespace quanzu::runtime
