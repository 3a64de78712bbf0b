// What the store's tests share: events of every kind, and a journal of any shape.
#pragma once
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "adapters/store/sqlite_store.h"
#include "engine/event.h"
#include "tests/temporary_folder.h"

namespace quanzu::store::testing {

using quanzu::testing::TemporaryFolder;

// A batch with the memory that it borrows.
struct OwnedBatch {
  SignalBatch batch;
  std::vector<Signal> signals;
  std::vector<std::vector<RuleIndex>> rules;
  std::vector<MatchedSignal> matched;
  std::vector<RejectedSignal> rejects;

  // Call once everything else is in place; then don't move it.
  const SignalBatch& seal();
};

// Signals `first_seq` and on of stream 1: every third matches, every fifth (else) is rejected.
OwnedBatch make_batch(uint64_t first_seq, uint64_t count);

// One event of every alternative of EventBody and CommandBody, all fields set, in sequence from 1.
std::vector<Event> every_event(OwnedBatch& batch);

Block block_of(const std::vector<Event>& events);

// A block of one tick, with the row meta("block", sequence).
Block tick_block(uint64_t sequence);

// Unwraps, or fails the test with the error's message.
template <class T>
T good(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace quanzu::store::testing
