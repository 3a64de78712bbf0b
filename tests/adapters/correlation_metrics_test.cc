// /metrics of correlations: one series each, and none of a correlation that is gone.
#include "adapters/runtime/correlation_metrics.h"

#include <map>

#include "tests/catch.h"

namespace quanzu::runtime {
namespace {

rules::Definitions one(const std::string& id) {
  rules::Pack pack;
  pack.rules.emplace_back().info.id = "part";
  rules::Correlation& each = pack.correlations.emplace_back();
  each.info.id = id;
  each.rules = {{"part", {}}};
  each.group_by = {"peer.number"};
  each.timespan = std::chrono::minutes(10);
  each.bounds = {{rules::BoundOp::kGte, "2", {}}};
  return *rules::define(pack);
}

class Peer : public rules::Fields {
 public:
  explicit Peer(std::optional<std::string_view> name) : name_(name) {}
  std::optional<std::string_view> text(uint32_t) const override { return name_; }

 private:
  std::optional<std::string_view> name_;
};

// "name correlation" -> value
std::map<std::string, double> shown(const prometheus::Registry& registry) {
  std::map<std::string, double> out;
  for (const prometheus::MetricFamily& family : registry.Collect()) {
    for (const prometheus::ClientMetric& metric : family.metric) {
      const double value = family.type == prometheus::MetricType::Gauge ? metric.gauge.value : metric.counter.value;
      out[family.name + " " + metric.label.at(0).value] = value;
    }
  }
  return out;
}

TEST_CASE("each live correlation has a series of every figure, and one that is gone has none") {
  prometheus::Registry registry;
  CorrelationMetrics metrics(registry);
  rules::Core core(one("many"), {1, 2}, rules::Core::Mode::kArrival, 1);
  const rules::Role role{0, 0};
  std::vector<rules::Conclusion> out;
  core.add(1000, 1, {&role, 1}, Peer("a"), out);
  core.add(2000, 2, {&role, 1}, Peer("a"), out);  // raised
  core.add(3000, 3, {&role, 1}, Peer("b"), out);  // makes room: a goes
  core.add(4000, 4, {&role, 1}, Peer(std::nullopt), out);
  core.advance(9000, out);
  core.add(5000, 5, {&role, 1}, Peer("b"), out);  // late
  metrics.follow(core, PackVersion(1));
  metrics.follow(core, PackVersion(1));
  std::map<std::string, double> now = shown(registry);
  CHECK(now.size() == 8);
  CHECK(now["quanzu_correlation_events_total many"] == 3);
  CHECK(now["quanzu_correlation_raised_total many"] == 1);
  CHECK(now["quanzu_correlation_evicted_total many"] == 1);
  CHECK(now["quanzu_correlation_ungrouped_total many"] == 1);
  CHECK(now["quanzu_correlation_late_total many"] == 1);
  CHECK(now["quanzu_correlation_suppressed_total many"] == 0);
  CHECK(now["quanzu_correlation_groups many"] == 1);

  core.replace(one("other"));
  metrics.follow(core, PackVersion(2));
  now = shown(registry);
  CHECK(now.size() == 8);
  CHECK(now.count("quanzu_correlation_events_total other") == 1);
}

}  // namespace
}  // namespace quanzu::runtime
