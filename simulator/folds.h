// How rows are parted for cross-validation: near-duplicates share a cluster, a cluster lies in one fold, and folds are alike
// in labels. So no row is judged by a model that has seen its like. The same seed parts the same rows the same way.
#pragma once
#include <string>
#include <vector>

#include "simulator/examples.h"

namespace quanzu::simulator {

class Folds {
 public:
  // `labels`: by example.
  Folds(const Examples& examples, const std::vector<std::string>& labels, size_t folds, uint64_t seed);

  size_t clusters() const { return fold_of_.size(); }
  // By example: which part of its cluster it is, so that the parts of a cluster add up to one.
  const std::vector<double>& parts() const { return parts_; }
  size_t fold_of(size_t example) const { return fold_of_[cluster_of_[example]]; }
  // The examples of all folds but one, of so many percent of the clusters.
  std::vector<size_t> training_rows(size_t without_fold, unsigned percent) const;

 private:
  std::vector<uint32_t> cluster_of_;  // by example
  std::vector<double> parts_;
  std::vector<size_t> fold_of_;       // by cluster
  std::vector<unsigned> percentile_;  // by cluster: which is in the first n percent
};

}  // namespace quanzu::simulator
