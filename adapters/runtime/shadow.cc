#include "adapters/runtime/shadow.h"

#include <boost/json.hpp>

#include "adapters/runtime/offline.h"

namespace quanzu::runtime {
namespace {

namespace json = boost::json;

// Of each set of residents: beyond, "at least" is all there is to say.
constexpr size_t kMaxResidents = 1'000'000;
constexpr PackVersion kOnly{1};

size_t missing_from(const auto& these, const auto& those) {
  return static_cast<size_t>(
      std::count_if(these.begin(), these.end(), [&](const auto& each) { return !those.contains(each); }));
}

}  // namespace

Shadow::Shadow(uint64_t number, SharedPacks packs, Instant now)
    : Shadow(number, std::move(packs), make_genesis(), now) {}

Shadow::Shadow(uint64_t number, SharedPacks packs, const Genesis& genesis, Instant now)
    : number_(number),
      packs_(std::move(packs)),
      since_(now),
      residents_(0, NumberHash{genesis.hash_seed}),
      live_residents_(0, NumberHash{genesis.hash_seed}) {
  PackLive pack = pack_live(kOnly, *packs_, packs_->hash());
  for (const RuleInfo& rule : pack.rules) ids_.push_back(rule.id);
  alerts_.resize(ids_.size());
  apply(genesis, now);
  apply(std::move(pack), now);
}

void Shadow::apply(EventBody body, Instant now) {
  sequence_ = Sequence(sequence_.value() + 1);
  const Result<void> applied = correlator_.apply(Event{sequence_, now, std::move(body)}, raised_);
  ENSURE(applied.has_value(), "a pack was checked before it was compiled");
}

void Shadow::note(Numbers& numbers, const Number& number) {
  if (numbers.size() < kMaxResidents && !number.empty()) numbers.insert(number);
}

void Shadow::take(const feed::Batch& batch, const Engine& engine, std::span<const AlertRaised> live, Instant now) {
  signals_ += batch.count;
  live_alerts_ += live.size();
  for (const AlertRaised& each : live) note(live_residents_, engine.find_resident(each.resident)->number);
  matched_.clear();
  for (size_t i = 0; i < batch.accepted; ++i) {
    const std::span<const RuleIndex> rules = batch.shadow.of(i);
    if (!rules.empty()) matched_.push_back({batch.seqs[i], &batch.signals[i], rules});
  }
  SignalBatch body;
  body.stream = batch.binding.stream;
  body.first_seq = batch.first_seq;
  body.count = batch.count;
  body.latest_at = batch.latest_at;
  body.pack = kOnly;
  body.signals = matched_;
  apply(body, now);
  for (const Alert& alert : raised_) {
    ++alerts_[alert.rule];
    const bool closed = alert.signal == Alert::kNoSignal;
    note(residents_, closed ? alert.resident : matched_[alert.signal].signal->resident);
  }
}

std::string Shadow::report() const {
  json::array rules;
  uint64_t alerts = 0;
  for (size_t i = 0; i < ids_.size(); ++i) {
    alerts += alerts_[i];
    if (alerts_[i] > 0) rules.emplace_back(json::object{{"rule", ids_[i]}, {"alerts", alerts_[i]}});
  }
  const bool full = residents_.size() == kMaxResidents || live_residents_.size() == kMaxResidents;
  return json::serialize(json::object{{"on", true},
                                      {"hash", packs_->hash()},
                                      {"since", format_rfc3339(since_)},
                                      {"signals", signals_},
                                      {"alerts", json::object{{"shadow", alerts}, {"live", live_alerts_}}},
                                      {"residents", json::object{{"shadow", residents_.size()},
                                                                 {"live", live_residents_.size()},
                                                                 {"gained", missing_from(residents_, live_residents_)},
                                                                 {"lost", missing_from(live_residents_, residents_)},
                                                                 {"at_least", full}}},
                                      {"rules", std::move(rules)},
                                      {"silent_rules", std::count(alerts_.begin(), alerts_.end(), uint64_t{0})}});
}

}  // namespace quanzu::runtime
