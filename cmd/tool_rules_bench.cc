// quanzu rules bench: how long a pack takes over a corpus.
#include <cstdio>
#include <iostream>

#include "cmd/tool_rules.h"
#include "simulator/rule_times.h"

namespace quanzu::tool {
namespace {

namespace json = boost::json;
using simulator::PackTimes;

struct BenchCommand {
  std::string path;
  std::string against;
  std::string corpus;
  std::string format;
  simulator::CorpusOptions rows;
  std::string kind = "sms";
  bool json = false;
};

struct Measured {
  PackTimes times;
  std::vector<std::string> names;  // of PackTimes::dearest
};

std::optional<Measured> measure(const std::string& path, const simulator::Corpus& corpus, Kind kind) {
  std::optional<rules::Pack> pack = load_rules(path, {});
  if (!pack) return std::nullopt;
  std::vector<std::string> ids;
  for (const rules::Rule& rule : pack->rules) ids.push_back(rule.info.id);
  Result<PackTimes> times = simulator::measure_pack(std::move(*pack), corpus, kind);
  if (!times) {
    complain(times.error().message);
    return std::nullopt;
  }
  Measured out{std::move(*times), {}};
  for (const simulator::RuleTime& one : out.times.dearest) out.names.push_back(ids[one.rule]);
  return out;
}

json::object json_of(const Measured& of) {
  const PackTimes& times = of.times;
  json::array dearest;
  for (size_t i = 0; i < times.dearest.size(); ++i) {
    dearest.push_back(json::object{{"rule", of.names[i]}, {"ns", times.dearest[i].ns}});
  }
  return {{"signals", times.signals},
          {"mean_bytes", times.mean_bytes},
          {"ns", json::object{{"total", times.stages.total},
                              {"normalize", times.stages.normalize},
                              {"scan", times.stages.scan},
                              {"rules", times.stages.rules}}},
          {"compile_ms", times.compile_ms},
          {"database_bytes", times.size.database_bytes},
          {"rules", times.size.rules},
          {"atoms", times.size.atoms},
          {"measured_alone", times.candidates},
          {"dearest", std::move(dearest)}};
}

void print_row(const char* name, const char* unit, double value, const double* before) {
  std::printf("  %-14s %10.1f", name, value);
  if (before != nullptr) {
    std::printf("   before %10.1f   %+7.1f%%", *before, *before > 0 ? 100 * (value - *before) / *before : 0.0);
  }
  std::printf("  %s\n", unit);
}

void print_text(const Measured& now, const std::optional<Measured>& before) {
  const PackTimes& times = now.times;
  std::printf("%zu signals of %.0f bytes, one core; %zu rules, %zu atoms\n", times.signals, times.mean_bytes,
              times.size.rules, times.size.atoms);
  const auto row = [&](const char* name, const char* unit, auto value) {
    const double was = before ? value(before->times) : 0;
    print_row(name, unit, value(times), before ? &was : nullptr);
  };
  row("total", "ns a signal", [](const PackTimes& of) { return of.stages.total; });
  row("  normalise", "ns", [](const PackTimes& of) { return of.stages.normalize; });
  row("  scan", "ns", [](const PackTimes& of) { return of.stages.scan; });
  row("  rules", "ns", [](const PackTimes& of) { return of.stages.rules; });
  row("compile", "ms", [](const PackTimes& of) { return of.compile_ms; });
  row("databases", "KiB", [](const PackTimes& of) { return static_cast<double>(of.size.database_bytes) / 1024; });
  std::printf("the dearest of %zu rules, each alone; words that rules share count for each of them:\n",
              times.candidates);
  for (size_t i = 0; i < times.dearest.size(); ++i) {
    std::printf("  %10.1f ns  %s\n", times.dearest[i].ns, now.names[i].c_str());
  }
}

Exit bench(BenchCommand& command) {
  const std::optional<simulator::CorpusOptions::Format> format = corpus_format(command.corpus, command.format);
  if (!format) return Exit::kUsage;
  command.rows.format = *format;
  const std::optional<simulator::Corpus> corpus = load_corpus(command.corpus, command.rows);
  if (!corpus) return Exit::kFailed;
  const Kind kind = *find_kind(command.kind);
  std::optional<Measured> before;
  if (!command.against.empty()) {
    before = measure(command.against, *corpus, kind);
    if (!before) return Exit::kFailed;
  }
  const std::optional<Measured> now = measure(command.path, *corpus, kind);
  if (!now) return Exit::kFailed;
  if (!command.json) {
    print_text(*now, before);
    return Exit::kOk;
  }
  json::object out = json_of(*now);
  if (before) out["against"] = json_of(*before);
  std::cout << json::serialize(out) << '\n';
  return Exit::kOk;
}

}  // namespace

void add_rules_bench(CLI::App& rules) {
  CLI::App* sub = rules.add_subcommand("bench",
                                       "How long a pack takes over a corpus: ns a signal by stage, the ten dearest "
                                       "rules, compile time, size; with --against before and after.\n"
                                       "The least of five passes on one core. Of the 30 rules that look dearest by the "
                                       "shapes of their patterns each is compiled and measured alone.\n"
                                       "Exits: 0 measured; 1 the corpus or a pack is at fault");
  auto command = std::make_shared<BenchCommand>();
  sub->add_option("--rules", command->path, "A folder of rules, or one rule file")->required();
  sub->add_option("--corpus", command->corpus, "Texts in UTF-8: .tsv or .csv with a header, .txt a text a line")
      ->required();
  sub->add_option("--against", command->against, "Other rules, such as the pack before the change");
  sub->add_option("--format", command->format, "tsv, csv or txt, where the file's name doesn't say")
      ->check(CLI::IsMember({"tsv", "csv", "txt"}));
  sub->add_option("--text-column", command->rows.text_column, "The column that holds the text")->capture_default_str();
  sub->add_option("--kind", command->kind, "What the texts are; of url the text is the address")
      ->check(CLI::IsMember({"sms", "call", "url", "report", "instruction"}))
      ->capture_default_str();
  sub->add_flag("--json", command->json, "Print one JSON object on standard output");
  sub->footer("Example: quanzu rules bench --rules rules/packs --corpus sms.tsv --against /tmp/packs-before");
  on_chosen(sub, [command] { return bench(*command); });
}

}  // namespace quanzu::tool
