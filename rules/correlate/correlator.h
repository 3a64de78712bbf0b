// From matches to alerts over time: stateful and ordered, run on the engine thread (and by every replay) just before
// Engine::apply. Plain rules raise an alert per match; correlation rules will hold their windows here.
#pragma once
#include <vector>

#include "engine/event.h"

namespace quanzu::rules {

class Correlator {
 public:
  // Alerts that the event raises, in the order of its signals; cleared first.
  void apply(const Event& event, std::vector<Alert>& alerts);
};

}  // namespace quanzu::rules
