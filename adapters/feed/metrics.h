// What the feed counts, in the registry that /metrics shows. Any thread; added to once a batch, not once a
// signal.
#pragma once
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <string_view>

namespace quanzu::feed {

class Metrics {
 public:
  explicit Metrics(prometheus::Registry& registry);

  void rejected(std::string_view reason) { rejects_.Add({{"reason", std::string(reason)}}).Increment(); }
  void ended(std::string_view why) { ended_.Add({{"why", std::string(why)}}).Increment(); }  // connections, by our side

 private:
  prometheus::Family<prometheus::Counter>& rejects_;
  prometheus::Family<prometheus::Counter>& ended_;

 public:
  prometheus::Counter& signals;       // received, accepted or rejected, without duplicates
  prometheus::Counter& duplicates;    // dropped, since they were sequenced before
  prometheus::Counter& invalid_utf8;  // texts that the normaliser has to repair
  prometheus::Counter& bytes;         // read from feed connections
  prometheus::Gauge& connections;
};

}  // namespace quanzu::feed
