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
  // A running hash of all that came of the events so far: alerts, and where residents, cases, tasks, instructions, accounts,
  // streams and rules stand after each event that touched them. Cheap, so the server journals it now and then (OutcomeMark)
  // and every replay compares: once two have gone apart they never agree again.
  uint64_t outcome() const { return outcome_; }
  // Of all state, in full: slow where there is much of it.
  std::string digest() const;

  // All of it as bytes; what goes on from there does the same at the same events. Errors: those of Engine::restore and of
  // Correlator::restore.
  std::string snapshot() const;
  static Result<Pipeline> restore(std::string_view snapshot, Playbook playbook);

  // What the next event must bear.
  Sequence next_sequence() const { return Sequence(engine_.last_sequence().value() + 1); }

 private:
  void hash_outcome(const Event& event, const Effects& effects, const Effects::Sizes& before);

  Correlator correlator_;
  Engine engine_;
  uint64_t outcome_ = 0;
  std::vector<Alert> alerts_;
};

}  // namespace quanzu::rules
