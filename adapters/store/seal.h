// How a block's parts lie on disk, and the chain that makes a removed, changed or exchanged block show.
//
//   part   := encrypted packed        adapters/store/cipher.h, tied to the block's numbers and the chain before it
//   packed := codec:byte bytes        codec 0: as they are; 1: LZ4 block format
//   chain  := SHA-256 of: the previous block's chain (32 zero bytes before the first), then block, first and last sequence,
//             signals, events size, raw size as 8 bytes each, then the hashes of both stored parts
//
// The hashes are over the stored bytes, so that nothing unproved reaches the decompressor, and so that the chain can still
// be checked when `raw` is gone.
#pragma once
#include "adapters/store/hash.h"
#include "adapters/store/store.h"

namespace quanzu::store {

struct Seal {
  uint64_t number = 0;
  Sequence first;
  Sequence last;
  uint64_t signals = 0;
  uint64_t events_size = 0;  // before compression
  uint64_t raw_size = 0;
  Hash events_hash{};
  Hash raw_hash{};
};
Hash chain_of(const Hash& previous, const Seal& seal);

enum class Part : uint8_t { kEvents = 1, kRaw = 2 };
// What a part is tied to when it is encrypted: all that the chain proves but the hashes, which are over what comes out.
std::string part_context(const Hash& previous, const Seal& seal, Part part);

// `out` is reused from block to block.
void pack_part(std::string_view bytes, std::string& out);
// Errors: kInternal saying what does not fit, without naming the block.
Result<void> unpack_part(std::string_view stored, uint64_t size, std::string& out);

}  // namespace quanzu::store
