// An engine driven by events that own their bytes, so that what it accepted can be replayed into a fresh one. Ticks come
// by themselves, as from the runtime. Used by the engine's tests and the golden stories.
#pragma once
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/engine.h"

namespace quanzu::tests {

constexpr Instant kMorning = from_ms(1'795'485'600'000);  // 2026-11-24T10:00:00+08:00

struct SentSignal {
  Kind kind = Kind::kSms;
  Instant at{};
  Number resident;
  Number peer;
  std::vector<std::pair<Field, std::string>> strings;
  std::vector<std::pair<Field, int64_t>> numbers;
  std::vector<RuleIndex> rules;
};

class Script {
 public:
  explicit Script(Playbook playbook = Playbook::defaults(), Instant start = kMorning);

  Instant now() const { return now_; }
  // Goes on to this time, with a Tick at each that is due until then.
  void move_to(Instant to);
  void pass(Duration time) { move_to(now_ + time); }

  Result<Applied> apply(EventBody body);    // now; remembered where it changed something
  Result<Applied> send(SentSignal signal);  // a batch of one in the stream "feed/s", opened when first used
  Result<Applied> as(UserId user, CommandBody body, std::string key = {}, std::string hash = {});
  UserId add_user(const std::string& name, Role role);

  void restart();  // the engine goes on from its snapshot, which must be the same again

  const Engine& engine() const { return engine_; }
  const Effects& effects() const { return effects_; }  // of all events
  const CommandDone& done() const { return *effects_.done; }
  // The digest of a fresh engine that got the same events, its hash table keyed by another seed.
  std::string replayed_digest() const;
  size_t accepted() const { return events_.size(); }

 private:
  using Seed = std::array<uint64_t, 2>;
  struct Accepted {
    Instant now;
    std::variant<EventBody, SentSignal> body;
  };
  Result<Applied> apply_to(Engine& engine, const Accepted& event, Effects& effects, const Seed& seed) const;

  Playbook playbook_;
  Engine engine_;
  Effects effects_;
  Instant now_;
  std::vector<Accepted> events_;
};

}  // namespace quanzu::tests
