#include "tests/adapters/history.h"

#include "adapters/store/journal.h"
#include "rules/correlate/definition.h"

namespace quanzu::store::testing {
namespace {

constexpr Instant kStart = from_ms(1'795'485'600'000);  // 2026-11-24T02:00:00Z
constexpr size_t kRules = 4;

RuleInfo rule(size_t n) {
  RuleInfo info;
  info.id = "rule-" + std::to_string(n);
  info.version = "1";
  info.fraud_type = static_cast<FraudType>(1 + n % 3);
  info.weight = Millipoints(12'000 + 9'000 * static_cast<int32_t>(n));
  info.half_life = std::chrono::hours(24);
  info.max_alerts_per_day = n == 2 ? 5 : 0;
  return info;
}

// Three rules, and a correlation over the last that is decided as events arrive.
PackLive pack() {
  rules::Pack rules_of;
  for (size_t n = 0; n + 1 < kRules; ++n) rules_of.rules.emplace_back().info.id = rule(n).id;
  rules::Correlation& many = rules_of.correlations.emplace_back();
  many.info.id = rule(kRules - 1).id;
  many.rules = {{rule(kRules - 2).id, {}}};
  many.group_by = {"peer.number"};
  many.timespan = std::chrono::minutes(10);
  many.bounds = {{rules::BoundOp::kGte, "3", {}}};
  many.window = rules::Window{rules::WindowMode::kArrival, std::chrono::seconds(30)};
  PackLive live{PackVersion(1), "hash", {}, to_text(*rules::define(rules_of)), "hash"};
  for (size_t n = 0; n < kRules; ++n) live.rules.push_back(rule(n));
  return live;
}

}  // namespace

History::History(const std::filesystem::path& data, uint32_t seed)
    : random_(seed), store_(good(SqliteStore::open(data))), now_(kStart) {
  apply(Genesis{"store-" + std::to_string(seed), {seed, 2}});
  apply(UserAdded{User{{}, "wang", Role::kSupervisor, false, "aa", "bb", "cc"}});
  apply(UserAdded{User{{}, "li", Role::kOperator, false, "dd", "ee", "ff"}});
  apply(pack());
  apply(StreamOpened{"carrier", "sms-1"});
  apply(StreamOpened{"carrier", "sms-2"});
  commit(0);
}

void History::go_on(uint64_t blocks) {
  for (const uint64_t until = this->blocks() + blocks; this->blocks() < until;) {
    while (block_.events.empty() || any(6) != 0) step();
    commit(0);
  }
}

void History::lie() {
  step();
  commit(1);
}

void History::apply(EventBody body) {
  const Event event{pipeline_.next_sequence(), now_, std::move(body)};
  const Result<Applied> applied = pipeline_.apply(event, effects_);
  if (!applied || *applied == Applied::kUnchanged) return;
  if (block_.events.empty()) block_.first = event.sequence;
  block_.last = event.sequence;
  if (const auto* batch = std::get_if<SignalBatch>(&event.body)) block_.signals += batch->count;
  append_event(event, block_.events);
}

void History::commit(uint64_t lie) {
  if (lie != 0 || store_->last_block() % 2 == 1) apply(OutcomeMark{pipeline_.outcome() + lie});
  good(store_->commit(block_));
  block_ = Block();
  effects_.clear();
}

void History::step() {
  now_ += std::chrono::seconds(any(any(9) == 0 ? 4000 : 30));
  if (pipeline_.next_due() <= now_) apply(Tick{});
  any(3) == 0 ? command() : send();
}

void History::send() {
  const StreamId stream(1 + static_cast<uint32_t>(any(2)));
  OwnedBatch owned;
  owned.batch.stream = stream;
  owned.batch.first_seq = pipeline_.engine().find_stream(stream)->next_seq;
  owned.batch.count = 1 + any(40);
  owned.batch.latest_at = now_ - std::chrono::seconds(any(20));
  owned.batch.pack = PackVersion(1);
  for (uint64_t seq = owned.batch.first_seq; seq < owned.batch.first_seq + owned.batch.count; ++seq) {
    if (any(10) == 0) {
      owned.rejects.push_back({seq, "bad_number", "letters in a number", "\x08\x01\xff"});
    } else if (any(4) == 0) {
      Signal signal;
      signal.kind = Kind::kSms;
      signal.at = owned.batch.latest_at - std::chrono::seconds(any(60));
      signal.resident = Number("8613900000" + std::to_string(100 + any(30)));
      signal.peer = Number("8617000000" + std::to_string(100 + any(4)));
      signal.set(Field::kText, "您涉嫌洗钱，请转入安全账户");
      owned.signals.push_back(signal);
      owned.rules.push_back({static_cast<RuleIndex>(any(kRules - 1))});
      owned.matched.push_back({seq, nullptr, {}});
    }
  }
  apply(owned.seal());
}

void History::command() {
  const UserId user(1 + static_cast<uint32_t>(any(2)));
  const std::string key = any(2) == 0 ? std::string() : std::to_string(random_());
  const auto as = [&](CommandBody body) { apply(Command{user, key, "hash", std::move(body)}); };
  const TaskId task(1 + any(40));
  switch (any(5)) {
    case 0:
      return as(ClaimNext{});
    case 1:
      return as(RecordAttempt{task, 0, "no_answer", Identity::kNone, false, {}, "note"});
    case 2:
      return as(ReleaseTask{task});
    case 3:
      return as(SwitchRule{rule(any(kRules)).id, any(2) == 0, "a trial"});
    default: {
      OpenCase open;
      if (any(2) == 0) {
        open.place = "hall " + std::to_string(any(3));
      } else {
        open.number = Number("8613900000" + std::to_string(100 + any(30)));
      }
      open.level = static_cast<Level>(1 + any(4));
      return as(open);
    }
  }
}

}  // namespace quanzu::store::testing
