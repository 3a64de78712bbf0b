#include "cmd/tool_world.h"

#include <fstream>
#include <iostream>
#include <sstream>

#include "cmd/tool_feed.h"
#include "simulator/world/staffing.h"
#include "simulator/world/study.h"
#include "simulator/world/world_report.h"

namespace quanzu::tool {
namespace {

Exit read_scenario(const WorldCommand& command, simulator::Scenario& out) {
  std::ifstream file(command.scenario, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  if (!file) {
    say("quanzu: --scenario " + command.scenario + " can't be read; simulator/scenarios/ holds some");
    return Exit::kState;
  }
  std::vector<rules::Problem> found;
  rules::Problems problems(command.scenario, found);
  out = simulator::parse_scenario(bytes.str(), problems);
  for (const rules::Problem& problem : found) say(rules::describe(problem));
  if (problems.errors() > 0) return Exit::kFailed;
  out.seed = command.seed.value_or(out.seed);
  out.days = command.days.value_or(out.days);
  out.residents = command.residents.value_or(out.residents);
  return Exit::kOk;
}

Exit write_report(const std::string& path, const std::string& page) {
  if (path.empty()) return Exit::kOk;
  std::ofstream out(path, std::ios::binary);
  out << page;
  out.close();
  if (out) return Exit::kOk;
  say("quanzu: --report " + path + " can't be written");
  return Exit::kState;
}

void answer(const WorldCommand& command, const std::string& text, const std::string& json) {
  std::cout << (command.json ? json + "\n" : text);
}

Exit play(const WorldCommand& command, const simulator::Scenario& scenario, const runtime::SharedPacks& packs,
          simulator::WorldOptions& options) {
  Progress progress;
  options.progress = [&](uint32_t hour, uint64_t signals) {
    progress.show("day " + std::to_string(hour / 24) + " of " + std::to_string(scenario.days) + ", " +
                  std::to_string(signals) + " signals");
  };
  const simulator::Outcome outcome = simulator::run_world(scenario, packs, options);
  progress.end();
  answer(command, simulator::world_text(scenario, outcome), simulator::world_json(scenario, outcome));
  return write_report(command.report, simulator::world_html(scenario, outcome));
}

Exit study(const WorldCommand& command, const simulator::Scenario& scenario, const runtime::SharedPacks& packs) {
  Progress progress;
  simulator::StudyOptions options;
  options.first_seed = scenario.seed;
  options.seeds = command.seeds;
  options.workers = command.workers;
  options.progress = [&](uint32_t done) {
    progress.show(std::to_string(done) + " of " + std::to_string(command.seeds) + " seeds");
  };
  const simulator::Study studied = simulator::run_study(scenario, packs, options);
  progress.end();
  answer(command, simulator::study_text(studied), simulator::study_json(studied));
  return write_report(command.report, simulator::study_html(studied));
}

Exit staff(const WorldCommand& command, const simulator::Scenario& scenario, const runtime::SharedPacks& packs,
           const simulator::WorldOptions& options) {
  const Result<simulator::Promise> promise = simulator::parse_promise(command.staffing);
  if (!promise) {
    say("quanzu: --staffing " + promise.error().message);
    return Exit::kUsage;
  }
  const Result<simulator::Staffing> found = simulator::find_staffing(scenario, packs, *promise, options);
  if (!found) {
    say("quanzu: " + command.scenario + ": " + found.error().message);
    return Exit::kFailed;
  }
  answer(command, simulator::staffing_text(*found), simulator::staffing_json(*found));
  return write_report(command.report, simulator::staffing_html(scenario, *found));
}

}  // namespace

Exit run_scenario(const WorldCommand& command) {
  simulator::Scenario scenario;
  if (const Exit read = read_scenario(command, scenario); read != Exit::kOk) return read;
  const Result<runtime::SharedPacks> packs = runtime::compile_packs(command.rules, nullptr, scenario.start);
  if (!packs) {
    say("quanzu: --rules " + command.rules + ": " + packs.error().message);
    return packs.error().code == Code::kUnavailable ? Exit::kState : Exit::kFailed;
  }
  if (command.seeds > 0) return study(command, scenario, *packs);
  simulator::WorldOptions options;
  options.seed = scenario.seed;
  options.workers = command.workers;
  if (!command.staffing.empty()) return staff(command, scenario, *packs, options);
  return play(command, scenario, *packs, options);
}

}  // namespace quanzu::tool
