#include "adapters/feed/metrics.h"

namespace quanzu::feed {
namespace {

prometheus::Family<prometheus::Counter>& counters(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

}  // namespace

Metrics::Metrics(prometheus::Registry& registry)
    : rejects_(counters(registry, "quanzu_feed_rejects_total", "Signals kept as rejects, by reason")),
      ended_(counters(registry, "quanzu_feed_connections_ended_total",
                      "Feed connections that the server ended, by cause")),
      signals(counters(registry, "quanzu_feed_signals_total", "Signals received, accepted or rejected").Add({})),
      duplicates(counters(registry, "quanzu_feed_duplicates_total", "Signals dropped as sequenced before").Add({})),
      invalid_utf8(counters(registry, "quanzu_feed_invalid_utf8_total", "Texts that are not valid UTF-8").Add({})),
      bytes(counters(registry, "quanzu_feed_received_bytes_total", "Bytes read from feed connections").Add({})),
      connections(prometheus::BuildGauge()
                      .Name("quanzu_feed_connections")
                      .Help("Open feed connections")
                      .Register(registry)
                      .Add({})) {}

}  // namespace quanzu::feed
