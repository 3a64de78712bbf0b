// quanzu rules train: a learned model from a labelled corpus, and what it is worth on rows that it has not seen.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "cmd/tool_rules.h"
#include "cmd/tool_share.h"
#include "rules/lang/model_field.h"
#include "rules/lang/sha256.h"
#include "simulator/train.h"

namespace quanzu::tool {
namespace {

namespace json = boost::json;
using simulator::Confusion;
using simulator::Trained;

struct TrainCommand {
  std::string corpus;
  std::string format;
  simulator::CorpusOptions rows;
  std::vector<std::string> positive;
  std::string kind = "sms";
  std::string out;
  simulator::TrainOptions options;
  bool json = false;
};

Share precision(const Confusion& of) {
  return share(of.true_positives, of.true_positives + of.false_positives);
}
Share recall(const Confusion& of) {
  return share(of.true_positives, of.true_positives + of.false_negatives);
}

json::object json_of(const Confusion& of) {
  return {{"tp", of.true_positives},
          {"fp", of.false_positives},
          {"fn", of.false_negatives},
          {"tn", of.true_negatives},
          {"precision", json_of(precision(of))},
          {"precision_interval", interval_of(precision(of))},
          {"recall", json_of(recall(of))},
          {"recall_interval", interval_of(recall(of))},
          {"f1", of.f1()}};
}

void print_json(const TrainCommand& command, const simulator::Corpus& corpus, const Trained& trained) {
  json::array outputs;
  for (const simulator::OutputFigures& output : trained.validation.outputs) {
    json::object one = json_of(output.at.front().rows);
    one["label"] = output.label;
    one["rows"] = output.rows;
    one["grams"] = output.grams;
    one["distinct"] = json::object{
        {"precision", output.distinct.precision()}, {"recall", output.distinct.recall()}, {"f1", output.distinct.f1()}};
    json::array at;
    for (const simulator::OutputFigures::At& threshold : output.at) {
      json::object figures = json_of(threshold.rows);
      figures["gte"] = threshold.probability;
      at.push_back(std::move(figures));
    }
    one["at"] = std::move(at);
    outputs.push_back(std::move(one));
  }
  json::array curve;
  for (const simulator::CurvePoint& point : trained.curve) {
    json::object one{{"percent", point.percent}, {"rows", point.rows}, {"f1", nullptr}};
    if (point.possible) one["f1"] = point.f1;
    curve.push_back(std::move(one));
  }
  json::object out{{"n", trained.file.rows},
                   {"corpus_sha256", trained.file.corpus_sha256},
                   {"folds", trained.validation.folds},
                   {"seed", trained.file.seed},
                   {"clusters", trained.validation.clusters},
                   {"outputs", std::move(outputs)},
                   {"accuracy", trained.validation.accuracy},
                   {"weighted_f1", trained.validation.weighted_f1},
                   {"distinct_weighted_f1", trained.validation.distinct_f1},
                   {"skipped", corpus.skipped.size() + trained.skipped.size()}};
  if (command.options.curve) out["curve"] = std::move(curve);
  if (!command.out.empty()) out["model"] = command.out;
  std::cout << json::serialize(out) << '\n';
}

void print_output(const simulator::OutputFigures& output) {
  const std::string name = output.label.empty() ? "positive" : output.label;
  std::printf("\n%s: %zu rows, %zu n-grams\n", name.c_str(), static_cast<size_t>(output.rows), output.grams);
  for (const simulator::OutputFigures::At& at : output.at) {
    std::printf("  gte %.2f   precision %-24s recall %-24s F1 %.3f\n", at.probability,
                text_of(precision(at.rows)).c_str(), text_of(recall(at.rows)).c_str(), at.rows.f1());
  }
  const simulator::Distinct& distinct = output.distinct;
  std::printf("  gte 0.50 with each cluster counted once: precision %.3f, recall %.3f, F1 %.3f\n", distinct.precision(),
              distinct.recall(), distinct.f1());
}

void print_text(const TrainCommand& command, const Trained& trained) {
  const simulator::CrossValidation& validation = trained.validation;
  std::printf(
      "%zu rows in %zu clusters of near-duplicates; each row judged by a model that saw no row of its cluster\n"
      "(%zu folds, seed %zu), 95%% intervals\n",
      static_cast<size_t>(trained.file.rows), validation.clusters, validation.folds,
      static_cast<size_t>(trained.file.seed));
  for (const simulator::OutputFigures& output : validation.outputs) print_output(output);
  if (validation.outputs.size() > 1) {
    std::printf(
        "\neach row taken for its likeliest label: accuracy %.4f, weighted F1 %.4f, with each cluster\n"
        "counted once %.4f\n",
        validation.accuracy, validation.weighted_f1, validation.distinct_f1);
  }
  if (!trained.curve.empty()) std::printf("\nlearning curve: share of the training rows, rows, F1\n");
  for (const simulator::CurvePoint& point : trained.curve) {
    std::printf("  %3u%%  %7zu  ", point.percent, static_cast<size_t>(point.rows));
    std::printf(point.possible ? "%.3f\n" : "too few rows for every fold to have both classes\n", point.f1);
  }
  if (!command.out.empty()) std::printf("\n%s: written\n", command.out.c_str());
  std::fflush(stdout);
}

bool is_model_file(const std::filesystem::path& file) {
  return file.extension() == ".model" && rules::is_model_name(file.stem().string());
}

Exit write_model(const TrainCommand& command, const Trained& trained) {
  if (command.out.empty()) return Exit::kOk;
  std::error_code ignored;
  const std::filesystem::path folder = std::filesystem::path(command.out).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
  std::ofstream out(command.out, std::ios::binary);
  out << rules::print_model(trained.file);
  out.close();
  if (out) return Exit::kOk;
  complain("'" + command.out + "', named by --out, can't be written: may this folder be written to, is the disk full?");
  return Exit::kState;
}

Exit prepare(TrainCommand& command) {
  if (command.out.empty() && !command.options.curve) {
    complain("name the model's file with --out, or ask for figures alone with --curve");
    return Exit::kUsage;
  }
  if (!command.out.empty() && !is_model_file(command.out)) {
    complain("--out '" + command.out +
             "': rules name a model by its file, so it is called NAME.model, where NAME has no "
             "dot, space or |");
    return Exit::kUsage;
  }
  const auto format = corpus_format(command.corpus, command.format);
  if (!format) return Exit::kUsage;
  if (*format == simulator::CorpusOptions::Format::kLines) {
    complain("a file of plain lines has no labels: give a table");
    return Exit::kUsage;
  }
  command.rows.format = *format;
  command.options.kind = *find_kind(command.kind);
  command.options.positive = {command.positive.begin(), command.positive.end()};
  return Exit::kOk;
}

Exit train(TrainCommand& command) {
  const Exit ready = prepare(command);
  if (ready != Exit::kOk) return ready;
  const std::optional<simulator::Corpus> corpus = load_corpus(command.corpus, command.rows);
  if (!corpus) return Exit::kFailed;
  Result<Trained> trained = simulator::train(*corpus, command.options);
  if (!trained) {
    complain(command.corpus + ": " + trained.error().message);
    return Exit::kFailed;
  }
  for (const simulator::Corpus::Skipped& row : trained->skipped) {
    complain(command.corpus + ":" + std::to_string(row.line) + ": left out: " + row.why);
  }
  std::ifstream bytes(command.corpus, std::ios::binary);
  trained->file.corpus_sha256 = rules::sha256_of(std::string{std::istreambuf_iterator<char>(bytes), {}});
  trained->file.made = format_rfc3339(now()).substr(0, 10);
  const Exit written = write_model(command, *trained);
  if (written != Exit::kOk) return written;
  if (command.json) {
    print_json(command, *corpus, *trained);
  } else {
    print_text(command, *trained);
  }
  return Exit::kOk;
}

void add_learning_options(CLI::App* sub, simulator::TrainOptions& options) {
  sub->add_option("--features", options.most_grams, "N-grams that an output may keep")
      ->check(CLI::Range(size_t{1}, rules::kMostGrams))
      ->capture_default_str();
  sub->add_option("--grams", options.longest, "The longest n-grams, in characters")
      ->check(CLI::Range(1U, rules::kLongestGram))
      ->capture_default_str();
  sub->add_option("--least-rows", options.least_rows, "Rows that an n-gram must stand in to be looked at")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  sub->add_option("--strength", options.strength, "liblinear's C for the choice of n-grams: more chooses more")
      ->check(CLI::Range(0.001, 1000.0))
      ->capture_default_str();
  sub->add_option("--folds", options.folds, "Parts of the cross-validation")
      ->check(CLI::Range(2, 20))
      ->capture_default_str();
  sub->add_option("--seed", options.seed, "What decides which rows share a fold")->capture_default_str();
  sub->add_flag("--curve", options.curve, "Also learn from 10 and 30 percent of the rows: would more rows help?");
}

}  // namespace

void add_rules_train(CLI::App& rules) {
  CLI::App* sub = rules.add_subcommand(
      "train",
      "A model learned from a labelled corpus, for rules to ask: `model.NAME|gte: 0.98` (docs/rule-format.md).\n"
      "Logistic regression on character n-grams of the normalised text, with a probability calibrated on rows that it "
      "has "
      "not\nseen. Prints precision, recall and F1 of such rows at several probabilities. Near-duplicates share a "
      "fold.\n"
      "Broken rows are left out, counted, and named with their line.\n"
      "Exits: 0 trained, whatever the figures; 1 the corpus is at fault; 3 the model can't be written");
  auto command = std::make_shared<TrainCommand>();
  command->rows.label_column = "label";
  sub->add_option("--corpus", command->corpus, "Texts in UTF-8 with their labels: .tsv or .csv with a header")
      ->required();
  sub->add_option("--format", command->format, "tsv or csv, where the file's name doesn't say")
      ->check(CLI::IsMember({"tsv", "csv"}));
  sub->add_option("--text-column", command->rows.text_column, "The column that holds the text")->capture_default_str();
  sub->add_option("--label-column", command->rows.label_column, "The column that holds the label")
      ->capture_default_str();
  sub->add_option("--positive", command->positive,
                  "Labels to find, with commas; without it the model has an output for each label: model.NAME.LABEL")
      ->delimiter(',');
  sub->add_option("--kind", command->kind, "What the texts are; of url the text is the address")
      ->check(CLI::IsMember({"sms", "call", "url", "report", "instruction"}))
      ->capture_default_str();
  sub->add_option("--out", command->out, "The model's file, NAME.model in a folder `models` of a pack");
  add_learning_options(sub, command->options);
  sub->add_flag("--json", command->json, "Print one JSON object on standard output");
  sub->footer(
      "Examples: quanzu rules train --corpus sms.tsv --label-column class --positive fraud,phish --out "
      "my/models/sms.model\n"
      "          quanzu rules train --corpus sms.tsv --label-column class --curve");
  on_chosen(sub, [command] { return train(*command); });
}

}  // namespace quanzu::tool
