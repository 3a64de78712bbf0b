#include "simulator/folds.h"

#include <algorithm>
#include <map>

#include "simulator/random.h"

namespace quanzu::simulator {

Folds::Folds(const Examples& examples, const std::vector<std::string>& labels, size_t folds, uint64_t seed)
    : cluster_of_(near_duplicates(examples)) {
  struct Cluster {
    uint32_t number = 0;
    size_t rows = 0;
    std::string label;  // of its first row
  };
  std::vector<Cluster> clusters;
  for (size_t i = 0; i < labels.size(); ++i) {
    clusters.resize(std::max<size_t>(clusters.size(), cluster_of_[i] + 1));
    Cluster& cluster = clusters[cluster_of_[i]];
    cluster.number = cluster_of_[i];
    if (cluster.rows++ == 0) cluster.label = labels[i];
  }
  for (const uint32_t cluster : cluster_of_) parts_.push_back(1 / static_cast<double>(clusters[cluster].rows));
  // Each cluster into the fold that has the fewest rows of its label so far, the large ones first.
  Random random(seed);
  for (size_t i = clusters.size(); i > 1; --i) std::swap(clusters[i - 1], clusters[random.below(i)]);
  std::stable_sort(clusters.begin(), clusters.end(),
                   [](const Cluster& a, const Cluster& b) { return a.rows > b.rows; });
  std::map<std::string, std::vector<size_t>> filled;
  fold_of_.resize(clusters.size());
  for (const Cluster& cluster : clusters) {
    std::vector<size_t>& rows = filled[cluster.label];
    rows.resize(folds);
    const auto fold = std::min_element(rows.begin(), rows.end());
    *fold += cluster.rows;
    fold_of_[cluster.number] = static_cast<size_t>(fold - rows.begin());
  }
  for (size_t i = 0; i < clusters.size(); ++i) percentile_.push_back(static_cast<unsigned>(random.below(100)));
}

std::vector<size_t> Folds::training_rows(size_t without_fold, unsigned percent) const {
  std::vector<size_t> out;
  for (size_t i = 0; i < cluster_of_.size(); ++i) {
    const uint32_t cluster = cluster_of_[i];
    if (fold_of_[cluster] != without_fold && percentile_[cluster] < percent) out.push_back(i);
  }
  return out;
}

}  // namespace quanzu::simulator
