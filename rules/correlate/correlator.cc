#include "rules/correlate/correlator.h"

#include "rules/correlate/live.h"

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
    now_ = event.now;
    take(*batch, alerts);
  } else if (std::holds_alternative<Tick>(event.body)) {
    now_ = event.now;
    move_watermark(alerts);
  }
  return {};
}

Result<void> Correlator::go_live(const PackLive& pack) {
  Result<Definitions> definitions = definitions_from(pack.correlations);
  if (!definitions) return Failure(definitions.error());
  core_.replace(*definitions);
  live_ = pack.version;
  packs_[pack.version].definitions = std::move(*definitions);
  link();
  return {};
}

// Each pack's rules to the live correlations, and these to a signal's fields.
void Correlator::link() {
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
  names_.clear();
  for (uint32_t c = 0; c < live.size(); ++c) {
    names_.push_back(
        {key_of(core_.definitions(), c, "resident.number"), key_of(core_.definitions(), c, "peer.number")});
  }
  sources_.clear();
  for (const std::string& field : core_.definitions().fields) {
    const std::optional<Source> source = find_source(field);
    sources_.push_back(source && is_journaled(*source) ? source : std::nullopt);
  }
}

void Correlator::take(const SignalBatch& batch, std::vector<Alert>& alerts) {
  static const Known kNone;
  const auto found = packs_.find(batch.pack);
  const Known& known = found == packs_.end() ? kNone : found->second;
  posted_.clear();
  const uint64_t first = taken_ + 1;
  for (uint32_t i = 0; i < batch.signals.size(); ++i) post(known, batch, i, alerts);
  core_.flush(concluded_);
  for (const Conclusion& each : concluded_) {
    ENSURE(each.sequence, "only a watermark closes windows");
    if (const auto rule = known.indices[each.correlation])
      alerts.push_back(Alert{*rule, posted_[*each.sequence - first]});
  }
  const bool in_order = concluded_.empty();
  concluded_.clear();
  const auto by_signal = [](const Alert& a, const Alert& b) {
    return a.signal != b.signal ? a.signal < b.signal : a.rule < b.rule;
  };
  if (!in_order) std::sort(alerts.begin(), alerts.end(), by_signal);
  if (batch.latest_at == Instant()) return;
  hear(batch, now_);
  move_watermark(alerts);
}

void Correlator::post(const Known& known, const SignalBatch& batch, uint32_t index, std::vector<Alert>& alerts) {
  const MatchedSignal& matched = batch.signals[index];
  roles_.clear();
  for (RuleIndex rule : matched.rules) {
    if (rule >= known.definitions.rules || known.definitions.told[rule]) alerts.push_back(Alert{rule, index});
    if (rule < known.roles.size()) roles_.insert(roles_.end(), known.roles[rule].begin(), known.roles[rule].end());
  }
  if (roles_.empty()) return;
  std::sort(roles_.begin(), roles_.end());
  const Ms at = to_ms(std::min(matched.signal->at, now_));
  posted_.push_back(index);
  core_.post(at, ++taken_, roles_, SignalFields(sources_, *matched.signal));
}

void Correlator::hear(const SignalBatch& batch, Instant now) {
  const size_t id = batch.stream.value();
  if (streams_.size() < id) streams_.resize(id);
  Stream& stream = streams_[id - 1];
  stream.greatest = std::max(stream.greatest, to_ms(std::min(batch.latest_at, now)));
  stream.heard = now;
}

bool Correlator::is_heard(const Stream& stream) const {
  return stream.greatest != kNoTime && now_ - stream.heard <= kIdle;
}

// Of the streams that are heard; kNoTime where none is.
Ms Correlator::foremost() const {
  Ms out = kNoTime;
  for (const Stream& each : streams_) {
    if (is_heard(each)) out = std::max(out, each.greatest);
  }
  return out;
}

void Correlator::move_watermark(std::vector<Alert>& alerts) {
  const Ms most = foremost();
  if (most == kNoTime) {
    core_.advance_closing(to_ms(now_ - kBehind), concluded_);
  } else {
    Ms least = most;
    for (const Stream& each : streams_) {
      if (is_heard(each) && most - each.greatest <= kBehind.count()) least = std::min(least, each.greatest);
    }
    core_.advance(least, concluded_);
    core_.advance_closing(least, concluded_);
  }
  const Known& live = packs_[live_];
  for (const Conclusion& each : concluded_) {
    ENSURE(!each.sequence, "in arrival mode no event that raises an alert waits for the watermark");
    const std::vector<std::string_view> key = split_key(each.key);
    const Naming& names = names_[each.correlation];
    if (!names.resident || !live.indices[each.correlation]) continue;  // a journal of before that was checked
    Alert& alert = alerts.emplace_back(Alert{*live.indices[each.correlation], Alert::kNoSignal});
    alert.resident = Number(key[*names.resident]);
    if (names.peer) alert.peer = Number(key[*names.peer]);
    alert.at = from_ms(each.at);
  }
  concluded_.clear();
}

// Without further events the watermark moves when streams fall idle: as soon as those that hold it back are, if one that
// is far enough is still heard; else with the clock, once all of them are.
Instant Correlator::next_due() const {
  const Ms needed = core_.closes_with();
  if (needed >= kForever) return kNever;
  const Ms most = foremost();
  Instant held{};      // until those are idle that hold it back now
  Instant reaching{};  // until the last one is that is far enough
  Instant all{};
  for (const Stream& each : streams_) {
    if (!is_heard(each)) continue;
    const Instant idle = each.heard + kIdle + Duration(1);
    all = std::max(all, idle);
    if (each.greatest >= needed) {
      reaching = std::max(reaching, idle);
    } else if (most - each.greatest <= kBehind.count()) {
      held = std::max(held, idle);
    }
  }
  const Instant due = reaching > held ? held : std::max(all, from_ms(needed) + kBehind);
  return std::max(due, now_ + Duration(1));
}

uint64_t Correlator::digest() const {
  SipHash hash({0, 0});
  core_.digest(hash);
  for (const Stream& stream : streams_) {
    hash.integer(static_cast<uint64_t>(stream.greatest));
    hash.integer(static_cast<uint64_t>(to_ms(stream.heard)));
  }
  hash.integer(taken_);
  return hash.finish();
}

std::string Correlator::snapshot() const {
  std::string bytes;
  StateWriter out(bytes);
  core_.write(out);
  out.number(live_.value());
  out.count(packs_.size());
  for (const auto& [version, known] : packs_) {
    out.number(version.value());
    out.text(to_text(known.definitions));
  }
  out.count(streams_.size());
  for (const Stream& stream : streams_) {
    out.time(stream.greatest);
    out.time(to_ms(stream.heard));
  }
  out.time(to_ms(now_));
  out.number(taken_);
  return bytes;
}

Result<Correlator> Correlator::restore(std::string_view snapshot) {
  StateReader in(snapshot);
  Result<Core> core = Core::read(in);
  if (!core) return Failure(core.error());
  Correlator out;
  out.core_ = std::move(*core);
  uint32_t version = 0;
  in.number(version);
  out.live_ = PackVersion(version);
  bool sound = out.core_.mode() == Core::Mode::kArrival;
  for (size_t left = in.count(); left > 0 && in.ok(); --left) {
    std::string text;
    in.number(version);
    in.text(text);
    Result<Definitions> definitions = definitions_from(text);
    sound = sound && definitions;
    if (definitions) out.packs_[PackVersion(version)].definitions = std::move(*definitions);
  }
  for (size_t left = in.count(); left > 0 && in.ok(); --left) {
    Stream& stream = out.streams_.emplace_back();
    Ms heard = 0;
    in.time(stream.greatest);
    in.time(heard);
    stream.heard = from_ms(heard);
  }
  Ms now = 0;
  in.time(now);
  in.number(out.taken_);
  out.now_ = from_ms(now);
  const std::string live = to_text(out.core_.definitions());
  const auto known = out.packs_.find(out.live_);
  sound = sound && (known == out.packs_.end() ? live.empty() : to_text(known->second.definitions) == live);
  if (!sound || !in.ok() || !in.at_end()) {
    return fail(Code::kInternal,
                "a snapshot's correlation state is damaged: go on from an older one, or from the journal");
  }
  out.link();
  return out;
}

}  // namespace quanzu::rules
