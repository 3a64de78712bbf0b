// quanzu rules check: every problem of a pack at once, for people, for scripts, and for editors and code hosts (SARIF).
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <tuple>

#include "cmd/tool_rules.h"
#include "rules/author/contradiction.h"
#include "rules/author/cost.h"
#include "rules/author/portable.h"
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
  bool costs = false;
};

// A rule's estimate, kept while the pack goes into the program.
struct Estimate {
  std::string rule;
  std::string file;
  rules::RuleCost cost;
};

// Problem's columns count bytes, SARIF's count characters: the line is needed to tell one from the other.
int column_in_characters(const Problem& problem) {
  std::ifstream in(problem.file);
  std::string line;
  for (int n = 0; n < problem.mark.line && std::getline(in, line); ++n) {
  }
  const auto bytes = static_cast<size_t>(std::max(0, problem.mark.column - 1));
  return static_cast<int>(rules::count_code_points(std::string_view(line).substr(0, std::min(bytes, line.size())))) + 1;
}

json::array costs_json(const std::vector<Estimate>& estimates) {
  json::array list;
  for (const Estimate& estimate : estimates) {
    json::array patterns;
    for (const rules::PatternCost& pattern : estimate.cost.patterns) {
      patterns.push_back(json::object{{"line", pattern.mark.line},
                                      {"column", pattern.mark.column},
                                      {"field", pattern.field},
                                      {"shape", rules::shape_name(pattern.shape)},
                                      {"ns", pattern.ns},
                                      {"cheaper", pattern.cheaper}});
    }
    list.push_back(json::object{{"rule", estimate.rule},
                                {"file", estimate.file},
                                {"ns", estimate.cost.ns},
                                {"class", rules::cost_class(estimate.cost.ns)},
                                {"patterns", std::move(patterns)}});
  }
  return list;
}

void print_json(const std::vector<Problem>& problems, const std::vector<Estimate>* estimates) {
  json::array list;
  for (const Problem& problem : problems) list.emplace_back(problem_json(problem));
  json::object out{{"problems", std::move(list)}};
  if (estimates != nullptr) out["costs"] = costs_json(*estimates);
  std::cout << json::serialize(out) << '\n';
}

json::object sarif_result(const Problem& problem) {
  std::string message = problem.text.empty() ? problem.reason : "'" + problem.text + "': " + problem.reason;
  if (!problem.suggestion.empty()) message += "; " + problem.suggestion;
  json::object where{{"artifactLocation", json::object{{"uri", problem.file}}}};
  if (problem.mark.line > 0) {
    where["region"] = json::object{{"startLine", problem.mark.line}, {"startColumn", column_in_characters(problem)}};
  }
  return {{"ruleId", problem.severity == Severity::kError ? "invalid" : "doubtful"},
          {"level", rules::severity_name(problem.severity)},
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

void print_costs(const std::vector<Estimate>& estimates) {
  std::cout << "estimated ns a signal, by the shapes of the patterns (`quanzu rules bench` measures):\n";
  for (const Estimate& estimate : estimates) {
    std::printf("%8.1f  %-6s  ", estimate.cost.ns, std::string(rules::cost_class(estimate.cost.ns)).c_str());
    std::cout << std::flush << estimate.rule;
    if (!estimate.cost.patterns.empty()) {
      const rules::PatternCost& dearest = estimate.cost.patterns.front();
      std::cout << "   " << estimate.file << ':' << dearest.mark.line << ": " << rules::shape_name(dearest.shape);
    }
    std::cout << '\n';
  }
}

// The dearest first.
std::vector<Estimate> estimates_of(const rules::Pack& pack) {
  std::vector<Estimate> out;
  for (const rules::Rule& rule : pack.rules) out.push_back({rule.info.id, rule.file, rules::cost_of(rule)});
  std::stable_sort(out.begin(), out.end(), [](const Estimate& a, const Estimate& b) { return a.cost.ns > b.cost.ns; });
  return out;
}

void append(std::vector<Problem> more, std::vector<Problem>& problems) {
  for (Problem& problem : more) problems.push_back(std::move(problem));
}

// What a pack that loads may still do without its author's knowledge.
void add_lints(const rules::Pack& pack, std::vector<Problem>& problems) {
  for (const rules::Rule& rule : pack.rules) append(rules::cost_warnings(rule), problems);
  append(rules::contradictions(pack), problems);
}

void add_beyond_sigma(const std::string& path, std::vector<Problem>& problems) {
  for (const std::filesystem::path& file : rule_files(path)) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    rules::Problems of_file(file.string(), problems);
    rules::warn_beyond_sigma(bytes.str(), of_file);
  }
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
         "a positive item beside it, such as text|contains"});
  }
}

// What the correlations ask for beyond the language, and what a server asks of them.
void add_correlations(const rules::Pack& pack, std::vector<Problem>& problems) {
  const Result<rules::Definitions> definitions = rules::define(pack);
  const Result<void> fit = definitions ? rules::fits_live(pack, *definitions) : Failure(definitions.error());
  if (!fit) problems.push_back(problem_of(fit.error()));
}

// As an editor lists them.
void sort_by_place(std::vector<Problem>& problems) {
  std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.file, a.mark.line, a.mark.column) < std::tie(b.file, b.mark.line, b.mark.column);
  });
}

Exit check(const CheckCommand& command) {
  if (!std::filesystem::exists(command.path)) {
    complain("'" + command.path + "' does not exist: name a folder of rules, such as rules/packs, or one rule file");
    return Exit::kFailed;
  }
  const bool any_schema = command.schema == "any";
  rules::Pack pack = rules::load_pack(command.path, {.any_schema = any_schema, .now = now()});
  std::vector<Problem> problems = pack.problems;
  const std::vector<Estimate> estimates = command.costs ? estimates_of(pack) : std::vector<Estimate>();
  if (pack.ok()) add_lints(pack, problems);
  if (command.strict) add_beyond_sigma(command.path, problems);
  std::shared_ptr<const rules::Program> program;
  if (pack.ok() && !any_schema) {
    add_correlations(pack, problems);
    add_compiled(std::move(pack), problems, program);
  }
  sort_by_place(problems);
  if (command.format == "json") {
    print_json(problems, command.costs ? &estimates : nullptr);
  } else if (command.format == "sarif") {
    print_sarif(problems);
  } else {
    print_text(problems, program.get());
    if (command.costs) print_costs(estimates);
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
                                       "nearest correct form; patterns that are dear, with a cheaper form.\n"
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
  sub->add_flag("--strict", command->strict,
                "Warnings fail too, and what other engines of Sigma would not take is warned about");
  sub->add_flag("--costs", command->costs, "What each rule costs, estimated from the shapes of its patterns");
  sub->footer("Example: quanzu rules check rules/packs --format json");
  on_chosen(sub, [command] { return check(*command); });
}

}  // namespace quanzu::tool
