// Snapshots: the state of a pipeline after a block as a file under DIR/snapshots, so that a start need not replay the whole
// journal. Written by the follower (adapters/runtime/follower.h), read by recovery. What is damaged, of another journal or of
// other semantics is refused with the reason, never half used. Any thread.
//
//   file     := "quanzu snapshot 2\n" head part* hash
//   head     := store_id block sequence at chain digest state_size         as in engine/bytes.h
//   part     := bytes                                                     pieces of the state, packed (adapters/store/seal.h) and
//                                                                         encrypted, tied to the head and their number
//   hash     := SHA-256 of all before it, 32 bytes
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "adapters/store/hash.h"
#include "adapters/store/keyring.h"
#include "rules/pipeline.h"

namespace quanzu::store {

struct SnapshotHead {
  std::string store_id;  // of the journal that it belongs to
  uint64_t block = 0;    // it is the state after this block
  Sequence sequence;     // of that block's last event
  Instant at{};          // and its time
  std::string chain;     // the block's chain hash, 32 bytes
  std::string digest;    // Pipeline::digest()
  uint64_t state_size = 0;
};

struct Snapshot {
  SnapshotHead head;
  rules::Pipeline pipeline;
};

std::filesystem::path snapshots_folder(const std::filesystem::path& data);

// Newest first.
std::vector<std::filesystem::path> find_snapshots(const std::filesystem::path& data);

// The state after `block`, which is the journal's newest that was replayed. Keeps this file and the one before, and removes
// the others, also those of later blocks: they are of a journal that has lost its end. Errors, kUnavailable: the disk.
Result<SnapshotHead> write_snapshot(const std::filesystem::path& data, const rules::Pipeline& pipeline, uint64_t block,
                                    const Hash& chain, Encryptor& encryptor);

// Errors name the file: kInternal where it is damaged, or comes to another digest than it was written with;
// kFailedPrecondition where another release or another playbook made it; kUnavailable: the disk, the master key.
Result<Snapshot> read_snapshot(const std::filesystem::path& file, Keyring& keys, Playbook playbook);

// The same of a file's bytes. The head needs no key.
Result<SnapshotHead> read_snapshot_head(std::string_view bytes);
Result<Snapshot> parse_snapshot(std::string_view bytes, Keyring& keys, Playbook playbook);

}  // namespace quanzu::store
