// Signals that were: the journal of a data folder, or the signals.jsonl of a folder that has none, as batches in the order in
// which they were sequenced. And what people decided about residents since, where a journal tells it. One thread.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/store/data_folder.h"
#include "engine/engine.h"

namespace quanzu::simulator {

struct HistoryBatch {
  std::string feed;
  std::string stream;
  uint64_t first_seq = 0;
  uint64_t count = 0;
  Instant now{};                     // when it was sequenced
  std::string bytes{};               // Signal messages, each after its length; empty where they are no longer kept
  std::vector<uint64_t> rejected{};  // sequence numbers, ascending
};

// Of a resident, by the truth of their cases: one that is confirmed counts for more than one that is refuted.
using Truths = std::unordered_map<Number, Truth, NumberHash>;

class History {
 public:
  virtual ~History() = default;
  // Stops at an error of the callback. Errors: what can't be read, with its place.
  virtual Result<void> read(const std::function<Result<void>(HistoryBatch&&)>& each) = 0;
  // How many signals there are, roughly: for who shows progress. 0: nobody knows.
  virtual uint64_t expected() const { return 0; }
  // Once all was read.
  virtual Truths truths() const { return {}; }
  // The pack that is live at its end, as kept in its folder; empty where there is none.
  virtual std::filesystem::path live_pack() const { return {}; }
};

// Errors: kUnavailable where the folder holds neither, or its master key is missing.
Result<std::unique_ptr<History>> open_history(const store::DataFolder& folder);

}  // namespace quanzu::simulator
