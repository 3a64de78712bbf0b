#include "simulator/train.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>

#include "rules/text/normalize.h"
#include "simulator/examples.h"
#include "simulator/folds.h"
#include "simulator/linear.h"

namespace quanzu::simulator {

namespace {

constexpr double kWeighing = 100;  // liblinear's C for those that were chosen
constexpr std::array<double, 5> kProbabilities = {0.5, 0.9, 0.95, 0.98, 0.99};
constexpr std::array<unsigned, 3> kCurve = {10, 30, 100};

rules::Subject subject_of(Kind kind) {
  const rules::Source source = rules::source_of(kind == Kind::kUrl ? Field::kUrl : Field::kText);
  return {source, rules::caseless_form(source)};
}

// One output's model: the grams that were chosen, ascending, with weights by their place among them.
struct Fitted {
  std::vector<uint32_t> chosen;
  LinearFit fit;

  // Of a row's grams those that were chosen, as places among them.
  std::vector<uint32_t> among(const std::vector<uint32_t>& grams) const {
    std::vector<uint32_t> out;
    for (const uint32_t gram : grams) {
      const auto at = std::lower_bound(chosen.begin(), chosen.end(), gram);
      if (at != chosen.end() && *at == gram) out.push_back(static_cast<uint32_t>(at - chosen.begin()));
    }
    return out;
  }
  double score(const Example& example) const { return fit.score(among(example.grams)); }
};

Failure refused(std::string message) {
  return fail(Code::kInvalidArgument, std::move(message));
}

class Trainer {
 public:
  Trainer(const Corpus& corpus, const TrainOptions& options)
      : corpus_(corpus),
        options_(options),
        examples_(make_examples(corpus, subject_of(options.kind), options.longest, options.least_rows)) {}

  Result<Trained> run() {
    const Result<void> labelled = name_outputs();
    if (!labelled) return Failure(labelled.error());
    std::vector<std::string> labels;
    for (const Example& example : examples_.all) labels.push_back(label_of(example));
    folds_.emplace(examples_, labels, options_.folds, options_.seed);
    const Result<void> enough = check_folds();
    if (!enough) return Failure(enough.error());
    Trained out;
    const std::vector<std::vector<double>> scores = scores_of_unseen(100);
    for (size_t output = 0; output < labels_.size(); ++output) {
      calibrations_.push_back(calibrate(scores[output], positive_[output], folds_->parts()));
      if (calibrations_.back().slope >= 0) return refused(nothing_learned(output));
    }
    out.validation = figures_of(scores);
    out.file = final_model(out.validation);
    if (options_.curve) {
      for (const unsigned percent : kCurve) out.curve.push_back(curve_point(percent, out.validation));
    }
    out.skipped = std::move(examples_.skipped);
    return out;
  }

 private:
  const std::string& label_of(const Example& example) const { return corpus_.rows[example.row].label; }

  // One output for the positive labels, or one a label; and which examples are positive for each.
  Result<void> name_outputs() {
    std::map<std::string, size_t> rows;
    for (const Example& example : examples_.all) ++rows[label_of(example)];
    std::string all;
    for (const auto& [label, count] : rows) all += (all.empty() ? "" : ", ") + quoted(label);
    for (const std::string& label : options_.positive) {
      if (!rows.contains(label)) return refused("no row has the label " + quoted(label) + ": name some of " + all);
    }
    if (rows.size() < 2 || rows.size() == options_.positive.size()) {
      return refused("all rows are of one class (" + all + "): a model learns what tells two apart, so add rows " +
                     (options_.positive.empty() ? "of another label" : "that are not positive"));
    }
    if (rows.size() > rules::kMostOutputs && options_.positive.empty()) {
      return refused(std::to_string(rows.size()) +
                     " labels, where a model has 64 outputs at most: is --label-column right?");
    }
    if (!options_.positive.empty()) {
      labels_ = {""};
    } else {
      for (const auto& [label, count] : rows) labels_.push_back(label);
    }
    for (const std::string& label : labels_) {
      std::vector<bool>& positive = positive_.emplace_back();
      for (const Example& example : examples_.all) {
        const std::string& is = label_of(example);
        positive.push_back(label.empty() ? options_.positive.contains(is) : is == label);
      }
    }
    return {};
  }

  Result<void> check_folds() const {
    for (size_t output = 0; output < labels_.size(); ++output) {
      for (size_t fold = 0; fold < options_.folds; ++fold) {
        if (has_both(output, folds_->training_rows(fold, 100))) continue;
        const std::string what =
            labels_[output].empty() ? "the positive labels" : "the label " + quoted(labels_[output]);
        return refused(
            "the rows of " + what + ", or all others, are too few or too much alike for " +
            std::to_string(options_.folds) +
            " folds: with one fold apart none is left. Add rows, leave the label out, or ask for fewer --folds");
      }
    }
    return {};
  }

  bool has_both(size_t output, const std::vector<size_t>& rows) const {
    const auto positive = [&](size_t row) { return bool{positive_[output][row]}; };
    return std::any_of(rows.begin(), rows.end(), positive) && !std::all_of(rows.begin(), rows.end(), positive);
  }

  Fitted fit(size_t output, const std::vector<size_t>& rows) const {
    LinearProblem problem;
    problem.features = static_cast<uint32_t>(examples_.grams.size());
    for (const size_t row : rows) {
      problem.rows.push_back(&examples_.all[row].grams);
      problem.positive.push_back(positive_[output][row]);
    }
    const LinearFit choice = fit_logistic(problem, Penalty::kL1, options_.strength, options_.seed);
    Fitted out;
    for (uint32_t gram = 0; gram < problem.features; ++gram) {
      if (choice.weights[gram] != 0) out.chosen.push_back(gram);
    }
    if (out.chosen.size() > options_.most_grams) {
      const auto heavier = [&](uint32_t a, uint32_t b) {
        return std::pair(-std::abs(choice.weights[a]), a) < std::pair(-std::abs(choice.weights[b]), b);
      };
      std::sort(out.chosen.begin(), out.chosen.end(), heavier);
      out.chosen.resize(options_.most_grams);
      std::sort(out.chosen.begin(), out.chosen.end());
    }
    std::vector<std::vector<uint32_t>> reduced;
    reduced.reserve(rows.size());
    for (size_t i = 0; i < rows.size(); ++i) {
      reduced.push_back(out.among(*problem.rows[i]));
      problem.rows[i] = &reduced.back();
    }
    problem.features = static_cast<uint32_t>(out.chosen.size());
    out.fit = fit_logistic(problem, Penalty::kL2, kWeighing, options_.seed);
    return out;
  }

  // By output and example: its score by the model of the other folds. Empty where a fold lacks a class.
  std::vector<std::vector<double>> scores_of_unseen(unsigned percent) const {
    std::vector<std::vector<double>> scores(labels_.size(), std::vector<double>(examples_.all.size()));
    for (size_t fold = 0; fold < options_.folds; ++fold) {
      const std::vector<size_t> rows = folds_->training_rows(fold, percent);
      for (size_t output = 0; output < labels_.size(); ++output) {
        if (!has_both(output, rows)) return {};
        const Fitted fitted = fit(output, rows);
        for (size_t i = 0; i < examples_.all.size(); ++i) {
          if (folds_->fold_of(i) == fold) scores[output][i] = fitted.score(examples_.all[i]);
        }
      }
    }
    return scores;
  }

  std::string nothing_learned(size_t output) const {
    return "nothing tells " +
           (labels_[output].empty() ? "the positive rows" : "the rows of " + quoted(labels_[output])) +
           " from the others: on unseen rows the model is no better than chance. Are the labels right?";
  }

  CrossValidation figures_of(const std::vector<std::vector<double>>& scores) const {
    CrossValidation out;
    out.folds = options_.folds;
    out.clusters = folds_->clusters();
    for (size_t output = 0; output < labels_.size(); ++output) {
      OutputFigures& figures = out.outputs.emplace_back();
      figures.label = labels_[output];
      figures.rows = static_cast<uint64_t>(std::count(positive_[output].begin(), positive_[output].end(), true));
      for (const double probability : kProbabilities) {
        const std::vector<bool> taken = taken_for(output, scores[output], probability);
        figures.at.push_back({probability, confusion(positive_[output], taken)});
        if (probability == kProbabilities.front()) figures.distinct = distinct(positive_[output], taken);
      }
    }
    judge_choice(scores, out);
    return out;
  }

  std::vector<bool> taken_for(size_t output, const std::vector<double>& scores, double probability) const {
    std::vector<bool> taken;
    for (const double score : scores) taken.push_back(calibrations_[output].probability(score) >= probability);
    return taken;
  }

  Distinct distinct(const std::vector<bool>& positive, const std::vector<bool>& taken) const {
    Distinct out;
    for (size_t i = 0; i < taken.size(); ++i) {
      if (positive[i]) {
        (taken[i] ? out.true_positives : out.false_negatives) += folds_->parts()[i];
      } else if (taken[i]) {
        out.false_positives += folds_->parts()[i];
      }
    }
    return out;
  }

  static Confusion confusion(const std::vector<bool>& positive, const std::vector<bool>& taken) {
    Confusion out;
    for (size_t i = 0; i < taken.size(); ++i) {
      if (positive[i]) {
        ++(taken[i] ? out.true_positives : out.false_negatives);
      } else {
        ++(taken[i] ? out.false_positives : out.true_negatives);
      }
    }
    return out;
  }

  // Each row taken for one class: of several outputs the likeliest.
  void judge_choice(const std::vector<std::vector<double>>& scores, CrossValidation& out) const {
    const size_t size = examples_.all.size();
    const bool one = labels_.size() == 1;
    std::vector<std::vector<bool>> is = positive_, taken(one ? 2 : labels_.size(), std::vector<bool>(size));
    if (one) {
      is.push_back(is[0]);
      is[1].flip();
    }
    uint64_t right = 0;
    for (size_t i = 0; i < size; ++i) {
      size_t best = one && calibrations_[0].probability(scores[0][i]) < 0.5 ? 1 : 0;
      for (size_t output = 1; output < labels_.size(); ++output) {
        const double p = calibrations_[output].probability(scores[output][i]);
        if (p > calibrations_[best].probability(scores[best][i])) best = output;
      }
      taken[best][i] = true;
      right += is[best][i] ? 1 : 0;
    }
    for (size_t c = 0; c < is.size(); ++c) {
      const auto rows = static_cast<double>(std::count(is[c].begin(), is[c].end(), true));
      out.weighted_f1 += confusion(is[c], taken[c]).f1() * rows / static_cast<double>(size);
      const Distinct once = distinct(is[c], taken[c]);
      out.distinct_f1 +=
          once.f1() * (once.true_positives + once.false_negatives) / static_cast<double>(folds_->clusters());
    }
    out.accuracy = static_cast<double>(right) / static_cast<double>(size);
  }

  rules::ModelFile final_model(CrossValidation& validation) const {
    rules::ModelFile out;
    out.field = options_.kind == Kind::kUrl ? "url" : "text";
    out.longest = static_cast<uint32_t>(options_.longest);
    out.normaliser = rules::kNormalizerVersion;
    out.rows = examples_.all.size();
    out.skipped = corpus_.skipped.size() + examples_.skipped.size();
    out.options = options_text();
    out.folds = options_.folds;
    out.seed = options_.seed;
    out.clusters = folds_->clusters();
    std::vector<size_t> rows(examples_.all.size());
    std::iota(rows.begin(), rows.end(), size_t{0});
    for (size_t output = 0; output < labels_.size(); ++output) {
      out.outputs.push_back(output_of(fit(output, rows), output, validation.outputs[output]));
      validation.outputs[output].grams = out.outputs.back().grams.size();
    }
    return out;
  }

  rules::ModelFile::Output output_of(const Fitted& fitted, size_t output, const OutputFigures& figures) const {
    rules::ModelFile::Output out;
    out.label = labels_[output];
    for (const std::string& label : options_.positive) out.label += (out.label.empty() ? "" : ",") + label;
    out.bias = millionths(fitted.fit.bias);
    out.slope = std::min<int64_t>(-1, std::llround(calibrations_[output].slope * 1e6));
    out.offset = std::llround(calibrations_[output].offset * 1e6);
    const Confusion& half = figures.at.front().rows;
    out.true_positives = half.true_positives;
    out.false_positives = half.false_positives;
    out.false_negatives = half.false_negatives;
    out.true_negatives = half.true_negatives;
    for (size_t i = 0; i < fitted.chosen.size(); ++i) {
      out.grams.push_back({examples_.grams[fitted.chosen[i]], millionths(fitted.fit.weights[i])});
    }
    return out;
  }

  static int64_t millionths(double value) {
    return std::clamp<int64_t>(std::llround(value * 1e6), -rules::kMostWeight, rules::kMostWeight);
  }

  std::string options_text() const {
    std::string labels;
    for (const std::string& label : options_.positive) labels += (labels.empty() ? "" : ",") + label;
    std::string strength = std::to_string(options_.strength);
    strength.erase(std::max(strength.find_last_not_of('0'), strength.find('.') - 1) + 1);
    return "kind=" + std::string(kind_name(options_.kind)) + " least_rows=" + std::to_string(options_.least_rows) +
           " features=" + std::to_string(options_.most_grams) + " strength=" + strength +
           (labels.empty() ? "" : " positive=" + labels);
  }

  CurvePoint curve_point(unsigned percent, const CrossValidation& all) const {
    CurvePoint out{.percent = percent};
    for (size_t fold = 0; fold < options_.folds; ++fold) out.rows += folds_->training_rows(fold, percent).size();
    out.rows /= options_.folds;
    const auto f1 = [this](const CrossValidation& of) {
      return labels_.size() == 1 ? of.outputs[0].at[0].rows.f1() : of.weighted_f1;
    };
    out.possible = true;
    if (percent == 100) {
      out.f1 = f1(all);
      return out;
    }
    const std::vector<std::vector<double>> scores = scores_of_unseen(percent);
    out.possible = !scores.empty();
    if (out.possible) out.f1 = f1(figures_of(scores));
    return out;
  }

  const Corpus& corpus_;
  const TrainOptions& options_;
  Examples examples_;
  std::vector<std::string> labels_;          // by output
  std::vector<std::vector<bool>> positive_;  // by output and example
  std::optional<Folds> folds_;
  std::vector<Calibration> calibrations_;  // by output
};

}  // namespace

double Confusion::f1() const {
  const uint64_t wrong = false_positives + false_negatives;
  if (true_positives == 0) return 0;
  return static_cast<double>(2 * true_positives) / static_cast<double>(2 * true_positives + wrong);
}

double Distinct::precision() const {
  return true_positives > 0 ? true_positives / (true_positives + false_positives) : 0;
}

double Distinct::recall() const {
  return true_positives > 0 ? true_positives / (true_positives + false_negatives) : 0;
}

double Distinct::f1() const {
  return true_positives > 0 ? 2 * true_positives / (2 * true_positives + false_positives + false_negatives) : 0;
}

Result<Trained> train(const Corpus& corpus, const TrainOptions& options) {
  return Trainer(corpus, options).run();
}

}  // namespace quanzu::simulator
