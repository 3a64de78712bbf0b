// A world in virtual time: a scenario's people, lawful traffic, campaigns and staff around the real matcher, correlation and
// engine, as fast as the cores go and without a server. The same scenario and seed give the same journal and the same outcome on
// any machine, build and number of workers. One caller; the traffic's workers are its own.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "adapters/runtime/packs.h"
#include "engine/measures.h"
#include "simulator/world/scenario.h"

namespace quanzu::simulator {

struct WorldOptions {
  uint64_t seed = 1;
  size_t workers = 1;     // that make the lawful traffic, beside the caller; 0: the caller does
  bool aftermath = true;  // until the last follow-up; else the world ends with its days
  std::function<void(uint32_t hour, uint64_t signals)> progress{};
};

struct Waiting {  // for the first claim, of cases that came to the level in the hours of those who call
  Level level = Level::kNone;
  std::vector<Duration> claimed;  // sorted
  uint64_t never = 0;
  double within(Duration promise) const;  // share; who was never claimed is not within
};

struct RuleValue {
  std::string id;
  uint64_t alerts = 0;
  uint64_t about_victims = 0;  // of residents with a lure begun by then
};

struct Day {
  uint64_t signals = 0, alerts = 0, cases = 0, would_pay = 0, paid = 0;
};

// Money and people, by the fates that only the world knows.
struct Harm {
  uint64_t people = 0;
  int64_t fen = 0;
  void add(int64_t more) {
    ++people;
    fen += more;
  }
};
struct Funnel {
  uint64_t lures = 0;
  uint64_t groomed = 0;
  Harm would_pay;  // where nobody warned
  Harm warned;     // of these: a case before the money was to go
  Harm reached;    // and spoken to in person before that
  Harm saved;      // and didn't pay
  Harm paid;
};

// The five rates as docs/measures.md defines them, over the same exposures, with all verdicts known.
struct KnownRate {
  uint64_t numerator = 0;
  uint64_t denominator = 0;
};

struct Outcome {
  std::string title;
  uint64_t seed = 0;
  Instant start{};
  uint32_t days = 0;
  uint32_t residents = 0;
  uint64_t signals = 0;
  uint64_t lawful = 0;
  uint64_t lawful_matched = 0;
  uint64_t alerts = 0;
  uint64_t cases = 0;
  uint64_t cases_about_victims = 0;
  uint64_t attempts = 0;
  uint64_t events = 0;
  Funnel funnel;
  std::vector<Waiting> waiting;  // critical, high, medium, low
  std::vector<double> busy;      // by team: share of its paid hours
  std::vector<Day> by_day;
  std::vector<RuleValue> rules;  // most alerts first
  std::vector<Exposure> exposures;
  std::vector<Measure> measures;
  std::map<std::string, KnownRate> known;  // by a measure's name
  std::string journal_digest;
  std::string state_digest;
  double seconds = 0;  // by the clock: not part of what a seed decides
};

Outcome run_world(const Scenario& scenario, const runtime::SharedPacks& packs, const WorldOptions& options);

}  // namespace quanzu::simulator
