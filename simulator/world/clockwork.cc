#include "simulator/world/clockwork.h"

#include <algorithm>

namespace quanzu::simulator {
namespace {

constexpr PackVersion kPack{1};
constexpr size_t kMostGathered = 256;                            // as a feed's batch
constexpr Duration kGathering = std::chrono::milliseconds(500);  // and how long a signal may wait for it

Genesis genesis_of(uint64_t seed) {
  Genesis genesis;
  genesis.store_id = "world-" + std::to_string(seed);
  genesis.hash_seed = {seed, ~seed};
  return genesis;
}

}  // namespace

Clockwork::Clockwork(const runtime::SharedPacks& packs, uint64_t seed, Instant start) {
  ENSURE(apply(genesis_of(seed), start).has_value(), "a journal begins with its genesis");
  ENSURE(apply(runtime::pack_live(kPack, *packs, packs->hash()), start).has_value(), "compiled packs go live");
}

UserId Clockwork::add_user(const std::string& name, Role role, Instant now) {
  User user;
  user.name = name;
  user.role = role;
  ENSURE(apply(UserAdded{user}, now).has_value(), "the scenario's names differ");
  return engine().find_user(name)->id;
}

Result<CommandDone> Clockwork::command(UserId user, CommandBody body, Instant now) {
  flush();
  tick(now);
  const Result<Applied> applied = apply(Command{user, {}, {}, std::move(body)}, now);
  if (!applied) return Failure(applied.error());
  if (*applied == Applied::kUnchanged) return CommandDone{};
  return effects_.done.value_or(CommandDone{});
}

StreamId Clockwork::stream_of(const std::string& stream, Instant now) {
  const std::string feed(kWorldFeed);
  if (engine().find_stream(feed, stream) == nullptr) {
    ENSURE(apply(StreamOpened{feed, stream}, now).has_value(), "a stream opens");
  }
  return engine().find_stream(feed, stream)->id;
}

void Clockwork::signal(const std::string& stream, Spelled&& spelled, Instant now) {
  if (gathering_ != stream || gathered_.size() >= kMostGathered) flush();
  gathering_ = stream;
  gathered_at_ = std::max(gathered_at_, now);
  if (gathered_.empty()) gathered_from_ = gathered_at_;
  spelled.skipped += std::exchange(trailing_, 0);
  gathered_.push_back(std::move(spelled));
}

void Clockwork::skip(const std::string& stream, uint64_t count, Instant now) {
  if (gathering_ != stream) flush();
  gathering_ = stream;
  gathered_at_ = std::max(gathered_at_, now);
  trailing_ += count;
}

Instant Clockwork::flush_due() const {
  return gathered_.empty() ? kNever : gathered_from_ + kGathering;
}

void Clockwork::flush() {
  if (gathered_.empty() && trailing_ == 0) return;
  const std::vector<Spelled> taken = std::exchange(gathered_, {});
  const uint64_t trailing = std::exchange(trailing_, 0);
  const Instant now = std::max(gathered_at_, engine().now());
  tick(now);
  const StreamId stream = stream_of(gathering_, now);
  SignalBatch batch;
  batch.stream = stream;
  batch.first_seq = engine().find_stream(stream)->next_seq;
  batch.pack = kPack;
  std::vector<Signal> signals(taken.size());
  std::vector<MatchedSignal> spelled;
  uint64_t seq = batch.first_seq;
  for (size_t i = 0; i < taken.size(); ++i) {
    taken[i].draft.view(signals[i]);
    seq += taken[i].skipped;
    spelled.push_back({seq++, &signals[i], taken[i].rules});
    batch.latest_at = std::max(batch.latest_at, taken[i].draft.at());
  }
  batch.count = seq - batch.first_seq + trailing;
  if (trailing > 0) batch.latest_at = std::max(batch.latest_at, gathered_at_);
  batch.signals = spelled;
  ENSURE(apply(batch, now).has_value(), "the world's signals are not refused");
}

void Clockwork::tick(Instant now) {
  for (Instant due = pipeline_.next_due(); due <= now; due = pipeline_.next_due()) {
    ENSURE(apply(Tick{}, std::max(due, engine().now())).has_value(), "a tick is not refused");
  }
}

Appointment Clockwork::take_appointment() {
  const Appointment taken = appointments_.top();
  appointments_.pop();
  return taken;
}

Result<Applied> Clockwork::apply(EventBody body, Instant now) {
  effects_.clear();
  const Event event{pipeline_.next_sequence(), std::max(now, engine().now()), std::move(body)};
  const Result<Applied> applied = pipeline_.apply(event, effects_);
  if (!applied || *applied == Applied::kUnchanged) return applied;
  journal_.add(event);
  note(event.now);
  return applied;
}

void Clockwork::note(Instant now) {
  alerts_.insert(alerts_.end(), effects_.alerts.begin(), effects_.alerts.end());
  for (const CaseId id : effects_.cases) {
    const Case& of = *engine().find_case(id);
    while (notes_.size() < id.value()) {
      notes_.push_back({.opened = now});
      was_open_.push_back(true);
    }
    CaseNote& note = notes_[id.value() - 1];
    for (size_t level = 1; level <= static_cast<size_t>(of.level); ++level) {
      if (note.since[level] == Instant()) note.since[level] = now;
    }
    if (note.claimed == kNever && of.lead) note.claimed = now;
    if (was_open_[id.value() - 1] && !of.is_open()) closed_.push_back(id);
    was_open_[id.value() - 1] = of.is_open();
  }
}

}  // namespace quanzu::simulator
