// Sigma's own rules over Sigma's own events, one core: read a JSON text and match it, and each apart; beside the DOM of
// Boost.JSON over the same texts in the same run. Reads conformance/sigma of the shared folder; without it, says skipped.
#include <benchmark/benchmark.h>

#include <boost/json.hpp>
#include <boost/json/src.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "rules/lang/load.h"
#include "rules/match/foreign.h"
#include "tests/temporary_folder.h"

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using namespace quanzu;

fs::path corpus() {
  const char* shared = std::getenv("QUANZU_SHARED");
  return (shared != nullptr ? fs::path(shared) : fs::path("../shared")) / "conformance/sigma";
}

// The corpus's rules/ without its experimental siblings.
rules::Pack load() {
  const testing::TemporaryFolder folder;
  const std::string command =
      "tar xzf '" + (corpus() / "rules.tar.gz").string() + "' -C '" + folder.path().string() + "' ./rules";
  ENSURE(std::system(command.c_str()) == 0, "rules.tar.gz does not unpack");
  rules::Pack pack = rules::load_pack(folder.path() / "rules", {.any_schema = true});
  ENSURE(pack.ok(), "the rules do not load");
  return pack;
}

struct Workload {
  std::shared_ptr<const rules::ForeignProgram> program;
  std::vector<std::string> events;  // as compact JSON
  double mean_bytes = 0;
};

const Workload& workload() {
  static const Workload work = [] {
    Workload out;
    auto program = rules::ForeignProgram::compile(load());
    ENSURE(program.has_value(), program.error().message.c_str());
    out.program = *program;
    std::ifstream lines(corpus() / "events.jsonl");
    for (std::string line; std::getline(lines, line);) {
      out.events.push_back(json::serialize(json::parse(line).at("event")));
    }
    for (const std::string& event : out.events) {
      out.mean_bytes += static_cast<double>(event.size()) / static_cast<double>(out.events.size());
    }
    return out;
  }();
  return work;
}

void set_counters(benchmark::State& state, const Workload& work) {
  state.counters["events/s"] = benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
  state.counters["bytes"] = work.mean_bytes;
}

void BM_ForeignWhole(benchmark::State& state) {
  const Workload& work = workload();
  rules::ForeignScanner scanner(work.program);
  std::vector<RuleIndex> matched;
  size_t i = 0, hits = 0;
  for (auto _ : state) {
    matched.clear();
    ENSURE(scanner.scan(work.events[i], matched).has_value(), "an event of the corpus is read");
    hits += matched.size();
    i = i + 1 == work.events.size() ? 0 : i + 1;
  }
  set_counters(state, work);
  state.counters["hits"] = static_cast<double>(hits) / static_cast<double>(state.iterations());
  state.counters["rules"] = static_cast<double>(work.program->size().rules);
}

void BM_ForeignRead(benchmark::State& state) {
  const Workload& work = workload();
  rules::ForeignScanner scanner(work.program);
  size_t i = 0;
  for (auto _ : state) {
    ENSURE(scanner.read(work.events[i]).has_value(), "an event of the corpus is read");
    i = i + 1 == work.events.size() ? 0 : i + 1;
  }
  set_counters(state, work);
}

// One scanner an event, each of which was read before.
void BM_ForeignMatch(benchmark::State& state) {
  const Workload& work = workload();
  std::vector<std::unique_ptr<rules::ForeignScanner>> scanners;
  for (const std::string& event : work.events) {
    scanners.push_back(std::make_unique<rules::ForeignScanner>(work.program));
    ENSURE(scanners.back()->read(event).has_value(), "an event of the corpus is read");
  }
  std::vector<RuleIndex> matched;
  size_t i = 0;
  for (auto _ : state) {
    matched.clear();
    scanners[i]->match(matched);
    benchmark::DoNotOptimize(matched.data());
    i = i + 1 == scanners.size() ? 0 : i + 1;
  }
  set_counters(state, work);
}

void BM_BoostJsonDom(benchmark::State& state) {
  const Workload& work = workload();
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(json::parse(work.events[i]));
    i = i + 1 == work.events.size() ? 0 : i + 1;
  }
  set_counters(state, work);
}

void BM_ForeignCompile(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    rules::Pack pack = load();
    state.ResumeTiming();
    const auto program = rules::ForeignProgram::compile(std::move(pack));
    ENSURE(program.has_value(), "the rules compile");
    state.counters["atoms"] = static_cast<double>((*program)->size().atoms);
    state.counters["database_bytes"] = static_cast<double>((*program)->size().database_bytes);
    state.counters["without_witness"] = static_cast<double>((*program)->size().always_evaluated);
  }
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  if (!fs::exists(corpus() / "rules.tar.gz")) {
    std::fprintf(stderr, "skipped: no conformance data in %s\n", corpus().c_str());
    return 0;
  }
  BENCHMARK(BM_ForeignWhole);
  BENCHMARK(BM_ForeignRead);
  BENCHMARK(BM_ForeignMatch);
  BENCHMARK(BM_BoostJsonDom);
  BENCHMARK(BM_ForeignCompile)->Iterations(1)->Unit(benchmark::kMillisecond);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
