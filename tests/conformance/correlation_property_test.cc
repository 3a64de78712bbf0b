// Random streams against a recomputation of the whole history at each event, which keeps nothing and forgets nothing.
#include <algorithm>
#include <map>
#include <random>

#include "tests/catch.h"
#include "tests/conformance/correlation_support.h"

namespace quanzu::rules {
namespace {

struct Happened {
  int64_t at = 0;  // seconds
  std::string rules;
  std::string group;
  int value = 0;

  bool has(char rule) const { return rules.find(rule) != std::string::npos; }
  std::string line() const {
    return std::to_string(at) + " " + (rules.empty() ? "-" : rules) + " u=" + group + " v=" + std::to_string(value);
  }
};

std::vector<std::string> lines(const std::vector<Happened>& events) {
  std::vector<std::string> out;
  for (const Happened& each : events) out.push_back(each.line());
  return out;
}

class World {
 public:
  explicit World(uint32_t seed) : random_(seed) {}
  int below(int n) { return static_cast<int>(random_() % static_cast<uint32_t>(n)); }

  std::vector<Happened> stream(size_t size, int longest_step, int least_step = 0) {
    static const std::vector<std::string> kRules = {"a", "b", "a,b", "", "d", "b,d"};
    std::vector<Happened> out;
    int64_t at = 0;
    while (out.size() < size) {
      at += least_step + below(longest_step);
      out.push_back({at, kRules[static_cast<size_t>(below(6))], below(2) == 0 ? "x" : "y", below(5) - 1});
    }
    return out;
  }

  // No event comes after one that is more than `lateness` later.
  std::vector<Happened> shuffled(std::vector<Happened> events, int lateness) {
    std::vector<std::pair<int64_t, Happened>> arrivals;
    for (Happened& each : events) arrivals.emplace_back(each.at + below(lateness + 1), std::move(each));
    const auto earlier = [](const auto& a, const auto& b) { return a.first < b.first; };
    std::stable_sort(arrivals.begin(), arrivals.end(), earlier);
    std::vector<Happened> out;
    for (auto& [at, each] : arrivals) out.push_back(std::move(each));
    return out;
  }

 private:
  std::mt19937 random_;
};

constexpr int kTimespan = 7;

Correlation correlation(CorrelationType type, int bound, WindowMode mode, int lateness) {
  Correlation out;
  out.info.id = "c";
  out.type = type;
  out.rules = {{"a", {}}, {"b", {}}, {"d", {}}};
  out.group_by = {"u"};
  out.timespan = std::chrono::seconds(kTimespan);
  if (type != CorrelationType::kTemporalOrdered) out.bounds = {{BoundOp::kGte, std::to_string(bound), {}}};
  if (type == CorrelationType::kValueCount || type == CorrelationType::kValueSum) out.fields = {"v"};
  out.window = Window{mode, std::chrono::seconds(lateness)};
  return out;
}

// Over the events of one group since its last alert, in order; the last one is new.
bool chain_exists(const std::vector<Happened>& past, size_t from, size_t step, int64_t start) {
  if (step == 3) return true;
  for (size_t i = from; i < past.size(); ++i) {
    const int64_t begun = step == 0 ? past[i].at : start;
    if (past[i].has("abd"[step]) && past[i].at - begun <= kTimespan && chain_exists(past, i + 1, step + 1, begun)) {
      return true;
    }
  }
  return false;
}

bool holds(CorrelationType type, int bound, const std::vector<Happened>& past) {
  if (type == CorrelationType::kTemporalOrdered) return chain_exists(past, 0, 0, 0);
  int events = 0;
  int sum = 0;
  std::vector<int> values;
  std::string rules;
  for (const Happened& each : past) {
    if (each.at < past.back().at - kTimespan) continue;
    ++events;
    sum += each.value;
    values.push_back(each.value);
    rules += each.rules;
  }
  std::sort(values.begin(), values.end());
  const auto different = std::unique(values.begin(), values.end()) - values.begin();
  if (type == CorrelationType::kEventCount) return events >= bound;
  if (type == CorrelationType::kValueCount) return different >= bound;
  if (type == CorrelationType::kValueSum) return sum >= bound;
  const auto held = [&](char rule) { return rules.find(rule) != std::string::npos; };
  return int{held('a')} + int{held('b')} + int{held('d')} >= bound;
}

std::vector<std::string> recomputed(CorrelationType type, int bound, const std::vector<Happened>& events) {
  std::map<std::string, std::vector<Happened>> groups;
  std::vector<std::string> out;
  for (size_t n = 0; n < events.size(); ++n) {
    if (events[n].rules.empty()) continue;
    std::vector<Happened>& past = groups[events[n].group];
    past.push_back(events[n]);
    if (!holds(type, bound, past)) continue;
    out.push_back("#" + std::to_string(n) + " c u=" + events[n].group);
    past.clear();
  }
  return out;
}

const std::vector<CorrelationType> kTypes = {CorrelationType::kEventCount, CorrelationType::kValueCount,
                                             CorrelationType::kValueSum, CorrelationType::kTemporal,
                                             CorrelationType::kTemporalOrdered};

Pack one(Correlation correlation) {
  std::vector<Correlation> all;
  all.push_back(std::move(correlation));
  return testing::pack_of(std::move(all));
}

TEST_CASE("a sliding window tells what a recomputation of the whole history tells") {
  size_t alerts = 0;
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    World world(seed);
    const CorrelationType type = kTypes[seed % kTypes.size()];
    const int bound = 2 + world.below(type == CorrelationType::kTemporal ? 2 : 4);
    const std::vector<Happened> events = world.stream(120, 4);
    const auto expected = recomputed(type, bound, events);
    alerts += expected.size();
    INFO("seed " << seed << " type " << static_cast<int>(type) << " bound " << bound);
    CHECK(testing::told(one(correlation(type, bound, WindowMode::kSliding, 0)), lines(events)) == expected);
    CHECK(testing::told(one(correlation(type, bound, WindowMode::kArrival, 3)), lines(events)) == expected);
  }
  CHECK(alerts > 500);
}

// What was told, by the time of the event: its place in the input is another after a shuffle.
std::vector<std::string> by_time(const std::vector<std::string>& told, const std::vector<Happened>& events) {
  std::vector<std::string> out;
  for (const std::string& each : told) {
    if (each[0] == '@') {
      out.push_back(each);
      continue;
    }
    const size_t blank = each.find(' ');
    const auto at = events[std::stoul(each.substr(1, blank))].at;
    out.push_back(std::to_string(at) + each.substr(blank));
  }
  std::sort(out.begin(), out.end());
  return out;
}

TEST_CASE("a shuffle within lateness tells the same") {
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    World world(seed);
    const CorrelationType type = kTypes[seed % kTypes.size()];
    Correlation sliding = correlation(type, 2, WindowMode::kSliding, 6);
    if (seed % 3 == 0 && type != CorrelationType::kTemporalOrdered) sliding.bounds[0].op = BoundOp::kLte;
    const Pack pack = one(std::move(sliding));
    const std::vector<Happened> events = world.stream(100, 3, 1);  // no two at one time
    const std::vector<Happened> shuffled = world.shuffled(events, 6);
    INFO("seed " << seed << " type " << static_cast<int>(type));
    CHECK(by_time(testing::told(pack, lines(shuffled)), shuffled) ==
          by_time(testing::told(pack, lines(events)), events));
  }
}

// In arrival mode: some window that ends at an event and holds the new one.
TEST_CASE("events that arrive out of order are tested on the windows that hold them") {
  size_t alerts = 0;
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    World world(seed);
    const CorrelationType type = kTypes[seed % kTypes.size()];
    const std::vector<Happened> events = world.shuffled(world.stream(100, 3, 1), 6);
    std::map<std::string, std::vector<Happened>> groups;
    std::vector<std::string> expected;
    for (size_t n = 0; n < events.size(); ++n) {
      if (events[n].rules.empty()) continue;
      std::vector<Happened>& past = groups[events[n].group];
      const auto earlier = [](const Happened& a, const Happened& b) { return a.at < b.at; };
      past.insert(std::upper_bound(past.begin(), past.end(), events[n], earlier), events[n]);
      bool raises = false;
      for (size_t end = 0; end < past.size() && !raises; ++end) {
        if (past[end].at < events[n].at || past[end].at - kTimespan > events[n].at) continue;
        raises = holds(type, 3, {past.begin(), past.begin() + static_cast<ptrdiff_t>(end) + 1});
      }
      if (!raises) continue;
      expected.push_back("#" + std::to_string(n) + " c u=" + events[n].group);
      past.clear();
    }
    alerts += expected.size();
    INFO("seed " << seed << " type " << static_cast<int>(type));
    CHECK(testing::told(one(correlation(type, 3, WindowMode::kArrival, 6)), lines(events)) == expected);
  }
  CHECK(alerts > 300);
}

}  // namespace
}  // namespace quanzu::rules
