#include "rules/correlate/core.h"

#include <algorithm>

namespace quanzu::rules {
namespace {

constexpr size_t kAhead = 8;  // touches between the fetch of a group and its turn

}  // namespace

Core::Core(Definitions definitions, std::array<uint64_t, 2> hash_key, Mode mode, size_t max_groups)
    : definitions_(std::move(definitions)),
      hash_key_(hash_key),
      mode_(mode),
      max_groups_(max_groups),
      posted_(hash_key),
      chained_(hash_key) {
  set_up();
}

void Core::set_up() {
  const size_t count = definitions_.correlations.size();
  roles_.assign(definitions_.rules + count, {});
  lanes_.clear();
  states_.clear();
  const std::vector<bool> closes = closing_chains();
  for (uint32_t c = 0; c < count; ++c) {
    const Definition& definition = definitions_.correlations[c];
    for (uint32_t n = 0; n < definition.rules.size(); ++n) roles_[definition.rules[n]].push_back({c, n});
    const bool arrival = mode_ == Mode::kArrival || definition.mode == WindowMode::kArrival;
    states_.push_back(std::make_unique<CorrelationState>(definition, arrival, max_groups_));
    states_.back()->lane = lane_of(definition, closes[c]);
  }
  for (uint32_t c : definitions_.order) {
    if (!states_[c]->at_close()) continue;
    Lane& lane = lanes_[states_[c]->lane];
    lane.closing.push_back(c);
    lane.shortest = std::min<Ms>(lane.shortest, definitions_.correlations[c].timespan.count());
  }
}

// Which correlations have one that is decided at the close in their chain, above or below.
std::vector<bool> Core::closing_chains() const {
  std::vector<bool> closes;
  for (const Definition& each : definitions_.correlations) closes.push_back(each.decided_at_close());
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t upper = 0; upper < closes.size(); ++upper) {
      for (RuleIndex rule : definitions_.correlations[upper].rules) {
        if (rule < definitions_.rules || closes[upper] == closes[rule - definitions_.rules]) continue;
        closes[upper] = closes[rule - definitions_.rules] = changed = true;
      }
    }
  }
  return closes;
}

size_t Core::lane_of(const Definition& definition, bool closes) {
  Lane wanted(definition.lateness.count(), closes);
  size_t lane = 0;
  while (lane < lanes_.size() && !lanes_[lane].is_like(wanted)) ++lane;
  if (lane < lanes_.size()) return lane;
  if (greatest_ != kNoTime) wanted.watermark = wanted.settled = greatest_ - wanted.lateness();
  lanes_.push_back(std::move(wanted));
  return lane;
}

void Core::add(Ms at, uint64_t sequence, std::span<const Role> roles, const Fields& fields,
               std::vector<Conclusion>& out) {
  post(at, sequence, roles, fields);
  flush(out);
}

void Core::post(Ms at, uint64_t sequence, std::span<const Role> roles, const Fields& fields) {
  const size_t from = posted_.size();
  read(at, place_of(sequence), roles, fields, posted_);
  if (posted_.size() > from) states_[posted_.back().correlation]->prefetch_slot(posted_.back().group);
}

void Core::read(Ms at, uint64_t order, std::span<const Role> roles, const Fields& fields, Reading& into) {
  Touch touch;
  touch.at = at;
  touch.order = order;
  for (size_t begin = 0, end = 0; begin < roles.size(); begin = end) {
    touch.correlation = roles[begin].correlation;
    while (end < roles.size() && roles[end].correlation == touch.correlation) ++end;
    CorrelationState& state = *states_[touch.correlation];
    if (is_event(order) && lanes_[state.lane].is_late(at)) {
      ++state.counted.late;
      continue;
    }
    into.add(definitions_.correlations[touch.correlation], touch, roles.subspan(begin, end - begin), fields,
             state.counted);
  }
}

// All that one event means, before what it raises.
void Core::flush(std::vector<Conclusion>& out) {
  const std::span<const Touch> touches = posted_.touches();
  for (size_t i = 0; i < touches.size(); ++i) {
    if (i + kAhead < touches.size()) {
      const Touch& soon = touches[i + kAhead];
      states_[soon.correlation]->prefetch_record(soon.group);
    }
    route(touches[i], out);
    const bool whole = i + 1 == touches.size() || touches[i + 1].order != touches[i].order;
    if (!whole || alerts_.empty()) continue;
    sub_ = 0;
    spread(out);
  }
  posted_.clear();
}

void Core::route(const Touch& touch, std::vector<Conclusion>& out) {
  const CorrelationState& state = *states_[touch.correlation];
  Lane& lane = lanes_[state.lane];
  if (touch.at <= lane.settled || state.at_once()) return take(touch, out);
  lane.wait(touch);
}

void Core::take(const Touch& touch, std::vector<Conclusion>& out) {
  CorrelationState& state = *states_[touch.correlation];
  Lane& lane = lanes_[state.lane];
  const bool raises = state.take(definitions_.correlations[touch.correlation], touch, lane.settled);
  if (raises) raise(touch.correlation, touch.at, touch.order, touch.key, out);
  if (state.at_close()) lane.next_close = std::min(lane.next_close, state.windows()->next_close());
}

// The alerts of the event at hand, which stand directly behind it, to the correlations that refer to them; what these
// raise stands behind them in turn.
void Core::spread(std::vector<Conclusion>& out) {
  const std::vector<Alerted> alerts = std::exchange(alerts_, {});
  for (const Alerted& alert : alerts) {
    ENSURE(sub_ < kMostRaised, "an event raises at most one alert a correlation and rule");
    const KeyFields fields(definitions_, definitions_.correlations[alert.correlation], alert.key);
    const uint64_t order = place_of(sequence_of(alert.order)) | ++sub_;
    chained_.clear();
    read(alert.at, order, roles_[definitions_.rules + alert.correlation], fields, chained_);
    for (const Touch& touch : chained_.touches()) route(touch, out);
    if (!alerts_.empty()) spread(out);
  }
}

void Core::advance(Ms greatest, std::vector<Conclusion>& out) {
  ENSURE(posted_.empty(), "what was posted is taken before the watermark moves");
  if (greatest <= greatest_) return;
  greatest_ = greatest;
  for (Lane& lane : lanes_) run(lane, greatest == kForever ? kForever : greatest - lane.lateness(), out);
}

void Core::advance_closing(Ms greatest, std::vector<Conclusion>& out) {
  ENSURE(posted_.empty(), "what was posted is taken before the watermark moves");
  for (Lane& lane : lanes_) {
    if (lane.closes()) run(lane, greatest - lane.lateness(), out);
  }
}

Ms Core::closes_with() const {
  Ms least = kForever;
  for (const Lane& lane : lanes_) {
    const Ms end = lane.first_end();
    if (end < kForever) least = std::min(least, end + lane.lateness() + 1);
  }
  return least;
}

// In the order of time what waits and what closes; a window closes behind all events of its end.
void Core::run(Lane& lane, Ms watermark, std::vector<Conclusion>& out) {
  if (watermark <= lane.watermark) return;
  for (;;) {
    const Ms next = lane.anything_waits() ? lane.next().at : kForever;
    if (lane.anything_waits() && next <= watermark && next <= lane.next_close) {
      lane.settled = next;
      take_waiting(lane, out);
    } else if (lane.next_close < watermark) {
      lane.settled = lane.next_close;
      close_next(lane, out);
    } else {
      break;
    }
  }
  lane.watermark = lane.settled = watermark;
}

void Core::take_waiting(Lane& lane, std::vector<Conclusion>& out) {
  const Ms at = lane.next().at;
  const uint64_t order = lane.next().order;
  std::string kept;
  while (lane.anything_waits() && lane.next().at == at && lane.next().order == order) {
    take(lane.take_next(kept), out);
  }
  sub_ = sub_of(order);
  spread(out);
}

void Core::close_next(Lane& lane, std::vector<Conclusion>& out) {
  const Ms end = lane.next_close;
  const auto is_due = [&](uint32_t c) { return states_[c]->windows()->next_close() <= end; };
  const auto due = std::find_if(lane.closing.begin(), lane.closing.end(), is_due);
  if (due != lane.closing.end()) {
    ClosingWindow closed = states_[*due]->windows()->close_next();
    sub_ = 0;
    ++closes_;
    if (closed.concludes(definitions_.correlations[*due])) {
      raise(*due, end, kAtClose | place_of(closes_), closed.key, out);
      spread(out);
    }
  }
  lane.next_close = kForever;
  for (uint32_t c : lane.closing) lane.next_close = std::min(lane.next_close, states_[c]->windows()->next_close());
}

void Core::raise(uint32_t correlation, Ms at, uint64_t order, std::string_view key, std::vector<Conclusion>& out) {
  CorrelationState& state = *states_[correlation];
  const Definition& definition = definitions_.correlations[correlation];
  ++state.counted.raised;
  if (!state.told.tells(definition, at, key, lanes_[state.lane].settled, hash_key_)) {
    ++state.counted.suppressed;
  } else if (definition.told) {
    Conclusion raised{correlation, at, std::nullopt, std::string(key)};
    if (order < kAtClose) raised.sequence = sequence_of(order);
    out.push_back(std::move(raised));
  }
  if (!roles_[definitions_.rules + correlation].empty()) {
    alerts_.push_back({correlation, at, order, std::string(key)});
  }
}

Ms Core::reached() const {
  Ms least = greatest_;
  for (const Lane& lane : lanes_) least = std::min(least, lane.watermark);
  return least;
}

void Core::replace(Definitions definitions) {
  const Definitions before = std::exchange(definitions_, std::move(definitions));
  std::vector<std::unique_ptr<CorrelationState>> states = std::exchange(states_, {});
  const std::vector<Lane> lanes = std::exchange(lanes_, {});
  set_up();
  for (Lane& lane : lanes_) {  // a watermark never goes back
    const auto like = std::find_if(lanes.begin(), lanes.end(), [&](const Lane& each) { return each.is_like(lane); });
    if (like != lanes.end()) lane.watermark = lane.settled = like->watermark;
  }
  for (uint32_t was = 0; was < before.correlations.size(); ++was) {
    const auto same =
        std::find_if(definitions_.correlations.begin(), definitions_.correlations.end(),
                     [&](const Definition& each) { return each.identity == before.correlations[was].identity; });
    if (same == definitions_.correlations.end()) continue;
    const auto now = static_cast<uint32_t>(same - definitions_.correlations.begin());
    const size_t number = states_[now]->lane;
    Lane& lane = lanes_[number];
    lane.adopt(lanes[states[was]->lane], was, now);
    states_[now] = std::move(states[was]);
    states_[now]->lane = number;
    if (states_[now]->at_close()) lane.next_close = std::min(lane.next_close, states_[now]->windows()->next_close());
  }
}

void Core::digest(SipHash& hash) const {
  hash.integer(static_cast<uint64_t>(greatest_));
  for (const Lane& lane : lanes_) {
    hash.integer(static_cast<uint64_t>(lane.watermark));
    hash.integer(lane.waiting());
  }
  for (const auto& state : states_) state->digest(hash);
}

}  // namespace quanzu::rules
