// The one place where the stages that hold state are put together: correlation, then the engine. The server, recovery,
// verify and every other replay drive this and nothing else, so they cannot differ. Owned by one thread.
#pragma once
#include <algorithm>
#include <span>
#include <vector>

#include "engine/engine.h"
#include "rules/correlate/correlator.h"

namespace quanzu::rules {

class Pipeline {
 public:
  explicit Pipeline(Playbook playbook = Playbook::defaults()) : engine_(std::move(playbook)) {}

  // As Engine::apply(), with the alerts that correlation draws from the event; appends to effects.
  Result<Applied> apply(const Event& event, Effects& effects);

  // When the next Tick must come; kNever where nothing is due. May be early, never late.
  Instant next_due() const { return std::min(engine_.next_due(), correlator_.next_due()); }

  const Engine& engine() const { return engine_; }
  const Correlator& correlator() const { return correlator_; }
  std::span<const Alert> alerts() const { return alerts_; }  // of the last event
  // What the next event must bear.
  Sequence next_sequence() const { return Sequence(engine_.last_sequence().value() + 1); }

 private:
  Correlator correlator_;
  Engine engine_;
  std::vector<Alert> alerts_;
};

}  // namespace quanzu::rules
