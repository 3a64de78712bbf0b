// quanzu rules check: every problem of a pack at once, for people, for scripts, and for editors and code hosts (SARIF).
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "cmd/tool_rules.h"
#include "rules/correlate/live.h"
#include "rules/lang/problems.h"
#include "rules/text/utf8.h"

namespace quanzu::tool {
namespace {

namespace json = boost::json;
using rules::Problem;
using rules::Severity;

struct CheckCommand {
  std::string path;
  std::string format = "text";
  std::string schema = "signal";
  bool strict = false;
};

const char* word_of(Severity severity) {
  return severity == Severity::kError ? "error" : "warning";
}

// Problem's columns count bytes, SARIF's count characters: the line is needed to tell one from the other.
int column_in_characters(const Problem& problem) {
  std::ifstream in(problem.file);
  std::string line;
  for (int n = 0; n < problem.mark.line && std::getline(in, line); ++n) {
  }
  const auto bytes = static_cast<size_t>(std::max(0, problem.mark.column - 1));
  return static_cast<int>(rules::count_code_points(std::string_view(line).substr(0, std::min(bytes, line.size())))) + 1;
}

void print_json(const std::vector<Problem>& problems) {
  json::array list;
  for (const Problem& problem : problems) {
    list.push_back(json::object{{"severity", word_of(problem.severity)},
                                {"file", problem.file},
                                {"line", problem.mark.line},
                                {"column", problem.mark.column},
                                {"text", problem.text},
                                {"reason", problem.reason},
                                {"suggestion", problem.suggestion}});
  }
  std::cout << json::serialize(json::object{{"problems", std::move(list)}}) << '\n';
}

json::object sarif_result(const Problem& problem) {
  std::string message = problem.text.empty() ? problem.reason : "'" + problem.text + "': " + problem.reason;
  if (!problem.suggestion.empty()) message += "; " + problem.suggestion;
  json::object where{{"artifactLocation", json::object{{"uri", problem.file}}}};
  if (problem.mark.line > 0) {
    where["region"] = json::object{{"startLine", problem.mark.line}, {"startColumn", column_in_characters(problem)}};
  }
  return {{"ruleId", problem.severity == Severity::kError ? "invalid" : "doubtful"},
          {"level", word_of(problem.severity)},
          {"message", json::object{{"text", message}}},
          {"locations", json::array{json::object{{"physicalLocation", std::move(where)}}}}};
}

// SARIF 2.1.0 (OASIS).
void print_sarif(const std::vector<Problem>& problems) {
  json::array results;
  for (const Problem& problem : problems) results.push_back(sarif_result(problem));
  const json::array kinds{
      json::object{{"id", "invalid"}, {"shortDescription", json::object{{"text", "The pack does not load"}}}},
      json::object{{"id", "doubtful"}, {"shortDescription", json::object{{"text", "It loads, and may surprise"}}}}};
  const json::object driver{{"name", "quanzu rules check"}, {"version", QUANZU_VERSION}, {"rules", kinds}};
  std::cout << json::serialize(
                   json::object{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                                {"version", "2.1.0"},
                                {"runs", json::array{json::object{{"tool", json::object{{"driver", driver}}},
                                                                  {"columnKind", "unicodeCodePoints"},
                                                                  {"results", std::move(results)}}}}})
            << '\n';
}

void print_text(const std::vector<Problem>& problems, const rules::Program* program) {
  for (const Problem& problem : problems) std::cout << rules::describe(problem) << '\n';
  const auto errors = std::count_if(problems.begin(), problems.end(),
                                    [](const Problem& problem) { return problem.severity == Severity::kError; });
  std::cout << errors << (errors == 1 ? " error, " : " errors, ") << static_cast<ptrdiff_t>(problems.size()) - errors
            << " warnings";
  if (program != nullptr) {
    const rules::ProgramSize& size = program->size();
    std::cout << "; " << size.rules << " rules, " << size.atoms << " atoms, " << (size.database_bytes + 1023) / 1024
              << " KiB of databases, " << size.always_evaluated << " rules evaluated for every signal of their kind";
  }
  std::cout << '\n';
}

// What only the compiled program shows.
void add_compiled(rules::Pack pack, std::vector<Problem>& problems, std::shared_ptr<const rules::Program>& out) {
  Result<std::shared_ptr<const rules::Program>> program = rules::Program::compile(std::move(pack));
  if (!program) {
    problems.push_back(problem_of(program.error()));
    return;
  }
  out = *program;
  for (const RuleIndex index : out->without_witness()) {
    const rules::Rule& rule = out->rule(index);
    problems.push_back(
        {Severity::kWarning, rule.file, rule.mark, rule.info.id,
         "no word or value must be there for this rule to hold, so that it is evaluated for every signal "
         "of its kind",
         "add a positive item, such as text|contains"});
  }
}

// What the correlations ask for beyond the language, and what a server asks of them.
void add_correlations(const rules::Pack& pack, std::vector<Problem>& problems) {
  const Result<rules::Definitions> definitions = rules::define(pack);
  const Result<void> fit = definitions ? rules::fits_live(pack, *definitions) : Failure(definitions.error());
  if (!fit) problems.push_back(problem_of(fit.error()));
}

Exit check(const CheckCommand& command) {
  if (!std::filesystem::exists(command.path)) {
    complain("'" + command.path + "' does not exist: name a folder of rules, such as rules/packs, or one rule file");
    return Exit::kFailed;
  }
  const bool any_schema = command.schema == "any";
  rules::Pack pack = rules::load_pack(command.path, {.any_schema = any_schema});
  std::vector<Problem> problems = pack.problems;
  std::shared_ptr<const rules::Program> program;
  if (pack.ok() && !any_schema) {
    add_correlations(pack, problems);
    add_compiled(std::move(pack), problems, program);
  }
  if (command.format == "json") {
    print_json(problems);
  } else if (command.format == "sarif") {
    print_sarif(problems);
  } else {
    print_text(problems, program.get());
  }
  const bool failed = std::any_of(problems.begin(), problems.end(), [&command](const Problem& problem) {
    return problem.severity == Severity::kError || command.strict;
  });
  return failed ? Exit::kFailed : Exit::kOk;
}

}  // namespace

void add_rules_check(CLI::App& rules) {
  CLI::App* sub = rules.add_subcommand("check",
                                       "Every problem of a pack at once: file:line:column, the text, why, and the "
                                       "nearest correct form.\n"
                                       "Exits: 0 no errors; 1 errors, or with --strict warnings");
  auto command = std::make_shared<CheckCommand>();
  sub->add_option("PATH", command->path, "A folder of rules, or one rule file")->required();
  sub->add_option("--format", command->format, "text for people, json for scripts, sarif for editors and code hosts")
      ->check(CLI::IsMember({"text", "json", "sarif"}))
      ->capture_default_str();
  sub->add_option("--schema", command->schema,
                  "signal: field names and types are those of signals; any: rules for other events")
      ->check(CLI::IsMember({"signal", "any"}))
      ->capture_default_str();
  sub->add_flag("--strict", command->strict, "Warnings fail too");
  sub->footer("Example: quanzu rules check rules/packs --format json");
  on_chosen(sub, [command] { return check(*command); });
}

}  // namespace quanzu::tool
