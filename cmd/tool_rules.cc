// quanzu rules: what a rule author does with a pack. Each verb is in its own tool_rules_*.cc.
#include "cmd/tool_rules.h"

#include <charconv>
#include <filesystem>
#include <iostream>

#include "adapters/feed/json.h"
#include "rules/lang/problems.h"

namespace quanzu::tool {

void complain(const std::string& line) {
  std::cerr << "quanzu: " << line << '\n';
}

std::optional<rules::Pack> load_rules(const std::string& path, const rules::LoadOptions& options) {
  if (!std::filesystem::exists(path)) {
    complain("'" + path + "' does not exist: name a folder of rules, such as rules/packs, or one rule file");
    return std::nullopt;
  }
  rules::Pack pack = rules::load_pack(path, options);
  size_t errors = 0;
  for (const rules::Problem& problem : pack.problems) {
    if (problem.severity != rules::Severity::kError) continue;
    std::cerr << rules::describe(problem) << '\n';
    ++errors;
  }
  if (errors == 0) return pack;
  complain(std::to_string(errors) + (errors == 1 ? " error" : " errors") + " in " + path +
           ": `quanzu rules check` shows them with the warnings");
  return std::nullopt;
}

std::shared_ptr<const rules::Program> compile_rules(const std::string& path) {
  std::optional<rules::Pack> pack = load_rules(path, {});
  if (!pack) return nullptr;
  Result<std::shared_ptr<const rules::Program>> program = rules::Program::compile(std::move(*pack));
  if (program) return *program;
  complain(program.error().message);
  return nullptr;
}

// Program::compile gives the place as file:line:column.
rules::Problem problem_of(const Error& error) {
  rules::Problem problem;
  problem.file = error.field;
  problem.reason = error.message;
  int* const parts[] = {&problem.mark.column, &problem.mark.line};
  for (int* part : parts) {
    const size_t colon = problem.file.rfind(':');
    if (colon == std::string::npos) break;
    std::from_chars(problem.file.data() + colon + 1, problem.file.data() + problem.file.size(), *part);
    problem.file.resize(colon);
  }
  const std::string place = error.field + ": ";
  if (problem.reason.starts_with(place)) problem.reason.erase(0, place.size());
  return problem;
}

Result<Signal> EventReader::read(const boost::json::value& event) {
  feed::EventFields fields;
  const Result<void> done = feed::read_json_event(event, fields);
  if (!done) return Failure(done.error());
  bytes_ = fields.bytes();
  feed::SignalHead head;
  Signal signal;
  ENSURE(feed::decode_signal(bytes_, head, signal), "EventFields writes what decode_signal reads");
  signal.kind = static_cast<Kind>(head.kind);
  has_time_ = head.at_ms.has_value();
  if (has_time_) signal.at = from_ms(*head.at_ms);
  if (signal.has(Field::kPeerNumber)) signal.peer = peer_number(signal.string(Field::kPeerNumber));
  if (!signal.has(Field::kResidentNumber)) return signal;
  const Result<Number> number = parse_resident_number(signal.string(Field::kResidentNumber));
  if (!number) return fail(Code::kInvalidArgument, "resident.number: " + number.error().message, "resident.number");
  signal.resident = *number;
  return signal;
}

void add_rules(CLI::App& app) {
  CLI::App* rules = app.add_subcommand("rules", "Check, test, match and explain rule packs (docs/rule-format.md)");
  rules->require_subcommand(1);
  rules->footer(
      "A first rule:\n"
      "  quanzu rules check rules/packs                every problem, with file, line and the nearest correct form\n"
      "  quanzu rules test rules/packs                 the tests that stand beside the rules\n"
      "  quanzu rules explain --rules rules/packs --event '{\"kind\":\"sms\",\"text\":\"...\"}'\n"
      "                                                why it matched, or what was missing\n"
      "  quanzu rules eval --rules rules/packs --corpus texts.tsv --label-column label --positive fraud\n"
      "                                                what a labelled corpus says: precision, recall, each rule");
  add_rules_check(*rules);
  add_rules_test(*rules);
  add_rules_match(*rules);
  add_rules_explain(*rules);
  add_rules_parse(*rules);
  add_rules_normalize(*rules);
  add_rules_eval(*rules);
  add_rules_fmt(*rules);
}

}  // namespace quanzu::tool
