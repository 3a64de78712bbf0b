// Correlation over one million live groups, one core, beside the bare hash table of the same groups in the same run: the
// same keys are hashed and looked up in the same order, and nothing else is done. Events come in batches of 256, as a feed
// sends them; the table is timed both so and one by one. Printed: events/s; `bytes` a group as the allocator counts them;
// `to_bare` and `to_bare_batch`, times the bare table's; `groups` and `alerts`, so that nobody compares two workloads.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <ctime>

#include "rules/correlate/core.h"

namespace {

using namespace quanzu;
using namespace quanzu::rules;

constexpr size_t kGroupCount = 1'000'000;
constexpr size_t kBatch = 256;
constexpr std::array<uint64_t, 2> kKey = {3, 4};

// Which group event i is of: each once in a round, in an order that no cache knows.
uint64_t group_of(uint64_t i) {
  return (i * 2'654'435'761ULL) % kGroupCount;
}

class Caller : public Fields {
 public:
  void set(uint64_t group, uint64_t value) {
    write(digits_, 3, group);
    write(value_, 0, value % 10);
  }
  std::string_view view() const { return digits_; }
  std::optional<std::string_view> text(uint32_t field) const override { return field == 0 ? digits_ : value_; }

 private:
  static void write(std::string& to, size_t from, uint64_t number) {
    for (size_t at = to.size(); at-- > from; number /= 10) to[at] = static_cast<char>('0' + number % 10);
  }
  std::string digits_ = "8613900000000";
  std::string value_ = "0";
};

Definitions definitions(CorrelationType type, int64_t threshold) {
  Pack pack;
  pack.rules.emplace_back().info.id = "a";
  pack.rules.emplace_back().info.id = "b";
  Correlation& each = pack.correlations.emplace_back();
  each.info.id = "c";
  each.type = type;
  each.rules = {{"a", {}}, {"b", {}}};
  each.group_by = {"peer.number"};
  each.timespan = std::chrono::minutes(10);
  each.bounds = {{BoundOp::kGte, std::to_string(threshold), {}}};
  if (type == CorrelationType::kValueCount || type == CorrelationType::kValueSum) each.fields = {"amount_fen"};
  auto defined = define(pack);
  ENSURE(defined.has_value(), "the benchmark's pack is well made");
  return std::move(*defined);
}

// A round of all groups takes two minutes of event time, so that no group expires and each has a handful of times.
Ms time_of(uint64_t i) {
  return static_cast<Ms>(i * 120'000 / kGroupCount);
}

size_t allocated() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

// Of processor time, so that neighbours on the machine count for little.
double now() {
  struct timespec time = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

template <class Step>
double seconds_of(const Step& step) {
  const double began = now();
  step();
  return now() - began;
}

// Seconds an event of the bare table whose records have `extra` bytes; the better of three rounds.
double bare_table(size_t extra, bool batch) {
  Groups<Times> groups(600'000, extra);
  Caller caller;
  std::array<Fingerprint, kBatch> keys{};
  uint64_t i = 0;
  const auto hash = [&] {
    caller.set(group_of(i), i);
    ++i;
    SipHash of(kKey);
    of.bytes(caller.view());
    return of.finish_wide();
  };
  const auto round = [&] {
    while (i % kGroupCount < kGroupCount - kBatch) {
      if (!batch) {
        benchmark::DoNotOptimize(groups.open(hash(), 0));
        continue;
      }
      for (Fingerprint& key : keys) groups.prefetch_slot(key = hash());
      for (size_t k = 0; k < kBatch; ++k) {
        if (k + 8 < kBatch) groups.prefetch_record(keys[k + 8]);
        benchmark::DoNotOptimize(groups.open(keys[k], 0));
      }
    }
    i = 0;
  };
  round();
  double best = 1e9;
  for (int n = 0; n < 3; ++n) best = std::min(best, seconds_of(round));
  return best / static_cast<double>(kGroupCount - kBatch);
}

struct Workload {
  CorrelationType type = CorrelationType::kEventCount;
  int64_t threshold = 10;
  bool rotates = false;  // an attacker: a new caller each time
};

void run(benchmark::State& state, const Workload& workload) {
  const size_t before = allocated();
  Core core(definitions(workload.type, workload.threshold), kKey, Core::Mode::kArrival);
  const Role roles[] = {{0, 0}, {0, 1}};
  Caller caller;
  std::vector<Conclusion> out;
  uint64_t i = 0;
  size_t alerts = 0;
  const auto step = [&] {
    for (size_t k = 0; k < kBatch; ++k, ++i) {
      caller.set(workload.rotates ? i : group_of(i), i);
      core.post(time_of(i), i, {&roles[workload.type == CorrelationType::kTemporal ? i / kGroupCount % 2 : 0], 1},
                caller);
    }
    core.flush(out);
    core.advance(time_of(i), out);
    alerts += out.size();
    out.clear();
  };
  while (i < 2 * kGroupCount) step();
  const double bytes = static_cast<double>(allocated() - before) / static_cast<double>(core.counters(0).groups);
  alerts = 0;
  double seconds = 0;
  for (auto _ : state) seconds += seconds_of(step);
  const double events = static_cast<double>(state.iterations()) * kBatch;
  state.SetItemsProcessed(static_cast<int64_t>(events));
  const size_t extra = times_shape(static_cast<uint64_t>(workload.threshold), 600'000, 0).extra();
  state.counters["bytes"] = bytes;
  state.counters["to_bare"] = seconds / events / bare_table(extra, false);
  state.counters["to_bare_batch"] = seconds / events / bare_table(extra, true);
  state.counters["groups"] = static_cast<double>(core.counters(0).groups);
  state.counters["alerts"] = static_cast<double>(alerts) / events;
  state.counters["evicted"] = static_cast<double>(core.counters(0).evicted);
}

void BM_EventCount(benchmark::State& state) {
  run(state, {.threshold = state.range(0)});
}
BENCHMARK(BM_EventCount)->Arg(2)->Arg(10)->Arg(40)->Arg(100);

void BM_ValueCount(benchmark::State& state) {
  run(state, {.type = CorrelationType::kValueCount, .threshold = state.range(0)});
}
BENCHMARK(BM_ValueCount)->Arg(20);

void BM_Sum(benchmark::State& state) {
  run(state, {.type = CorrelationType::kValueSum, .threshold = 1000});
}
BENCHMARK(BM_Sum);

void BM_Temporal(benchmark::State& state) {
  run(state, {.type = CorrelationType::kTemporal, .threshold = 2});
}
BENCHMARK(BM_Temporal);

void BM_RotatingCaller(benchmark::State& state) {
  run(state, {.threshold = state.range(0), .rotates = true});
}
BENCHMARK(BM_RotatingCaller)->Arg(10)->Arg(40);

void BM_RotatingValues(benchmark::State& state) {
  run(state, {.type = CorrelationType::kValueCount, .threshold = 20, .rotates = true});
}
BENCHMARK(BM_RotatingValues);

}  // namespace

BENCHMARK_MAIN();
