// What /metrics shows of correlations: one series of each figure a live correlation, the first kMaxShown in the pack's order.
// Counters begin anew where a pack brings another definition. The engine thread's.
#pragma once
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include "rules/correlate/core.h"

namespace quanzu::runtime {

class CorrelationMetrics {
 public:
  static constexpr size_t kMaxShown = 500;

  explicit CorrelationMetrics(prometheus::Registry& registry);

  // Once a block. `live`: whose correlations they are.
  void follow(const rules::Core& core, PackVersion live);

 private:
  struct Figure {
    prometheus::Family<prometheus::Counter>* family;
    uint64_t rules::CorrelationCounters::*of;
    std::vector<prometheus::Counter*> shown;  // by live correlation
  };

  void show(const rules::Core& core);

  std::vector<Figure> figures_;
  prometheus::Family<prometheus::Gauge>& group_family_;
  std::vector<prometheus::Gauge*> groups_;
  PackVersion live_;
};

}  // namespace quanzu::runtime
