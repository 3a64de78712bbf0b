#include "adapters/runtime/correlation_metrics.h"

namespace quanzu::runtime {

using rules::CorrelationCounters;

CorrelationMetrics::CorrelationMetrics(prometheus::Registry& registry)
    : group_family_(prometheus::BuildGauge()
                        .Name("quanzu_correlation_groups")
                        .Help("Groups that a correlation holds")
                        .Register(registry)) {
  const auto figure = [&](const char* name, const char* help, uint64_t CorrelationCounters::*of) {
    figures_.push_back({&prometheus::BuildCounter().Name(name).Help(help).Register(registry), of, {}});
  };
  figure("quanzu_correlation_events_total", "Events that a correlation took", &CorrelationCounters::events);
  figure("quanzu_correlation_late_total", "Events before the watermark: matched, but not correlated",
         &CorrelationCounters::late);
  figure("quanzu_correlation_ungrouped_total", "Events without a field of group-by", &CorrelationCounters::ungrouped);
  figure("quanzu_correlation_valueless_total", "Events without the field that is counted or added up",
         &CorrelationCounters::valueless);
  figure("quanzu_correlation_raised_total", "Alerts that a correlation raised, suppressed ones too",
         &CorrelationCounters::raised);
  figure("quanzu_correlation_suppressed_total", "Alerts that were not told, by suppress",
         &CorrelationCounters::suppressed);
  figure("quanzu_correlation_evicted_total", "Groups that made room at the cap before their time",
         &CorrelationCounters::evicted);
}

void CorrelationMetrics::follow(const rules::Core& core, PackVersion live) {
  if (live != live_) show(core);
  live_ = live;
  for (size_t c = 0; c < groups_.size(); ++c) {
    const CorrelationCounters now = core.counters(c);
    groups_[c]->Set(static_cast<double>(now.groups));
    for (Figure& figure : figures_) {
      figure.shown[c]->Increment(static_cast<double>(now.*figure.of) - figure.shown[c]->Value());
    }
  }
}

// Series of correlations that are gone would stand still for ever, so all begin anew.
void CorrelationMetrics::show(const rules::Core& core) {
  for (prometheus::Gauge* gauge : groups_) group_family_.Remove(gauge);
  groups_.clear();
  for (Figure& figure : figures_) {
    for (prometheus::Counter* counter : figure.shown) figure.family->Remove(counter);
    figure.shown.clear();
  }
  const std::vector<rules::Definition>& all = core.definitions().correlations;
  for (size_t c = 0; c < std::min(all.size(), kMaxShown); ++c) {
    const prometheus::Labels labels{{"correlation", all[c].id}};
    groups_.push_back(&group_family_.Add(labels));
    for (Figure& figure : figures_) figure.shown.push_back(&figure.family->Add(labels));
  }
}

}  // namespace quanzu::runtime
