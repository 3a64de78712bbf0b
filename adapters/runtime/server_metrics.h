// What /metrics shows of the core: counters that follow the engine's own, gauges, and how long each stage took. The engine
// thread sets what is its own, the committer's thread observes commits and acks.
#pragma once
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "adapters/runtime/correlation_metrics.h"
#include "rules/pipeline.h"

namespace quanzu::runtime {

class ServerMetrics {
 public:
  explicit ServerMetrics(prometheus::Registry& registry);

  // Once a block.
  void follow(const rules::Pipeline& pipeline, size_t inbox_bytes);
  void committed(double seconds, uint64_t signals) {
    commit_seconds_.Observe(seconds);
    block_signals_.Observe(static_cast<double>(signals));
  }
  void acked(double seconds) { ack_seconds_.Observe(seconds); }

 private:
  struct Followed {
    prometheus::Counter* counter;
    uint64_t Counters::*of;
  };
  std::vector<Followed> counters_;
  CorrelationMetrics correlations_;
  prometheus::Family<prometheus::Gauge>& queue_depth_;
  prometheus::Gauge& inbox_bytes_;
  prometheus::Gauge& pack_version_;
  prometheus::Gauge& sequence_;
  prometheus::Histogram& commit_seconds_;
  prometheus::Histogram& block_signals_;
  prometheus::Histogram& ack_seconds_;
};

}  // namespace quanzu::runtime
