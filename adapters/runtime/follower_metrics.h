// What /metrics shows of snapshots and of the follower that makes them. Owned by Server; set on the follower's thread, but for
// passed_over(), which is told once at the start.
#pragma once
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

namespace quanzu::runtime {

class FollowerMetrics {
 public:
  explicit FollowerMetrics(prometheus::Registry& registry);

  void follow(uint64_t blocks_behind) { behind_.Set(static_cast<double>(blocks_behind)); }
  void written(uint64_t block) {
    written_.Increment();
    block_.Set(static_cast<double>(block));
  }
  void failed() { failed_.Increment(); }
  void differs() { differs_.Set(1); }
  void passed_over(size_t snapshots) { passed_over_.Increment(static_cast<double>(snapshots)); }

 private:
  prometheus::Counter& written_;
  prometheus::Counter& failed_;
  prometheus::Counter& passed_over_;
  prometheus::Gauge& block_;
  prometheus::Gauge& behind_;
  prometheus::Gauge& differs_;
};

}  // namespace quanzu::runtime
