// The measures put to the test: the same scenario over many seeds, each in several worlds (verdicts missing at random; missing
// more often after a loss; a team at half the speed; two teams whose mix of cases is turned round), judged by what the worlds
// know. One caller; a thread a worker, a world at a time each.
#pragma once
#include <string>
#include <vector>

#include "simulator/world/world.h"

namespace quanzu::simulator {

struct StudyOptions {
  uint64_t first_seed = 1;
  uint32_t seeds = 20;
  size_t workers = 2;
  std::function<void(uint32_t done)> progress{};  // by any worker, one at a time
};

// Of one measure over the seeds.
struct StudiedRate {
  std::string name;
  double known = 0;      // over all seeds together, with every verdict known: what an interval is to cover
  double mean = 0;       // of the values as recorded
  uint32_t seeds = 0;    // with a value
  uint32_t covered = 0;  // whose interval holds `known`
  uint32_t bounded = 0;  // whose bounds hold their own world's rate
};

struct Study {
  uint32_t seeds = 0;
  std::vector<StudiedRate> at_random;   // verdicts missing at random
  std::vector<StudiedRate> after_loss;  // missing four times as often after a loss
  // The team and its twin at half the speed: known rates over all seeds together, and seeds in which the twin saved more.
  double protected_rate = 0, protected_twin = 0;
  double success_rate = 0, success_twin = 0;
  uint64_t saved = 0, saved_twin = 0;
  uint32_t twin_higher = 0;
  // Planted: the better team has the harder cases. Plain: both have the same cases.
  uint32_t planted_reversed = 0;
  uint32_t plain_reversed = 0;
  double seconds = 0;
};

Study run_study(const Scenario& scenario, const runtime::SharedPacks& packs, const StudyOptions& options);
std::string study_text(const Study& study);
std::string study_json(const Study& study);
std::string study_html(const Study& study);

}  // namespace quanzu::simulator
