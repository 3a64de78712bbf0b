// What other rules would have made of signals that were: the same history through two worlds, each with its own pack, state
// and queue, so that an author knows whom a change wakes up before it wakes anybody. Nobody works these queues: commands of
// people are not replayed, since they answered other cases. One caller; it uses threads of its own to match.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/runtime/packs.h"
#include "simulator/history.h"

namespace quanzu::simulator {

struct BacktestOptions {
  Instant from = Instant::min();  // of when a signal was sequenced; windows are empty then
  Instant to = Instant::max();
  size_t workers = 2;
  std::function<void(uint64_t signals)> progress{};  // now and then
};

// Somebody whom a pack would have opened a case about.
struct Woken {
  Number resident;
  FraudType fraud_type = FraudType::kNone;
  Level level = Level::kNone;
  int32_t score = 0;
  Instant at{};
  Truth truth = Truth::kUnlabelled;  // as people decided about the resident
  struct Why {
    std::string rule;   // id; empty for an instruction or a fact
    std::string label;  // its title
    int32_t points = 0;
  };
  std::vector<Why> reasons;
};

// One pack's world at its end.
struct WorldReport {
  uint64_t rules = 0;
  uint64_t alerts = 0;
  uint64_t residents = 0;  // with a case
  std::map<Level, uint64_t> cases;
  std::map<TaskType, uint64_t> tasks;
  std::map<std::string, uint64_t> alerts_by_rule;  // those that raised any
  // Of the residents with a case: how many people have confirmed, or refuted, since.
  uint64_t confirmed = 0;
  uint64_t refuted = 0;
  double seconds = 0;  // of matching, over all workers

  uint64_t case_count() const;
  double operator_hours() const;  // by minutes_of(), each task once
};

struct BacktestReport {
  uint64_t signals = 0;   // that were matched
  uint64_t unusable = 0;  // rejected then, or not readable now
  uint64_t gone = 0;      // no longer kept
  Instant first{};
  Instant last{};
  uint64_t confirmed = 0;  // residents whom people have confirmed since, whatever the rules say: what recall is of
  double seconds = 0;      // by the clock
  WorldReport with;
  std::optional<WorldReport> against;
  std::vector<Woken> gained;  // highest level first, then by time
  std::vector<Woken> lost;
};

// Minutes of work that a task is taken for: assumed.
double minutes_of(TaskType type);

// `against` may be null: then everybody is gained. Errors: those of the history.
Result<BacktestReport> backtest(History& history, const runtime::SharedPacks& with, const runtime::SharedPacks& against,
                                const BacktestOptions& options);

}  // namespace quanzu::simulator
