#include "simulator/linear.h"

#include <linear.h>

#include <cmath>
#include <cstdlib>
#include <memory>

#include "engine/result.h"

namespace quanzu::simulator {

namespace {

// The rows as liblinear wants them: lists of (feature from 1, value), each with the bias behind and an end.
struct Nodes {
  std::vector<feature_node> nodes;
  std::vector<feature_node*> rows;
  std::vector<double> labels;

  explicit Nodes(const LinearProblem& problem) {
    size_t size = 0;
    for (const auto* row : problem.rows) size += row->size() + 2;
    nodes.reserve(size);
    for (size_t i = 0; i < problem.rows.size(); ++i) {
      const std::vector<uint32_t>& row = *problem.rows[i];
      rows.push_back(nodes.data() + nodes.size());
      const double value = row.empty() ? 0 : 1 / std::sqrt(static_cast<double>(row.size()));
      for (const uint32_t feature : row) nodes.push_back({static_cast<int>(feature) + 1, value});
      nodes.push_back({static_cast<int>(problem.features) + 1, 1});
      nodes.push_back({-1, 0});
      labels.push_back(problem.positive[i] ? 1 : -1);
    }
  }
};

struct Destroy {
  void operator()(model* fitted) const { free_and_destroy_model(&fitted); }
};

void say_nothing(const char*) {}

// log(1 + e^x) without overflow.
double soft_plus(double x) {
  return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}

// The likelihood that Platt's method makes least, and its derivatives.
class Likelihood {
 public:
  Likelihood(const std::vector<double>& scores, const std::vector<bool>& positive, const std::vector<double>& weights)
      : scores_(scores), weights_(weights) {
    for (size_t i = 0; i < scores.size(); ++i) (positive[i] ? positives_ : negatives_) += weights[i];
    const double high = (positives_ + 1) / (positives_ + 2), low = 1 / (negatives_ + 2);
    for (const bool one : positive) targets_.push_back(one ? high : low);
  }

  // Where nothing is known but how many are positive.
  Calibration begin() const { return {0, std::log((negatives_ + 1) / (positives_ + 1))}; }

  double value(const Calibration& at) const {
    double sum = 0;
    for (size_t i = 0; i < scores_.size(); ++i) {
      const double x = at.slope * scores_[i] + at.offset;
      sum += weights_[i] * (targets_[i] * x + soft_plus(-x));
    }
    return sum;
  }

  // The Newton step; its length squared along the gradient tells when to stop.
  Calibration step(const Calibration& at, double& decrease) const {
    constexpr double kRidge = 1e-12;
    double h11 = kRidge, h22 = kRidge, h21 = 0, g1 = 0, g2 = 0;
    for (size_t i = 0; i < scores_.size(); ++i) {
      const double p = at.probability(scores_[i]);
      const double d2 = weights_[i] * p * (1 - p), d1 = weights_[i] * (targets_[i] - p);
      h11 += scores_[i] * scores_[i] * d2;
      h22 += d2;
      h21 += scores_[i] * d2;
      g1 += scores_[i] * d1;
      g2 += d1;
    }
    const double determinant = h11 * h22 - h21 * h21;
    const Calibration out{-(h22 * g1 - h21 * g2) / determinant, -(h11 * g2 - h21 * g1) / determinant};
    decrease = g1 * out.slope + g2 * out.offset;
    return out;
  }

 private:
  const std::vector<double>& scores_;
  const std::vector<double>& weights_;
  std::vector<double> targets_;
  double positives_ = 0;
  double negatives_ = 0;
};

}  // namespace

double LinearFit::score(const std::vector<uint32_t>& row) const {
  double sum = 0;
  for (const uint32_t feature : row) sum += weights[feature];
  return row.empty() ? bias : bias + sum / std::sqrt(static_cast<double>(row.size()));
}

LinearFit fit_logistic(const LinearProblem& rows, Penalty penalty, double strength, uint64_t seed) {
  Nodes nodes(rows);
  problem data{};
  data.l = static_cast<int>(nodes.rows.size());
  data.n = static_cast<int>(rows.features) + 1;
  data.y = nodes.labels.data();
  data.x = nodes.rows.data();
  data.bias = 1;
  parameter options{};
  options.solver_type = penalty == Penalty::kL1 ? L1R_LR : L2R_LR;
  options.C = strength;
  options.eps = 0.005;
  ENSURE(check_parameter(&data, &options) == nullptr, "liblinear takes these parameters");
  set_print_string_function(say_nothing);
  std::srand(static_cast<unsigned>(seed));  // the order in which liblinear goes through the features
  const std::unique_ptr<model, Destroy> fitted(train(&data, &options));
  // Its weights are those of the label that it saw first.
  const double sign = fitted->label[0] > 0 ? 1 : -1;
  LinearFit out;
  for (uint32_t i = 0; i < rows.features; ++i) out.weights.push_back(sign * fitted->w[i]);
  out.bias = sign * fitted->w[rows.features];
  return out;
}

double Calibration::probability(double score) const {
  return 1 / (1 + std::exp(slope * score + offset));
}

Calibration calibrate(const std::vector<double>& scores, const std::vector<bool>& positive,
                      const std::vector<double>& weights) {
  const Likelihood likelihood(scores, positive, weights);
  Calibration at = likelihood.begin();
  double value = likelihood.value(at);
  for (int i = 0; i < 100; ++i) {
    double decrease = 0;
    const Calibration step = likelihood.step(at, decrease);
    if (-decrease < 1e-9) break;
    double size = 1;
    for (; size >= 1e-10; size /= 2) {
      const Calibration next{at.slope + size * step.slope, at.offset + size * step.offset};
      const double lower = likelihood.value(next);
      if (lower >= value + 0.0001 * size * decrease) continue;
      at = next;
      value = lower;
      break;
    }
    if (size < 1e-10) break;
  }
  return at;
}

}  // namespace quanzu::simulator
