// quanzu backtest: what other rules would have made of signals that were.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <memory>

#include "cmd/tool_feed.h"
#include "simulator/backtest.h"
#include "simulator/backtest_report.h"

namespace quanzu::tool {
namespace {

struct BacktestCommand {
  std::string data;
  std::string journal;
  std::string key_file;
  std::string rules;
  std::string against;
  std::string from;
  std::string to;
  std::string report;
  size_t examples = 20;
  bool json = false;
  simulator::BacktestOptions options;
};

Exit failed(const Error& error) {
  say("quanzu: " + error.message);
  return error.code == Code::kUnavailable ? Exit::kState : Exit::kFailed;
}

Exit read_time(const std::string& option, const std::string& text, Instant& out) {
  if (text.empty()) return Exit::kOk;
  const Result<Instant> at = parse_rfc3339(text);
  if (!at) {
    say("quanzu: " + option + " " + text + " is no time: write 2026-11-24T10:00:00+08:00");
    return Exit::kUsage;
  }
  out = *at;
  return Exit::kOk;
}

Exit write_report(const BacktestCommand& command, const simulator::BacktestReport& report) {
  if (command.report.empty()) return Exit::kOk;
  std::ofstream out(command.report, std::ios::binary);
  out << simulator::backtest_html(report, std::max<size_t>(command.examples, 200));
  out.close();
  if (out) return Exit::kOk;
  say("quanzu: --report " + command.report + " can't be written");
  return Exit::kState;
}

Exit run(BacktestCommand& command) {
  if (const Exit read = read_time("--from", command.from, command.options.from); read != Exit::kOk) return read;
  if (const Exit read = read_time("--to", command.to, command.options.to); read != Exit::kOk) return read;
  const std::string& folder = command.data.empty() ? command.journal : command.data;
  Result<std::unique_ptr<simulator::History>> history = simulator::open_history({folder, command.key_file});
  if (!history) return failed(history.error());
  const Instant now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const Result<runtime::SharedPacks> with = runtime::compile_packs(command.rules, nullptr, now);
  if (!with) return failed(with.error());
  runtime::SharedPacks against;
  const std::filesystem::path other =
      command.against.empty() ? (*history)->live_pack() : std::filesystem::path(command.against);
  if (!other.empty()) {
    Result<runtime::SharedPacks> compiled = runtime::compile_packs(other, nullptr, now);
    if (!compiled) return failed(compiled.error());
    against = std::move(*compiled);
  }
  Progress progress;
  const std::string of = (*history)->expected() == 0 ? "" : " of " + std::to_string((*history)->expected());
  command.options.progress = [&](uint64_t signals) { progress.show(std::to_string(signals) + of + " signals"); };
  const Result<simulator::BacktestReport> report = simulator::backtest(**history, *with, against, command.options);
  progress.end();
  if (!report) return failed(report.error());
  if (report->signals == 0) {
    say("quanzu: no signals there: " + folder + " holds " + std::to_string(report->unusable) + " unusable ones and " +
        std::to_string(report->gone) + " whose text is no longer kept");
  }
  if (command.json) {
    std::cout << simulator::backtest_json(*report, command.examples) << '\n';
  } else {
    std::cout << simulator::backtest_text(*report, command.examples);
  }
  return write_report(command, *report);
}

}  // namespace

void add_backtest(CLI::App& app) {
  CLI::App* sub = app.add_subcommand(
      "backtest",
      "What other rules would have made of signals that were: whom they gain and lose, and at what cost.\n"
      "Reads a server's folder, also beside the running server, or a folder with a signals.jsonl; changes nothing.\n"
      "Residents' numbers are masked. Operator hours are each task once, by assumed minutes (docs/simulator.md).\n"
      "Exits: 0 done; 1 the rules or the journal are at fault; 3 the folder can't be read");
  auto command = std::make_shared<BacktestCommand>();
  auto* data = sub->add_option("--data", command->data, "A server's data folder");
  auto* journal = sub->add_option("--journal", command->journal, "The same, or a folder with a signals.jsonl");
  data->excludes(journal);
  sub->add_option("--key-file", command->key_file,
                  "The file of master keys that open the folder; without: master.key in it")
      ->envname("QUANZU_KEY_FILE");
  sub->add_option("--rules", command->rules, "The packs to try")->required();
  sub->add_option("--against", command->against,
                  "The packs to compare with; without: those that are live in the folder, if they are kept");
  sub->add_option("--from", command->from, "Only signals that arrived from then on (RFC 3339)");
  sub->add_option("--to", command->to, "Only signals that arrived before then");
  sub->add_option("--workers", command->options.workers, "Threads that match")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  sub->add_option("--examples", command->examples, "Residents and rules to show of each list")->capture_default_str();
  sub->add_option("--report", command->report, "Also write an HTML file, which needs no network");
  sub->add_flag("--json", command->json, "One JSON object on standard output");
  on_chosen(sub, [command, sub] {
    if (command->data.empty() && command->journal.empty()) {
      say("quanzu: say --data DIR or --journal DIR\n" + sub->help());
      return Exit::kUsage;
    }
    return run(*command);
  });
}

}  // namespace quanzu::tool
