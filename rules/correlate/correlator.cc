#include "rules/correlate/correlator.h"

namespace quanzu::rules {

void Correlator::apply(const Event& event, std::vector<Alert>& alerts) {
  alerts.clear();
  const auto* batch = std::get_if<SignalBatch>(&event.body);
  if (batch == nullptr) return;
  for (uint32_t i = 0; i < batch->signals.size(); ++i) {
    for (RuleIndex rule : batch->signals[i].rules) alerts.push_back(Alert{rule, i});
  }
}

}  // namespace quanzu::rules
