// Normalising and matching on workload street-1, one core, in process, beside raw hs_scan of the same strings in the same
// run. `ns` is per signal. Matches and mean bytes are printed, so that nobody compares two different workloads.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>

#include "rules/lang/load.h"
#include "rules/match/compiled.h"
#include "rules/match/database_cache.h"
#include "rules/match/program.h"
#include "rules/text/normalize.h"
#include "simulator/street.h"

namespace {

using namespace quanzu;

constexpr size_t kMessages = 1 << 16;  // 8 MB of text: more than the caches hold, as a feed's are

struct Workload {
  std::vector<simulator::StreetMessage> messages;
  std::vector<Signal> signals;
  std::shared_ptr<const rules::Program> program;
  double mean_bytes = 0;
};

const Workload& workload(size_t rules) {
  static std::map<size_t, std::unique_ptr<Workload>> cache;
  auto& out = cache[rules];
  if (out != nullptr) return *out;
  out = std::make_unique<Workload>();
  simulator::Street street({.seed = 1, .rules = rules, .planted_per_mille = 16});
  auto program = rules::Program::compile(street.pack());
  ENSURE(program.has_value(), program.error().message.c_str());
  out->program = *program;
  out->messages.resize(kMessages);
  out->signals.resize(kMessages);
  for (size_t i = 0; i < kMessages; ++i) {
    street.next(out->messages[i]);
    out->signals[i].kind = Kind::kSms;
    out->signals[i].set(Field::kText, out->messages[i].text);
    out->signals[i].set(Field::kPeerNumber, out->messages[i].peer);
    out->signals[i].peer = Number(out->messages[i].peer);
    out->mean_bytes += static_cast<double>(out->messages[i].text.size()) / kMessages;
  }
  return *out;
}

void set_counters(benchmark::State& state, const Workload& work) {
  state.counters["signals/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
  state.counters["bytes"] = work.mean_bytes;
}

void BM_Normalize(benchmark::State& state) {
  const Workload& work = workload(100);
  rules::Normalizer normalizer;
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(normalizer.normalize(work.messages[i].text));
    i = (i + 1) % kMessages;
  }
  set_counters(state, work);
}
BENCHMARK(BM_Normalize);

// Normalise and match.
void BM_Match(benchmark::State& state) {
  const Workload& work = workload(static_cast<size_t>(state.range(0)));
  rules::Scanner scanner;
  std::vector<RuleIndex> matched;
  size_t i = 0;
  size_t matching = 0;
  for (auto _ : state) {
    matched.clear();
    scanner.scan(*work.program, work.signals[i], matched);
    matching += !matched.empty();
    i = (i + 1) % kMessages;
  }
  set_counters(state, work);
  state.counters["matching_%"] = 100.0 * static_cast<double>(matching) / static_cast<double>(state.iterations());
  state.counters["atoms"] = static_cast<double>(work.program->size().atoms);
}
BENCHMARK(BM_Match)->Arg(100)->Arg(1000)->Arg(10000)->Arg(50000);

// hs_scan of every string of the rules as one database, over the normalised texts, without anything around it.
void BM_RawHyperscan(benchmark::State& state) {
  const Workload& work = workload(static_cast<size_t>(state.range(0)));
  std::vector<rules::Expression> expressions;
  for (const rules::Atom& atom : work.program->compiled().atoms) {
    if (atom.subject.source != rules::Source::kText || !atom.is_string()) continue;
    const auto id = static_cast<uint32_t>(expressions.size());
    if (atom.op == rules::AtomOp::kPattern) {
      expressions.push_back({atom.literal, atom.flags, id});
    } else {
      expressions.push_back({rules::literal_expression(atom.literal), HS_FLAG_SINGLEMATCH, id});
    }
  }
  const auto database = rules::Database::compile(expressions);
  ENSURE(database.has_value(), "street-1 does not compile");
  rules::Scratch scratch;
  database->grow(scratch);
  std::vector<std::string> texts;
  rules::Normalizer normalizer;
  for (const auto& message : work.messages) texts.emplace_back(normalizer.normalize(message.text));
  size_t i = 0;
  size_t hits = 0;
  for (auto _ : state) {
    database->scan(texts[i], scratch, [&hits](unsigned, size_t, size_t) { ++hits; });
    i = (i + 1) % kMessages;
  }
  set_counters(state, work);
  state.counters["hits"] = static_cast<double>(hits) / static_cast<double>(state.iterations());
  state.counters["patterns"] = static_cast<double>(expressions.size());
}
BENCHMARK(BM_RawHyperscan)->Arg(100)->Arg(1000)->Arg(10000);

// From the files to a program: reading the rules, then compiling them, without and with databases that were kept.
std::string pack_folder(size_t rules) {
  const auto folder = std::filesystem::temp_directory_path() / ("quanzu_bench_" + std::to_string(rules));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "street.yml") << simulator::Street({.seed = 1, .rules = rules}).yaml();
  return folder.string();
}

void BM_LoadPack(benchmark::State& state) {
  const std::string folder = pack_folder(static_cast<size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(rules::load_pack(folder));
}
BENCHMARK(BM_LoadPack)->Arg(1000)->Arg(10000)->Unit(benchmark::kMillisecond);

void compile(benchmark::State& state, const rules::DatabaseCache* cache) {
  const simulator::Street street({.seed = 1, .rules = static_cast<size_t>(state.range(0))});
  for (auto _ : state) {
    state.PauseTiming();
    rules::Pack pack = street.pack();
    state.ResumeTiming();
    const auto program = rules::Program::compile(std::move(pack), cache);
    ENSURE(program.has_value(), "street-1 does not compile");
    state.PauseTiming();
    state.counters["bytes"] = static_cast<double>((*program)->size().database_bytes);
    state.ResumeTiming();
  }
}

void BM_CompilePack(benchmark::State& state) {
  compile(state, nullptr);
}
BENCHMARK(BM_CompilePack)->Arg(100)->Arg(1000)->Arg(10000)->Arg(50000)->Unit(benchmark::kMillisecond);

void BM_CompilePackCached(benchmark::State& state) {
  const auto folder = std::filesystem::temp_directory_path() / "quanzu_bench_cache";
  const Result<rules::DatabaseCache> cache = rules::DatabaseCache::open(folder);
  ENSURE(cache.has_value(), "no cache");
  compile(state, &*cache);
}
BENCHMARK(BM_CompilePackCached)->Arg(10000)->Arg(50000)->Unit(benchmark::kMillisecond);

// The databases alone: read, checked by their code, made ready.
void BM_CachedDatabase(benchmark::State& state) {
  const auto folder = std::filesystem::temp_directory_path() / "quanzu_bench_cache";
  const Result<rules::DatabaseCache> cache = rules::DatabaseCache::open(folder);
  ENSURE(cache.has_value(), "no cache");
  std::vector<rules::Expression> expressions;
  for (const rules::Atom& atom : workload(static_cast<size_t>(state.range(0))).program->compiled().atoms) {
    if (atom.op != rules::AtomOp::kContains) continue;
    const auto id = static_cast<uint32_t>(expressions.size());
    expressions.push_back({rules::literal_expression(atom.literal), HS_FLAG_SINGLEMATCH, id});
  }
  const auto database = rules::Database::compile(expressions);
  ENSURE(database.has_value(), "street-1 does not compile");
  cache->put(expressions, *database);
  for (auto _ : state) {
    const auto found = cache->find(expressions);
    ENSURE(found.has_value(), "what was put is there");
    state.counters["bytes"] = static_cast<double>(found->bytes());
  }
}
BENCHMARK(BM_CachedDatabase)->Arg(1000)->Arg(10000)->Arg(50000)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
