#include "simulator/faults/traffic.h"

#include <fstream>

#include "adapters/feed/wire.h"

namespace quanzu::simulator {
namespace {

constexpr std::array<std::string_view, kFaultWords> kWords = {"甲号暗语", "乙号暗语", "丙号暗语", "丁号暗语",
                                                              "戊号暗语"};
constexpr uint64_t kResidents = 40;
constexpr uint64_t kPeers = 12;

std::string rule(const std::string& name, std::string_view word, int weight) {
  return "title: " + name + "\nname: " + name +
         "\nlogsource: {product: quanzu, category: sms}\ndetection:\n  words:\n" +
         "    text|contains: " + std::string(word) + "\n  condition: words\n" +
         "antifraud: {version: \"1.0\", owner: simulator, fraud_type: loan, stage: hook, weight: " +
         std::to_string(weight) + ", half_life: 14d}\n---\n";
}

std::string window() {
  return "title: A minute of the last word\nname: fault_window\ncorrelation:\n  type: event_count\n  rules: [" +
         fault_rule(kFaultWords - 1) +
         "]\n  group-by: [resident.number]\n  timespan: 1m\n  condition: {lte: 1000}\n  generate: true\n"
         "antifraud: {version: \"1.0\", owner: simulator, fraud_type: loan, stage: hook, weight: 5, half_life: 14d}\n";
}

// The n-th has n silent rules before the others.
std::string pack(size_t n) {
  std::string text;
  for (size_t i = 0; i < n; ++i) text += rule("a_silent_" + std::to_string(i), "从未出现" + std::to_string(i), 5);
  for (size_t i = 0; i < kFaultWords; ++i) text += rule(fault_rule(i), kWords[i], i == 0 ? 75 : 12);
  return text + window();
}

}  // namespace

std::string fault_rule(size_t word) {
  return "fault_" + std::to_string(word);
}

FaultSignal make_fault_signal(Random& random, Instant at) {
  FaultSignal signal;
  signal.bad = random.chance(60);
  feed::SignalWriter writer(signal.fields);
  writer.kind(Kind::kSms);
  writer.at(at);
  const uint64_t resident = 13'900'001'000 + random.below(kResidents);
  writer.string(Field::kResidentNumber, signal.bad ? "no number" : std::to_string(resident));
  writer.string(Field::kPeerNumber, std::to_string(17'000'001'000 + random.below(kPeers)));
  std::string text = "第" + std::to_string(random.below(1'000'000)) + "条";
  for (size_t word = 0; word < kFaultWords; ++word) {
    if (!random.chance(120)) continue;
    text += std::string(kWords[word]) + "，";
    if (!signal.bad) signal.words.push_back(word);
  }
  writer.string(Field::kText, text);
  return signal;
}

Result<FaultPacks> FaultPacks::make(const std::filesystem::path& folder) {
  FaultPacks packs;
  for (size_t n = 0; n < kFaultPacks; ++n) {
    const std::filesystem::path at = folder / ("pack-" + std::to_string(n));
    std::error_code error;
    std::filesystem::create_directories(at, error);
    std::ofstream out(at / "rules.yml");
    out << pack(n);
    out.close();
    if (!out) return fail(Code::kUnavailable, at.string() + ": the rules of the run cannot be written there");
    Result<runtime::SharedPacks> compiled = runtime::compile_packs(at, nullptr, Instant());
    if (!compiled) return Failure(compiled.error());
    packs.packs_[n] = std::move(*compiled);
  }
  return packs;
}

}  // namespace quanzu::simulator
