#include "adapters/runtime/pack_source.h"

namespace quanzu::runtime {

PackSource::PackSource(std::filesystem::path packs, std::filesystem::path shadow, const std::filesystem::path& data)
    : packs_(std::move(packs)), shadow_(std::move(shadow)), data_(data), archive_(data) {}

Result<void> PackSource::open_cache() {
  Result<rules::DatabaseCache> opened = rules::DatabaseCache::open(data_ / "cache");
  if (!opened) return Failure(opened.error());
  cache_ = std::move(*opened);
  return {};
}

Result<SharedPacks> PackSource::compile(Instant now) const {
  return compile_packs(packs_, cache(), now);
}

Result<SharedPacks> PackSource::compile_shadow(Instant now) const {
  if (!has_shadow()) return SharedPacks();
  return compile_packs(shadow_, cache(), now);
}

Result<SharedPacks> PackSource::compile_kept(const LivePack& pack, Instant now) const {
  const std::string folder = archive_.folder_of(pack.hash).string();
  const std::string version = "version " + std::to_string(pack.version.value()) + " of the packs";
  if (!archive_.has(pack.hash)) {
    return fail(Code::kFailedPrecondition, version + " is not kept: bring " + folder + " back from a backup", "packs");
  }
  Result<SharedPacks> packs = compile_packs(folder, cache(), now);
  if (packs && (*packs)->hash() != pack.hash) {
    return fail(Code::kInternal, version + " was altered: bring " + folder + " back from a backup", "packs");
  }
  return packs;
}

Result<SharedPacks> PackSource::begin_with(const Engine& engine, SharedPacks folder, Instant now) const {
  const LivePack* live = engine.find_pack(engine.live_pack());
  if (live == nullptr || live->hash == folder->hash() || live->folder_hash != folder->hash()) return folder;
  Result<SharedPacks> packs = compile_kept(*live, now);
  if (packs) return packs;
  return fail(Code::kFailedPrecondition,
              "people went back to it by a rollback, but " + packs.error().message +
                  ", or change the packs' folder and what is there is taken up",
              "packs");
}

}  // namespace quanzu::runtime
