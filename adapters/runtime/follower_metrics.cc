#include "adapters/runtime/follower_metrics.h"

namespace quanzu::runtime {
namespace {

prometheus::Counter& counter(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}
prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

}  // namespace

FollowerMetrics::FollowerMetrics(prometheus::Registry& registry)
    : written_(counter(registry, "quanzu_snapshots_total", "Snapshots written since the start")),
      failed_(counter(registry, "quanzu_snapshots_failed_total", "Snapshots that could not be written")),
      passed_over_(counter(registry, "quanzu_snapshots_passed_over_total",
                           "Snapshots that were no good when the server started: an older one or the journal served")),
      block_(
          gauge(registry, "quanzu_snapshot_block", "The block after which the last snapshot was written; 0: none yet")),
      behind_(gauge(registry, "quanzu_follower_blocks_behind", "Blocks that the follower has not replayed yet")),
      differs_(gauge(registry, "quanzu_state_differs", "1: the follower came to another state than the server")) {}

}  // namespace quanzu::runtime
