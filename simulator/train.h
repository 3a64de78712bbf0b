// A learned model from a labelled corpus, and how good it is on rows that it has not seen. Logistic regression on character
// n-grams: L1 chooses them, L2 on those chosen weighs them, Platt's method makes a probability of the score. Everything,
// the choice included, is done again for each fold of the cross-validation, and near-duplicates share a fold
// (simulator/examples.h). The same corpus, options and seed give the same model. Called by `quanzu rules train`; one thread.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "engine/signal.h"
#include "rules/learn/model_file.h"
#include "simulator/corpus.h"

namespace quanzu::simulator {

struct TrainOptions {
  std::set<std::string> positive{};  // the labels to find; empty: an output for each label
  Kind kind = Kind::kSms;            // of every row; of kUrl the text is the address
  size_t longest = 4;                // of n-grams, in code points
  size_t least_rows = 3;             // that an n-gram must stand in
  size_t most_grams = 3000;          // of an output
  double strength = 50;              // liblinear's C where n-grams are chosen: more chooses more
  size_t folds = 5;
  uint64_t seed = 1;
  bool curve = false;
};

struct Confusion {
  uint64_t true_positives = 0;
  uint64_t false_positives = 0;
  uint64_t false_negatives = 0;
  uint64_t true_negatives = 0;
  double f1() const;  // 0 where nothing is positive
};

// The same with each cluster of near-duplicates counted once, its rows as parts of it: a campaign of 300 copies is one find
// or one miss.
struct Distinct {
  double true_positives = 0;
  double false_positives = 0;
  double false_negatives = 0;
  double precision() const;  // 0 of nothing, as all three
  double recall() const;
  double f1() const;
};

struct OutputFigures {
  std::string label;  // empty: of `positive`
  uint64_t rows = 0;  // that have it
  size_t grams = 0;
  struct At {
    double probability = 0.5;
    Confusion rows;  // taken for positive where the probability is that or more
  };
  std::vector<At> at;  // ascending; the first is one half
  Distinct distinct;   // at one half
};

struct CrossValidation {
  size_t folds = 0;
  size_t clusters = 0;
  std::vector<OutputFigures> outputs;
  // Each row taken for the likeliest label (of one output: for positive or not): the share that was right, and F1 by
  // label, weighted by how many rows have it.
  double accuracy = 0;
  double weighted_f1 = 0;
  double distinct_f1 = 0;  // weighted, each cluster counted once
};

struct CurvePoint {
  unsigned percent = 0;   // of the training rows of each fold, near-duplicates together
  uint64_t rows = 0;      // in the mean fold
  double f1 = 0;          // of `positive`, or weighted over the labels
  bool possible = false;  // whether each output had both kinds of rows in every fold
};

struct Trained {
  rules::ModelFile file;  // all but when it was made and of which corpus
  CrossValidation validation;
  std::vector<CurvePoint> curve;
  std::vector<Corpus::Skipped> skipped;  // rows of which normalisation leaves nothing
};

// Errors: a corpus of one class, a label that no row has or that has too few rows for so many folds.
Result<Trained> train(const Corpus& corpus, const TrainOptions& options);

}  // namespace quanzu::simulator
