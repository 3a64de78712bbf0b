// quanzud measures rebuild: the measures from the journal alone, equal to what the API answers.
#include <iomanip>
#include <iostream>

#include "adapters/api/render.h"
#include "adapters/store/recovery.h"
#include "adapters/store/sqlite_reader.h"
#include "cmd/server.h"

namespace quanzu::cmd {
namespace {

namespace json = boost::json;

struct MeasuresCommand : FolderOptions {
  std::string as_of;
  bool json = false;
};

Result<std::vector<Measure>> rebuild(const MeasuresCommand& command, Instant& as_of) {
  Result<std::unique_ptr<store::Reader>> reader = store::open_reader(command.folder());
  if (!reader) return Failure(reader.error());
  rules::Pipeline pipeline;
  const Result<store::Replayed> replayed = store::replay(**reader, 0, pipeline);
  if (!replayed) return Failure(replayed.error());
  const Engine& engine = pipeline.engine();
  as_of = engine.now();
  if (!command.as_of.empty()) {
    const Result<Instant> given = parse_rfc3339(command.as_of);
    if (!given) return Failure(given.error());
    as_of = *given;
  }
  std::vector<Exposure> exposures;
  for (uint64_t id = 1; id <= engine.case_count(); ++id) {
    const Case& of = *engine.find_case(CaseId(id));
    exposures.push_back(exposure_of(of, engine.area_of(of.resident), engine.playbook()));
  }
  std::vector<ClosedLoop> loops;
  for (uint64_t id = 1; id <= engine.instruction_count(); ++id) {
    const Instruction& of = *engine.find_instruction(InstructionId(id));
    loops.push_back(closed_loop_of(of, engine.area_of(of.resident)));
  }
  MeasureQuery query;
  query.as_of = as_of;
  query.horizon = engine.playbook().horizon;
  return measure(exposures, loops, query);
}

void print_text(const std::vector<Measure>& measures) {
  for (const Measure& each : measures) {
    std::cout << std::left << std::setw(32) << each.name << each.numerator << "/" << each.denominator;
    if (each.value && !each.small) std::cout << " = " << *each.value;
    if (each.low && each.high && !each.small) std::cout << " [" << *each.low << ", " << *each.high << "]";
    if (each.bound_low && each.bound_high) std::cout << " bounds " << *each.bound_low << ".." << *each.bound_high;
    if (each.immature > 0) std::cout << "  immature " << each.immature;
    std::cout << '\n';
  }
}

int run(const MeasuresCommand& command) {
  Instant as_of;
  const Result<std::vector<Measure>> measures = rebuild(command, as_of);
  if (!measures) return report(measures.error());
  if (!command.json) {
    std::cout << "as of " << format_rfc3339(as_of) << '\n';
    print_text(*measures);
    return kOk;
  }
  json::array out;
  for (const Measure& each : *measures) out.emplace_back(api::render_measure(each));
  std::cout << json::serialize(json::object{{"as_of", format_rfc3339(as_of)}, {"measures", std::move(out)}}) << '\n';
  return kOk;
}

}  // namespace

void add_measures(CLI::App& app, int& exit_code) {
  CLI::App* measures = app.add_subcommand("measures", "Rates with their denominators");
  measures->require_subcommand(1);
  CLI::App* sub = measures->add_subcommand(
      "rebuild", "Replay the journal and compute every measure from it, as Measures/Query {} gives them");
  auto command = std::make_shared<MeasuresCommand>();
  add_folder_options(*sub, *command);
  sub->add_option("--as-of", command->as_of, "RFC 3339; without: the time of the last event");
  sub->add_flag("--json", command->json, "Print one JSON object");
  sub->callback([command, &exit_code] { exit_code = run(*command); });
}

}  // namespace quanzu::cmd
