#include "rules/correlate/correlator.h"

namespace quanzu::rules {
namespace {

constexpr Duration kIdle = std::chrono::seconds(30);   // a stream that is silent for longer holds nobody up
constexpr Duration kBehind = std::chrono::minutes(5);  // nor one that is further behind the foremost

// A signal's fields as rules see them; numbers and times as their text.
class SignalFields : public Fields {
 public:
  SignalFields(const std::vector<std::optional<Source>>& sources, const Signal& signal)
      : sources_(sources), signal_(signal) {}

  std::optional<std::string_view> text(uint32_t field) const override {
    const std::optional<Source> source = sources_[field];
    if (!source || !is_present(*source, signal_)) return std::nullopt;
    switch (source_type(*source)) {
      case FieldType::kString:
        return raw_string(*source, signal_);
      case FieldType::kBoolean:
        return number(*source) != 0 ? "true" : "false";
      case FieldType::kTime:
        text_ = format_rfc3339(from_ms(number(*source)));
        return text_;
      case FieldType::kNumber:
        text_ = std::to_string(number(*source));
        return text_;
    }
    return std::nullopt;
  }

 private:
  int64_t number(Source source) const { return signal_.number(static_cast<Field>(source)); }

  const std::vector<std::optional<Source>>& sources_;
  const Signal& signal_;
  mutable std::string text_;
};

}  // namespace

Result<void> Correlator::apply(const Event& event, std::vector<Alert>& alerts) {
  alerts.clear();
  if (const auto* genesis = std::get_if<Genesis>(&event.body)) {
    core_ = Core(Definitions(), genesis->hash_seed, Core::Mode::kArrival);
  } else if (const auto* pack = std::get_if<PackLive>(&event.body)) {
    return go_live(*pack);
  } else if (const auto* batch = std::get_if<SignalBatch>(&event.body)) {
    take(event, *batch, alerts);
  }
  return {};
}

Result<void> Correlator::go_live(const PackLive& pack) {
  Result<Definitions> definitions = definitions_from(pack.correlations);
  if (!definitions) return Failure(definitions.error());
  core_.replace(*definitions);
  packs_[pack.version].definitions = std::move(*definitions);
  const std::vector<Definition>& live = core_.definitions().correlations;
  for (auto& [version, known] : packs_) {
    const Definitions& own = known.definitions;
    known.roles.assign(own.rules, {});
    known.indices.assign(live.size(), std::nullopt);
    for (uint32_t c = 0; c < own.correlations.size(); ++c) {
      const Definition& definition = own.correlations[c];
      const auto same = [&](const Definition& each) { return each.identity == definition.identity; };
      const auto at = std::find_if(live.begin(), live.end(), same);
      if (at == live.end()) continue;
      const auto now = static_cast<uint32_t>(at - live.begin());
      known.indices[now] = own.rules + c;
      for (uint32_t n = 0; n < definition.rules.size(); ++n) {
        if (definition.rules[n] < own.rules) known.roles[definition.rules[n]].push_back({now, n});
      }
    }
  }
  sources_.clear();
  for (const std::string& field : core_.definitions().fields) sources_.push_back(find_source(field));
  return {};
}

void Correlator::take(const Event& event, const SignalBatch& batch, std::vector<Alert>& alerts) {
  static const Known kNone;
  const auto found = packs_.find(batch.pack);
  const Known& known = found == packs_.end() ? kNone : found->second;
  for (uint32_t i = 0; i < batch.signals.size(); ++i) take_signal(known, batch, i, event.now, alerts);
  move_watermark(batch, event.now);
}

void Correlator::take_signal(const Known& known, const SignalBatch& batch, uint32_t index, Instant now,
                             std::vector<Alert>& alerts) {
  const MatchedSignal& matched = batch.signals[index];
  roles_.clear();
  for (RuleIndex rule : matched.rules) {
    if (rule >= known.definitions.rules || known.definitions.told[rule]) alerts.push_back(Alert{rule, index});
    if (rule < known.roles.size()) roles_.insert(roles_.end(), known.roles[rule].begin(), known.roles[rule].end());
  }
  if (roles_.empty()) return;
  std::sort(roles_.begin(), roles_.end());
  const Ms at = to_ms(std::min(matched.signal->at, now));
  core_.add(at, ++taken_, roles_, SignalFields(sources_, *matched.signal), concluded_);
  const size_t first = alerts.size();
  for (const Conclusion& each : concluded_) {
    if (const auto rule = known.indices[each.correlation]) alerts.push_back(Alert{*rule, index});
  }
  const auto by_rule = [](const Alert& a, const Alert& b) { return a.rule < b.rule; };
  std::stable_sort(alerts.begin() + static_cast<ptrdiff_t>(first), alerts.end(), by_rule);
  concluded_.clear();
}

void Correlator::move_watermark(const SignalBatch& batch, Instant now) {
  if (batch.latest_at == Instant()) return;
  const auto [at, first] = streams_.try_emplace(batch.stream);
  Stream& stream = at->second;
  const Ms greatest = to_ms(std::min(batch.latest_at, now));
  stream.greatest = first ? greatest : std::max(stream.greatest, greatest);
  stream.heard = now;
  Ms foremost = greatest;
  const auto is_heard = [&](const Stream& each) { return now - each.heard <= kIdle; };
  for (const auto& [id, each] : streams_) {
    if (is_heard(each)) foremost = std::max(foremost, each.greatest);
  }
  Ms least = foremost;
  for (const auto& [id, each] : streams_) {
    if (is_heard(each) && foremost - each.greatest <= kBehind.count()) least = std::min(least, each.greatest);
  }
  core_.advance(least, concluded_);
  concluded_.clear();  // no correlation of a live pack is decided at a close (adapters/runtime/packs)
}

uint64_t Correlator::digest() const {
  SipHash hash({0, 0});
  core_.digest(hash);
  for (const auto& [id, stream] : streams_) {
    hash.integer(id.value());
    hash.integer(static_cast<uint64_t>(stream.greatest));
    hash.integer(static_cast<uint64_t>(to_ms(stream.heard)));
  }
  hash.integer(taken_);
  return hash.finish();
}

}  // namespace quanzu::rules
