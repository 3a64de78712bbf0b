// The lawful traffic of a street, hour by hour: every signal is made and goes through the rules' real matcher; kept are those
// that a rule holds for or that speak for themselves, and how many the others were. An hour is a unit of chance and of work, so
// any number of workers gives the same hours. Owned by the world's thread, which takes the hours in order.
#pragma once
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "rules/match/program.h"
#include "simulator/world/draft.h"
#include "simulator/world/scenario.h"

namespace quanzu::simulator {

struct TrafficHour {
  uint64_t count = 0;            // of all its signals
  uint64_t matched = 0;          // those that a rule holds for
  uint64_t trailing = 0;         // unmatched ones after the last that is kept
  std::vector<Spelled> spelled;  // in the order of time
};

class Traffic {
 public:
  // Without workers the hours are made when they are asked for. The program outlives it.
  Traffic(const Scenario& scenario, uint64_t seed, const rules::Program& program, size_t workers);
  ~Traffic();

  uint32_t hours() const { return hours_; }
  TrafficHour next();

 private:
  void work();
  TrafficHour make(uint32_t hour, rules::Scanner& scanner) const;

  const Scenario& scenario_;
  const uint64_t seed_;
  const rules::Program& program_;
  const uint32_t hours_;
  rules::Scanner scanner_;  // of the caller, where there are no workers
  uint32_t taken_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  uint32_t begun_ = 0;
  bool stopping_ = false;
  std::map<uint32_t, TrafficHour> ready_;
  std::vector<std::thread> workers_;
};

}  // namespace quanzu::simulator
