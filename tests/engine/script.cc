#include "tests/engine/script.h"

namespace quanzu::tests {
namespace {

Signal view_of(const SentSignal& sent) {
  Signal signal;
  signal.kind = sent.kind;
  signal.at = sent.at;
  signal.resident = sent.resident;
  signal.peer = sent.peer;
  for (const auto& [field, value] : sent.strings) signal.set(field, std::string_view(value));
  for (const auto& [field, value] : sent.numbers) signal.set(field, value);
  return signal;
}

}  // namespace

Script::Script(Playbook playbook, Instant start) : playbook_(playbook), engine_(std::move(playbook)), now_(start) {
  ENSURE(apply(Genesis{"00", {}}).has_value(), "a journal begins");
}

Result<Applied> Script::apply_to(Engine& engine, const Accepted& accepted, Effects& effects, const Seed& seed) const {
  Event event;
  event.sequence = Sequence(engine.last_sequence().value() + 1);
  event.now = accepted.now;
  if (const auto* body = std::get_if<EventBody>(&accepted.body)) {
    event.body = *body;
    if (auto* genesis = std::get_if<Genesis>(&event.body)) genesis->hash_seed = seed;
    return engine.apply(event, {}, effects);
  }
  const auto& sent = std::get<SentSignal>(accepted.body);
  const Signal signal = view_of(sent);
  const Stream* stream = engine.find_stream("feed", "s");
  const MatchedSignal matched{stream->next_seq, &signal, sent.rules};
  SignalBatch batch;
  batch.stream = stream->id;
  batch.first_seq = stream->next_seq;
  batch.count = 1;
  batch.latest_at = sent.at;
  batch.pack = engine.live_pack();
  batch.signals = std::span(&matched, 1);
  event.body = batch;
  std::vector<Alert> alerts;
  for (RuleIndex rule : sent.rules) alerts.push_back(Alert{rule, 0});
  return engine.apply(event, alerts, effects);
}

Result<Applied> Script::apply(EventBody body) {
  Accepted event{now_, std::move(body)};
  Result<Applied> applied = apply_to(engine_, event, effects_, {1, 2});
  if (applied && *applied == Applied::kChanged) events_.push_back(std::move(event));
  return applied;
}

Result<Applied> Script::send(SentSignal signal) {
  if (engine_.find_stream("feed", "s") == nullptr) ENSURE(apply(StreamOpened{"feed", "s"}), "a stream opens");
  if (signal.at == Instant()) signal.at = now_;
  Accepted event{now_, std::move(signal)};
  Result<Applied> applied = apply_to(engine_, event, effects_, {1, 2});
  events_.push_back(std::move(event));
  return applied;
}

void Script::move_to(Instant to) {
  ENSURE(to >= now_, "time goes on");
  while (engine_.next_due() <= to) {
    now_ = std::max(now_, engine_.next_due());
    ENSURE(apply(Tick()), "a tick is never refused");
  }
  now_ = to;
}

Result<Applied> Script::as(UserId user, CommandBody body, std::string key, std::string hash) {
  return apply(Command{user, std::move(key), std::move(hash), std::move(body)});
}

UserId Script::add_user(const std::string& name, Role role) {
  User user;
  user.name = name;
  user.role = role;
  ENSURE(apply(UserAdded{user}), "a new name");
  return engine_.find_user(name)->id;
}

void Script::restart() {
  const std::string snapshot = engine_.snapshot();
  Result<Engine> restored = Engine::restore(snapshot, playbook_);
  ENSURE(restored && restored->snapshot() == snapshot, "a snapshot is restored whole");
  ENSURE(restored->next_due() == engine_.next_due(), "what is due is in the snapshot");
  engine_ = std::move(*restored);
}

std::string Script::replayed_digest() const {
  Engine fresh(playbook_);
  Effects effects;
  for (const Accepted& event : events_) {
    const Result<Applied> applied = apply_to(fresh, event, effects, {3, 4});
    ENSURE(applied && *applied == Applied::kChanged, "what was accepted once is accepted again");
  }
  return fresh.state_digest();
}

}  // namespace quanzu::tests
