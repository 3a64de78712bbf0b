#include "adapters/runtime/offline.h"

#include <sodium.h>

#include "adapters/runtime/block_builder.h"
#include "adapters/runtime/projection.h"

namespace quanzu::runtime {
namespace {

// Applies one event and adds it to the block.
Result<void> take(rules::Pipeline& pipeline, BlockBuilder& block, EventBody body) {
  const Event event{pipeline.next_sequence(), pipeline.engine().now(), std::move(body)};
  const Result<Applied> applied = pipeline.apply(event, block.effects());
  if (!applied) return Failure(applied.error());
  if (*applied == Applied::kChanged) block.add(event);
  return {};
}

}  // namespace

Genesis make_genesis() {
  ENSURE(sodium_init() >= 0, "libsodium needs the system's random source");
  std::array<unsigned char, 16> id{};
  randombytes_buf(id.data(), id.size());
  std::array<char, 2 * id.size() + 1> hex{};
  sodium_bin2hex(hex.data(), hex.size(), id.data(), id.size());
  Genesis genesis;
  genesis.store_id = hex.data();
  randombytes_buf(genesis.hash_seed.data(), sizeof(genesis.hash_seed));
  return genesis;
}

Result<OpenFolder> open_folder(const store::DataFolder& folder, const Playbook& playbook) {
  store::SqliteOptions options;
  options.projector = project_event;
  Result<std::unique_ptr<store::SqliteStore>> opened = store::SqliteStore::open(folder, std::move(options));
  if (!opened) return Failure(opened.error());
  Result<std::unique_ptr<store::Reader>> reader = (*opened)->reader();
  if (!reader) return Failure(reader.error());
  Result<store::Recovery> recovered = store::recover(**reader, folder.path(), playbook);
  if (!recovered) return Failure(recovered.error());
  return OpenFolder{std::move(*opened), std::move(*recovered)};
}

Result<void> apply_offline(const store::DataFolder& folder, std::vector<EventBody> events) {
  Result<OpenFolder> open = open_folder(folder);
  if (!open) return Failure(open.error());
  rules::Pipeline& pipeline = open->recovery.pipeline;
  if (pipeline.engine().last_sequence().value() == 0) {
    events.insert(events.begin(), make_genesis());
  }
  BlockBuilder block;
  for (EventBody& body : events) {
    if (Result<void> taken = take(pipeline, block, std::move(body)); !taken) return taken;
  }
  const std::unique_ptr<PendingBlock> done = block.finish(pipeline.engine(), std::make_unique<PendingBlock>());
  if (done->block.events.empty()) return {};
  return open->store->commit(done->block);
}

}  // namespace quanzu::runtime
