// What a command does to a folder while no server has it: open, replay, apply, commit, let go. With the same engine, journal
// and rows as the server's. One thread.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "adapters/store/recovery.h"
#include "adapters/store/sqlite_store.h"

namespace quanzu::runtime {

// A folder opened for writing, with its state recovered; a new one begins with its Genesis.
struct OpenFolder {
  std::unique_ptr<store::SqliteStore> store;
  store::Recovery recovery;
};
// Errors: those of the store (in use, unreadable, newer release) and of the replay.
Result<OpenFolder> open_folder(const store::DataFolder& folder, const Playbook& playbook = Playbook::defaults());

// A fresh journal's first event.
Genesis make_genesis();

// Applies the events and commits them as one block; nothing is written where one is refused. They bear the journal's own last
// time, not the system's: the next server may run on a manual clock in the past, and time never goes back.
Result<void> apply_offline(const store::DataFolder& folder, std::vector<EventBody> events);

}  // namespace quanzu::runtime
