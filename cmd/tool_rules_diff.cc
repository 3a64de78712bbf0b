// quanzu rules diff: what a change of rules changes on a corpus.
#include <algorithm>
#include <iostream>

#include "cmd/tool_rules.h"
#include "cmd/tool_share.h"
#include "simulator/compare.h"

namespace quanzu::tool {
namespace {

namespace json = boost::json;
using simulator::Change;
using simulator::Comparison;

struct DiffCommand {
  std::string before;
  std::string after;
  std::string corpus;
  std::string format;
  simulator::CorpusOptions rows;
  std::string kind = "sms";
  size_t examples = 5;
  bool json = false;
};

json::object json_of(const Change& of, uint64_t rows) {
  return {{"before", of.before}, {"before_interval", interval_of(share(of.before, rows))},
          {"after", of.after},   {"after_interval", interval_of(share(of.after, rows))},
          {"gained", of.gained}, {"gained_interval", interval_of(share(of.gained, rows))},
          {"lost", of.lost},     {"lost_interval", interval_of(share(of.lost, rows))}};
}

// Both packs over the rows.
struct Diff {
  std::shared_ptr<const rules::Program> before, after;
  simulator::Evaluation was, is;
  Comparison comparison;
};

json::array examples_json(const DiffCommand& command, const simulator::Corpus& corpus, const rules::Program& program,
                          const simulator::Evaluation& holds, const std::vector<size_t>& rows) {
  json::array out;
  for (size_t i = 0; i < std::min(rows.size(), command.examples); ++i) {
    const simulator::CorpusRow& row = corpus.rows[rows[i]];
    json::array ids;
    for (const RuleIndex rule : holds.alerts_of[rows[i]]) ids.emplace_back(program.rules()[rule].id);
    out.push_back(
        json::object{{"line", row.line}, {"label", row.label}, {"rules", std::move(ids)}, {"text", row.text}});
  }
  return out;
}

void print_json(const DiffCommand& command, const simulator::Corpus& corpus, const Diff& diff) {
  const Comparison& comparison = diff.comparison;
  json::object out = json_of(comparison.alerts, comparison.rows);
  out["n"] = comparison.rows;
  json::array per_rule;
  for (const simulator::RuleChange& rule : comparison.rules) {
    json::object one = json_of(rule.rows, comparison.rows);
    one["rule"] = rule.rule;
    one["new"] = rule.is_new;
    one["gone"] = rule.is_gone;
    per_rule.push_back(std::move(one));
  }
  json::array per_label;
  for (const auto& [label, change] : comparison.labels) {
    json::object one = json_of(change.alerts, change.rows);
    one["label"] = label;
    one["n"] = change.rows;
    per_label.push_back(std::move(one));
  }
  out["per_rule"] = std::move(per_rule);
  out["per_label"] = std::move(per_label);
  out["gained_rows"] = examples_json(command, corpus, *diff.after, diff.is, comparison.gained);
  out["lost_rows"] = examples_json(command, corpus, *diff.before, diff.was, comparison.lost);
  out["skipped"] = corpus.skipped.size();
  std::cout << json::serialize(out) << '\n';
}

void print_change(const std::string& name, const Change& of, uint64_t rows) {
  std::cout << "  " << name << ": " << text_of(share(of.before, rows)) << " -> " << text_of(share(of.after, rows))
            << "; +" << of.gained << " -" << of.lost << '\n';
}

void print_examples(const DiffCommand& command, const simulator::Corpus& corpus, const rules::Program& program,
                    const simulator::Evaluation& holds, const std::vector<size_t>& rows, const char* what) {
  if (rows.empty() || command.examples == 0) return;
  std::cout << '\n' << what << ", " << std::min(rows.size(), command.examples) << " of " << rows.size() << ":\n";
  for (size_t i = 0; i < std::min(rows.size(), command.examples); ++i) {
    const simulator::CorpusRow& row = corpus.rows[rows[i]];
    std::cout << "  " << command.corpus << ':' << row.line << "  " << row.label << "  "
              << ids_of(program, holds.alerts_of[rows[i]]) << "\n    " << row.text << '\n';
  }
}

void print_text(const DiffCommand& command, const simulator::Corpus& corpus, const Diff& diff) {
  const Comparison& comparison = diff.comparison;
  std::cout << comparison.rows
            << " rows; the share that alerts before and after with 95% intervals, then the rows that "
            << "begin (+) and cease (-) to\n";
  print_change("all", comparison.alerts, comparison.rows);
  if (!command.rows.label_column.empty()) std::cout << "\nlabel\n";
  for (const auto& [label, change] : comparison.labels) {
    if (!command.rows.label_column.empty()) print_change(label, change.alerts, change.rows);
  }
  std::cout << (comparison.rules.empty() ? "\nno rule holds for more or fewer rows\n" : "\nrule\n");
  for (const simulator::RuleChange& rule : comparison.rules) {
    const char* note = rule.is_new ? " (new)" : rule.is_gone ? " (gone)" : "";
    print_change(rule.rule + note, rule.rows, comparison.rows);
  }
  print_examples(command, corpus, *diff.after, diff.is, comparison.gained, "rows that begin to alert");
  print_examples(command, corpus, *diff.before, diff.was, comparison.lost, "rows that cease to alert");
}

Exit diff(DiffCommand& command) {
  const std::optional<simulator::CorpusOptions::Format> format = corpus_format(command.corpus, command.format);
  if (!format) return Exit::kUsage;
  command.rows.format = *format;
  if (*format == simulator::CorpusOptions::Format::kLines && !command.rows.label_column.empty()) {
    complain("a file of plain lines has no labels: leave --label-column out");
    return Exit::kUsage;
  }
  Diff out;
  out.before = compile_rules(command.before);
  if (out.before == nullptr) return Exit::kFailed;
  out.after = compile_rules(command.after);
  if (out.after == nullptr) return Exit::kFailed;
  const std::optional<simulator::Corpus> corpus = load_corpus(command.corpus, command.rows);
  if (!corpus) return Exit::kFailed;
  const simulator::EvaluateOptions options{.kind = *find_kind(command.kind)};
  out.was = simulator::evaluate(*out.before, *corpus, options);
  out.is = simulator::evaluate(*out.after, *corpus, options);
  out.comparison = simulator::compare(*out.before, out.was, *out.after, out.is, *corpus);
  if (command.json) {
    print_json(command, *corpus, out);
  } else {
    print_text(command, *corpus, out);
  }
  return Exit::kOk;
}

}  // namespace

void add_rules_diff(CLI::App& rules) {
  CLI::App* sub =
      rules.add_subcommand("diff",
                           "What a change of rules changes on a corpus: the rules that hold for more or "
                           "fewer rows, the rows that begin or cease\nto alert, by label where there are "
                           "labels, with examples and 95% intervals (Wilson).\n"
                           "Rules are told apart by id. Broken rows are left out and named with their line.\n"
                           "Exits: 0 compared, whether or not anything differs; 1 the corpus or a pack is "
                           "at fault");
  auto command = std::make_shared<DiffCommand>();
  sub->add_option("before", command->before, "A folder of rules, or one rule file")->required();
  sub->add_option("after", command->after, "The same after the change")->required();
  sub->add_option("--corpus", command->corpus, "Texts in UTF-8: .tsv or .csv with a header, .txt a text a line")
      ->required();
  sub->add_option("--format", command->format, "tsv, csv or txt, where the file's name doesn't say")
      ->check(CLI::IsMember({"tsv", "csv", "txt"}));
  sub->add_option("--text-column", command->rows.text_column, "The column that holds the text")->capture_default_str();
  sub->add_option("--label-column", command->rows.label_column, "The column that holds the label, if any does");
  sub->add_option("--kind", command->kind, "What the texts are; of url the text is the address")
      ->check(CLI::IsMember({"sms", "call", "url", "report", "instruction"}))
      ->capture_default_str();
  sub->add_option("--examples", command->examples, "Rows to show of each direction")->capture_default_str();
  sub->add_flag("--json", command->json, "Print one JSON object on standard output");
  sub->footer("Example: quanzu rules diff rules/packs mine --corpus sms.tsv --label-column class");
  on_chosen(sub, [command] { return diff(*command); });
}

}  // namespace quanzu::tool
