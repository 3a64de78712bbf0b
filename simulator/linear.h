// Logistic regression on sets of features, by liblinear: which features matter (L1), and how much (L2). Deterministic for a
// seed. The one file that calls the library; its random numbers are the C library's, so one thread at a time.
#pragma once
#include <cstdint>
#include <vector>

namespace quanzu::simulator {

struct LinearProblem {
  std::vector<const std::vector<uint32_t>*> rows;  // features, ascending; each counts 1 / sqrt(how many)
  std::vector<bool> positive;                      // by row; both kinds occur
  uint32_t features = 0;                           // all are below
};

struct LinearFit {
  std::vector<double> weights;  // by feature
  double bias = 0;
  double score(const std::vector<uint32_t>& row) const;
};

enum class Penalty : uint8_t { kL1, kL2 };

// `strength`: liblinear's C, what an error costs beside the penalty.
LinearFit fit_logistic(const LinearProblem& problem, Penalty penalty, double strength, uint64_t seed);

// p = 1 / (1 + e^(slope * score + offset)) fitted to scores of rows that were not trained on (Platt, 1999; the Newton
// method of Lin, Lin and Weng, Machine Learning 68, 2007), each row counted as often as its weight says.
struct Calibration {
  double slope = -1;
  double offset = 0;
  double probability(double score) const;
};
Calibration calibrate(const std::vector<double>& scores, const std::vector<bool>& positive,
                      const std::vector<double>& weights);

}  // namespace quanzu::simulator
