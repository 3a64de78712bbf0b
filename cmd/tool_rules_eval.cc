// quanzu rules eval: what a corpus says of a pack.
#include <algorithm>
#include <fstream>
#include <iostream>

#include "cmd/tool_robustness.h"
#include "cmd/tool_rules.h"
#include "cmd/tool_share.h"
#include "rules/author/cost.h"
#include "simulator/evaluate.h"
#include "simulator/halves.h"

namespace quanzu::tool {
namespace {

namespace json = boost::json;
using simulator::CorpusOptions;

struct EvalCommand {
  std::string path;
  std::string corpus;
  std::string format;
  CorpusOptions rows;
  std::vector<std::string> positive;
  bool ham = false;
  std::string kind = "sms";
  std::string false_positives;
  std::string misses;
  std::optional<uint64_t> obfuscate;  // the seed
  std::string half;
  std::optional<uint64_t> split;  // the seed
  bool json = false;
};

struct Figures {
  explicit Figures(const simulator::Evaluation& of)
      : precision(share(of.true_positives, of.true_positives + of.false_positives)),
        recall(share(of.true_positives, of.true_positives + of.false_negatives)),
        fpr(share(of.false_positives, of.false_positives + of.true_negatives)),
        f1(share(2 * of.true_positives, 2 * of.true_positives + of.false_positives + of.false_negatives)) {}
  Share precision, recall, fpr, f1;
};

// Rules that held at least once, those that hold wrongly most often first.
std::vector<RuleIndex> ordered(const simulator::Evaluation& evaluation) {
  std::vector<RuleIndex> order;
  for (RuleIndex i = 0; i < evaluation.per_rule.size(); ++i) {
    if (evaluation.per_rule[i].right + evaluation.per_rule[i].wrong > 0) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](RuleIndex a, RuleIndex b) {
    const auto& x = evaluation.per_rule[a];
    const auto& y = evaluation.per_rule[b];
    return std::pair(x.wrong, x.right) > std::pair(y.wrong, y.right);
  });
  return order;
}

json::array rules_json(const rules::Program& program, const simulator::Evaluation& evaluation) {
  json::array list;
  for (const RuleIndex i : ordered(evaluation)) {
    const simulator::RuleCount& count = evaluation.per_rule[i];
    const Share precision = share(count.right, count.right + count.wrong);
    list.push_back(json::object{{"rule", program.rules()[i].id},
                                {"n", count.right + count.wrong},
                                {"tp", count.right},
                                {"fp", count.wrong},
                                {"precision", json_of(precision)},
                                {"precision_interval", interval_of(precision)},
                                {"tp_alone", count.right_alone},
                                {"fp_alone", count.wrong_alone},
                                {"ns", rules::cost_of(program.rule(i)).ns}});
  }
  return list;
}

json::array labels_json(const simulator::Evaluation& evaluation) {
  json::array list;
  for (const auto& [name, count] : evaluation.per_label) {
    const Share alerted = share(count.alerted, count.rows);
    list.push_back(json::object{{"label", name},
                                {"positive", count.positive},
                                {"n", count.rows},
                                {"alerted", count.alerted},
                                {"share", json_of(alerted)},
                                {"share_interval", interval_of(alerted)}});
  }
  return list;
}

json::array redundant_json(const rules::Program& program, const simulator::Corpus& corpus,
                           const simulator::Evaluation& evaluation) {
  json::array out;
  for (const RuleIndex rule : redundant_rules(evaluation, corpus)) out.emplace_back(program.rules()[rule].id);
  return out;
}

void print_json(const rules::Program& program, const simulator::Corpus& corpus, const simulator::Evaluation& evaluation,
                const std::optional<Robustness>& robustness) {
  const Figures figures(evaluation);
  json::array skipped;
  for (const simulator::Corpus::Skipped& row : corpus.skipped) {
    skipped.push_back(json::object{{"line", row.line}, {"reason", row.why}});
  }
  json::object out{{"n", corpus.rows.size()},
                   {"tp", evaluation.true_positives},
                   {"fp", evaluation.false_positives},
                   {"fn", evaluation.false_negatives},
                   {"tn", evaluation.true_negatives},
                   {"precision", json_of(figures.precision)},
                   {"precision_interval", interval_of(figures.precision)},
                   {"recall", json_of(figures.recall)},
                   {"recall_interval", interval_of(figures.recall)},
                   {"f1", json_of(figures.f1)},
                   {"fpr", json_of(figures.fpr)},
                   {"fpr_interval", interval_of(figures.fpr)},
                   {"per_rule", rules_json(program, evaluation)},
                   {"per_label", labels_json(evaluation)},
                   {"redundant", redundant_json(program, corpus, evaluation)},
                   {"skipped", corpus.skipped.size()},
                   {"skipped_rows", std::move(skipped)}};
  if (robustness) out["obfuscated"] = json_of(*robustness);
  std::cout << json::serialize(out) << '\n';
}

void print_text(const rules::Program& program, const simulator::Corpus& corpus,
                const simulator::Evaluation& evaluation) {
  const Figures figures(evaluation);
  std::cout << corpus.rows.size() << " rows, 95% intervals\n"
            << "  precision            " << text_of(figures.precision) << '\n'
            << "  recall               " << text_of(figures.recall) << '\n'
            << "  false positive rate  " << text_of(figures.fpr) << '\n'
            << "\nlabel: rows, alerted\n";
  for (const auto& [name, count] : evaluation.per_label) {
    std::cout << "  " << (count.positive ? "+ " : "  ") << (name.empty() ? "(none)" : name) << ": " << count.rows
              << ", " << count.alerted << " = " << text_of(share(count.alerted, count.rows)) << '\n';
  }
  std::cout << "\nrule: rightly, wrongly, precision; of those no other rule finds; estimated ns a signal\n";
  for (const RuleIndex i : ordered(evaluation)) {
    const simulator::RuleCount& count = evaluation.per_rule[i];
    std::cout << "  " << program.rules()[i].id << ": " << count.right << ", " << count.wrong << ", "
              << text_of(share(count.right, count.right + count.wrong)) << "; alone " << count.right_alone << ", "
              << count.wrong_alone << "; " << rules::cost_of(program.rule(i)).ns << '\n';
  }
  const std::vector<RuleIndex> redundant = redundant_rules(evaluation, corpus);
  if (!redundant.empty()) {
    std::cout << "\nrules without which, all left out together, the pack finds as much of this corpus: "
              << redundant.size() << '\n';
  }
  for (const RuleIndex rule : redundant) std::cout << "  " << program.rules()[rule].id << '\n';
}

// Rows that the pack got wrong in the one or the other direction: line, label, the rules that held, text.
Exit write_rows(const std::string& path, bool alerted, const rules::Program& program, const simulator::Corpus& corpus,
                const simulator::Evaluation& evaluation) {
  if (path.empty()) return Exit::kOk;
  std::ofstream out(path, std::ios::binary);
  out << "line\tlabel\trules\ttext\n";
  for (size_t i = 0; i < corpus.rows.size(); ++i) {
    const simulator::CorpusRow& row = corpus.rows[i];
    const bool positive = evaluation.per_label.at(row.label).positive;
    if (positive == alerted || evaluation.alerted(i) != alerted) continue;
    out << row.line << '\t' << row.label << '\t' << ids_of(program, evaluation.alerts_of[i]);
    std::string text = row.text;
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
    out << '\t' << text << '\n';
  }
  out.flush();
  if (out) return Exit::kOk;
  complain("'" + path + "', named by " + (alerted ? "--false-positives" : "--misses") + ", can't be written");
  return Exit::kState;
}

Exit prepare(EvalCommand& command) {
  if (command.ham != command.positive.empty()) {
    complain(command.ham ? "--ham says that no row is positive: leave --positive out"
                         : "name the labels that must raise an alert with --positive, or use --ham if none must");
    return Exit::kUsage;
  }
  if (!command.ham && command.rows.label_column.empty()) command.rows.label_column = "label";
  if (command.half.empty() != !command.split) {
    complain("--half and --split belong together: which half, and the seed by which the corpus is parted");
    return Exit::kUsage;
  }
  const std::optional<CorpusOptions::Format> format = corpus_format(command.corpus, command.format);
  if (!format) return Exit::kUsage;
  command.rows.format = *format;
  if (command.rows.format == CorpusOptions::Format::kLines && !command.ham) {
    complain("a file of plain lines has no labels: use --ham, or a table");
    return Exit::kUsage;
  }
  return Exit::kOk;
}

Exit eval(EvalCommand& command) {
  const Exit ready = prepare(command);
  if (ready != Exit::kOk) return ready;
  const std::shared_ptr<const rules::Program> program = compile_rules(command.path);
  if (program == nullptr) return Exit::kFailed;
  std::optional<simulator::Corpus> corpus = load_corpus(command.corpus, command.rows);
  if (!corpus) return Exit::kFailed;
  if (command.split) {
    const auto half = command.half == "read" ? simulator::Half::kRead : simulator::Half::kUnread;
    corpus = simulator::half_of(*corpus, half, *command.split);
  }
  simulator::EvaluateOptions options;
  options.kind = *find_kind(command.kind);
  options.positive = {command.positive.begin(), command.positive.end()};
  const simulator::Evaluation evaluation = simulator::evaluate(*program, *corpus, options);
  for (const std::string& label : command.positive) {
    if (evaluation.per_label.contains(label)) continue;
    complain("no row has the label '" + label + "', which --positive names");
    return Exit::kFailed;
  }
  std::optional<Robustness> robustness;
  if (command.obfuscate) robustness = measure_robustness(*program, *corpus, options, evaluation, *command.obfuscate);
  if (command.json) {
    print_json(*program, *corpus, evaluation, robustness);
  } else {
    print_text(*program, *corpus, evaluation);
    std::cout.flush();
    if (robustness) print_text(*robustness);
  }
  const Exit written = write_rows(command.false_positives, true, *program, *corpus, evaluation);
  if (written != Exit::kOk) return written;
  return write_rows(command.misses, false, *program, *corpus, evaluation);
}

}  // namespace

void add_rules_eval(CLI::App& rules) {
  CLI::App* sub = rules.add_subcommand("eval",
                                       "What a corpus says of a pack: precision, recall and false positives with 95% "
                                       "intervals (Wilson), per label and per rule; what each "
                                       "rule adds that no other\nfinds, and the rules that could all be left out.\n"
                                       "Broken rows are left out, counted, and named with their line.\n"
                                       "Exits: 0 evaluated, whatever the figures; 1 the corpus or the pack is at "
                                       "fault; 3 a file can't be written");
  auto command = std::make_shared<EvalCommand>();
  sub->add_option("--rules", command->path, "A folder of rules, or one rule file")->required();
  sub->add_option("--corpus", command->corpus, "Texts in UTF-8: .tsv or .csv with a header, .txt a text a line")
      ->required();
  sub->add_option("--format", command->format, "tsv, csv or txt, where the file's name doesn't say")
      ->check(CLI::IsMember({"tsv", "csv", "txt"}));
  sub->add_option("--text-column", command->rows.text_column, "The column that holds the text")->capture_default_str();
  sub->add_option("--label-column", command->rows.label_column,
                  "The column that holds the label; without --ham: label");
  CLI::Option* positive =
      sub->add_option("--positive", command->positive, "Labels that must raise an alert, with commas")->delimiter(',');
  sub->add_flag("--ham", command->ham, "No row must raise an alert")->excludes(positive);
  sub->add_option("--kind", command->kind, "What the texts are; of url the text is the address")
      ->check(CLI::IsMember({"sms", "call", "url", "report", "instruction"}))
      ->capture_default_str();
  sub->add_option("--false-positives", command->false_positives, "Write the rows that alert and must not to this file");
  sub->add_option("--misses", command->misses, "Write the rows that must alert and do not to this file");
  sub->add_option(
      "--obfuscate", command->obfuscate,
      "Also measure the rows rewritten as senders do to slip through (marks, emoji, look-alikes, homophones, "
      "split\ncharacters), by kind; the number is the seed");
  sub->add_option("--half", command->half,
                  "Only the half of the rows that is read while rules are written, or the one that never is; "
                  "near-duplicates\nlie in one")
      ->check(CLI::IsMember({"read", "unread"}));
  sub->add_option("--split", command->split, "The seed by which --half parts the rows");
  sub->add_flag("--json", command->json, "Print one JSON object on standard output");
  sub->footer(
      "Examples: quanzu rules eval --rules rules/packs --corpus sms.tsv --label-column class --positive fraud,phish\n"
      "          quanzu rules eval --rules rules/packs --corpus chats.txt --ham --false-positives wrong.tsv");
  on_chosen(sub, [command] { return eval(*command); });
}

}  // namespace quanzu::tool
