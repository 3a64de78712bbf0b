// quanzu rules: what a rule author does with a pack. Each verb is in its own tool_rules_*.cc.
#include "cmd/tool_rules.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "adapters/feed/json.h"
#include "rules/lang/problems.h"

namespace quanzu::tool {

void complain(const std::string& line) {
  std::cerr << "quanzu: " << line << '\n';
}

boost::json::object problem_json(const rules::Problem& problem) {
  return {{"severity", rules::severity_name(problem.severity)},
          {"file", problem.file},
          {"line", problem.mark.line},
          {"column", problem.mark.column},
          {"text", problem.text},
          {"reason", problem.reason},
          {"suggestion", problem.suggestion}};
}

std::optional<rules::Pack> load_rules(const std::string& path, const rules::LoadOptions& options) {
  if (!std::filesystem::exists(path)) {
    complain("'" + path + "' does not exist: name a folder of rules, such as rules/packs, or one rule file");
    return std::nullopt;
  }
  rules::LoadOptions as_of_now = options;
  as_of_now.now = now();
  rules::Pack pack = rules::load_pack(path, as_of_now);
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

std::vector<std::filesystem::path> rule_files(const std::filesystem::path& path) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) return {path};
  for (std::filesystem::recursive_directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
    const std::filesystem::path& file = at->path();
    if (at->is_regular_file(error) && (file.extension() == ".yml" || file.extension() == ".yaml"))
      files.push_back(file);
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::shared_ptr<const rules::Program> compile_rules(const std::string& path) {
  std::optional<rules::Pack> pack = load_rules(path, {});
  if (!pack) return nullptr;
  Result<std::shared_ptr<const rules::Program>> program = rules::Program::compile(std::move(*pack));
  if (program) return *program;
  complain(program.error().message);
  return nullptr;
}

std::string ids_of(const rules::Program& program, const std::vector<RuleIndex>& rules) {
  std::string out;
  for (const RuleIndex rule : rules) out += (out.empty() ? "" : ",") + program.rules()[rule].id;
  return out;
}

std::optional<simulator::CorpusOptions::Format> corpus_format(const std::string& path, std::string option) {
  if (option.empty()) option = path.substr(path.rfind('.') + 1);
  if (option == "tsv") return simulator::CorpusOptions::Format::kTsv;
  if (option == "csv") return simulator::CorpusOptions::Format::kCsv;
  if (option == "txt") return simulator::CorpusOptions::Format::kLines;
  complain("'" + path + "' ends in none of .tsv, .csv, .txt: name its format with --format");
  return std::nullopt;
}

std::optional<simulator::Corpus> load_corpus(const std::string& path, const simulator::CorpusOptions& options) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    complain("'" + path + "' can't be read");
    return std::nullopt;
  }
  Result<simulator::Corpus> corpus = simulator::read_corpus(in, options);
  if (!corpus) {
    complain(path + ": " + corpus.error().message);
    return std::nullopt;
  }
  for (const simulator::Corpus::Skipped& row : corpus->skipped) {
    complain(path + ":" + std::to_string(row.line) + ": left out: " + row.why);
  }
  return std::move(*corpus);
}

Instant now() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
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
  const boost::json::value* feed = event.is_object() ? event.get_object().if_contains("feed") : nullptr;
  feed_ = feed != nullptr && feed->is_string() ? std::string(feed->get_string()) : std::string();
  signal.feed = feed_;  // a feed's own events leave it to the server
  if (signal.has(Field::kPeerNumber)) signal.peer = peer_number(signal.string(Field::kPeerNumber));
  if (!signal.has(Field::kResidentNumber)) return signal;
  const Result<Number> number = parse_resident_number(signal.string(Field::kResidentNumber));
  if (!number) return fail(Code::kInvalidArgument, "resident.number: " + number.error().message, "resident.number");
  signal.resident = *number;
  return signal;
}

void add_rules(CLI::App& app) {
  CLI::App* rules =
      app.add_subcommand("rules", "Write, check, test, explain and measure rule packs (docs/rule-format.md)");
  rules->require_subcommand(1);
  rules->footer(
      "A first rule (docs/tutorial-rules.md leads through it in fifteen minutes):\n"
      "  quanzu rules new loan > my.yml                a rule to begin with, with tests\n"
      "  quanzu rules check my.yml                     every problem, with file, line and the nearest correct form\n"
      "  quanzu rules test my.yml                      the tests that stand beside the rule\n"
      "  quanzu rules explain --rules my.yml --event '{\"kind\":\"sms\",\"text\":\"...\"}'\n"
      "                                                why it matched, or what was missing\n"
      "  quanzu rules eval --rules my.yml --corpus texts.tsv --label-column label --positive fraud\n"
      "                                                what a labelled corpus says: precision, recall, each rule");
  add_rules_new(*rules);
  add_rules_check(*rules);
  add_rules_test(*rules);
  add_rules_fmt(*rules);
  add_rules_explain(*rules);
  add_rules_match(*rules);
  add_rules_parse(*rules);
  add_rules_normalize(*rules);
  add_rules_eval(*rules);
  add_rules_bench(*rules);
  add_rules_train(*rules);
  add_rules_diff(*rules);
}

}  // namespace quanzu::tool
