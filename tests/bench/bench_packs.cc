// The packs that ship over real messages, one core: what a street's SMS cost with them. Lawful messages and messages of fake
// base stations, each as they are, from the shared folder; without it, says skipped. `ns` is per signal.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <fstream>

#include "rules/lang/load.h"
#include "rules/match/program.h"
#include "rules/text/normalize.h"
#include "simulator/corpus.h"
#include "simulator/evaluate.h"

namespace {

namespace fs = std::filesystem;
using namespace quanzu;

fs::path data() {
  const char* shared = std::getenv("QUANZU_SHARED");
  return (shared != nullptr ? fs::path(shared) : fs::path("../shared")) / "data";
}
const fs::path kLawful = "nus_sms_ham/zh_train.txt";  // a message a line
const fs::path kFraud = "fbs_sms/train.tsv";          // with a column `text`

struct Messages {
  explicit Messages(const fs::path& file) {
    using Format = simulator::CorpusOptions::Format;
    std::ifstream in(data() / file, std::ios::binary);
    auto corpus = simulator::read_corpus(in, {file.extension() == ".tsv" ? Format::kTsv : Format::kLines});
    ENSURE(corpus.has_value(), corpus.error().message.c_str());
    rows = std::move(corpus->rows);
    for (const simulator::CorpusRow& row : rows) {
      signals.push_back(simulator::signal_of(row, Kind::kSms));
      mean_bytes += static_cast<double>(row.text.size()) / static_cast<double>(rows.size());
    }
  }
  std::vector<simulator::CorpusRow> rows;
  std::vector<Signal> signals;  // of the rows' strings
  double mean_bytes = 0;
};

const rules::Program& program() {
  static const std::shared_ptr<const rules::Program> kept = [] {
    rules::Pack pack = rules::load_pack(fs::path(QUANZU_SOURCE_DIR) / "rules/packs");
    ENSURE(pack.ok(), "the packs that ship load");
    auto compiled = rules::Program::compile(std::move(pack));
    ENSURE(compiled.has_value(), compiled.error().message.c_str());
    return *compiled;
  }();
  return *kept;
}

void BM_Packs(benchmark::State& state, const fs::path& file) {
  const Messages messages(file);
  program();  // compiled before the clock runs
  rules::Scanner scanner;
  std::vector<RuleIndex> matched;
  size_t i = 0, hits = 0;
  for (auto _ : state) {
    matched.clear();
    scanner.scan(program(), messages.signals[i], matched);
    hits += matched.size();
    i = i + 1 == messages.signals.size() ? 0 : i + 1;
  }
  state.counters["bytes"] = messages.mean_bytes;
  state.counters["rules"] = static_cast<double>(program().size().rules);
  state.counters["atoms"] = static_cast<double>(program().size().atoms);
  state.counters["matches"] = static_cast<double>(hits) / static_cast<double>(state.iterations());
}

void BM_PacksNormalize(benchmark::State& state, const fs::path& file) {
  const Messages messages(file);
  rules::Normalizer normalizer;
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(normalizer.normalize(messages.rows[i].text));
    i = i + 1 == messages.rows.size() ? 0 : i + 1;
  }
  state.counters["bytes"] = messages.mean_bytes;
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  if (!fs::exists(data() / kLawful)) {
    std::fprintf(stderr, "skipped: no messages in %s\n", data().c_str());
    return 0;
  }
  for (const auto& [name, file] : {std::pair("lawful", kLawful), std::pair("fraud", kFraud)}) {
    benchmark::RegisterBenchmark((std::string("BM_Packs/") + name).c_str(), BM_Packs, file);
    benchmark::RegisterBenchmark((std::string("BM_PacksNormalize/") + name).c_str(), BM_PacksNormalize, file);
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
