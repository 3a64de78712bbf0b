// An event count over one million live groups, one core, beside the bare hash table of the same groups in the same run:
// the same keys are hashed and looked up in the same order, and nothing else is done. `groups` and `bytes` (a group) are
// printed, so that nobody compares two different workloads.
#include <benchmark/benchmark.h>

#include "rules/correlate/core.h"

namespace {

using namespace quanzu;
using namespace quanzu::rules;

constexpr size_t kGroupCount = 1'000'000;
constexpr std::array<uint64_t, 2> kKey = {3, 4};

// Which group event i is of: each once in a round, in an order that no cache knows.
uint64_t group_of(uint64_t i) {
  return (i * 2'654'435'761ULL) % kGroupCount;
}

class Peer : public Fields {
 public:
  void set(uint64_t group) {
    for (size_t at = digits_.size(); at-- > 3; group /= 10) digits_[at] = static_cast<char>('0' + group % 10);
  }
  std::string_view view() const { return digits_; }
  std::optional<std::string_view> text(uint32_t) const override { return digits_; }

 private:
  std::string digits_ = "8613900000000";
};

Definitions definitions(const char* threshold) {
  Pack pack;
  pack.rules.emplace_back().info.id = "a";
  Correlation& each = pack.correlations.emplace_back();
  each.info.id = "c";
  each.rules = {{"a", {}}};
  each.group_by = {"peer.number"};
  each.timespan = std::chrono::minutes(10);
  each.bounds = {{BoundOp::kGte, threshold, {}}};
  auto defined = define(pack);
  ENSURE(defined.has_value(), "the benchmark's pack is well made");
  return std::move(*defined);
}

// A round of all groups takes two minutes of event time, so that no group expires and each has a handful of times.
Ms time_of(uint64_t i) {
  return static_cast<Ms>(i * 120'000 / kGroupCount);
}

void BM_EventCount(benchmark::State& state) {
  Core core(definitions(state.range(0) == 40 ? "40" : "10"), kKey, Core::Mode::kArrival);
  const Role role{0, 0};
  Peer peer;
  std::vector<Conclusion> out;
  uint64_t i = 0;
  const auto step = [&] {
    peer.set(group_of(i));
    core.add(time_of(i), i, {&role, 1}, peer, out);
    if (++i % 256 == 0) core.advance(time_of(i), out);
  };
  while (i < 2 * kGroupCount) step();
  for (auto _ : state) step();
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()));
  state.counters["groups"] = static_cast<double>(core.counters(0).groups);
  state.counters["bytes"] =
      static_cast<double>(sizeof(Times) + times_shape(static_cast<uint64_t>(state.range(0)), 600'000, 0).extra());
  state.counters["alerts"] = static_cast<double>(out.size());
}
BENCHMARK(BM_EventCount)->Arg(10)->Arg(40);

void BM_BareTable(benchmark::State& state) {
  const size_t extra = times_shape(static_cast<uint64_t>(state.range(0)), 600'000, 0).extra();
  Groups<Times> groups(600'000, extra);
  Peer peer;
  uint64_t i = 0;
  const auto step = [&] {
    peer.set(group_of(i));
    SipHash hash(kKey);
    hash.bytes(peer.view());
    benchmark::DoNotOptimize(groups.open(hash.finish_wide(), 0));
    ++i;
  };
  while (i < kGroupCount) step();
  for (auto _ : state) step();
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()));
  state.counters["groups"] = static_cast<double>(groups.size());
}
BENCHMARK(BM_BareTable)->Arg(10)->Arg(40);

}  // namespace

BENCHMARK_MAIN();
