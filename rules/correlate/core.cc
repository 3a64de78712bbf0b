#include "rules/correlate/core.h"

#include <cstring>

namespace quanzu::rules {
namespace {

constexpr Ms kNoTime = -kForever;

// The place among what has one time: events by sequence, what they raise directly behind them, and behind all of these
// what closing windows raise.
constexpr uint64_t kAtClose = uint64_t{1} << 63;
constexpr unsigned kSubBits = 16;

constexpr uint64_t place_of(uint64_t sequence) {
  return sequence << kSubBits;
}

}  // namespace

void append_key(std::string& key, std::string_view value) {
  const auto size = static_cast<uint32_t>(value.size());
  char bytes[sizeof size];
  std::memcpy(bytes, &size, sizeof size);
  key.append(bytes, sizeof size);
  key.append(value);
}

std::vector<std::string_view> split_key(std::string_view key) {
  std::vector<std::string_view> out;
  while (!key.empty()) {
    uint32_t size = 0;
    std::memcpy(&size, key.data(), sizeof size);
    out.push_back(key.substr(sizeof size, size));
    key.remove_prefix(sizeof size + size);
  }
  return out;
}

// What one event means to one group of one correlation. Plain data, since it may have to wait.
struct Core::Touch {
  Ms at = 0;
  uint64_t order = 0;
  uint32_t correlation = 0;
  Fingerprint group{};
  Fingerprint payload{};
  std::string_view key;
  std::string kept;  // the key, of one that waits

  friend bool operator>(const Touch& a, const Touch& b) {
    if (a.at != b.at) return a.at > b.at;
    return a.order != b.order ? a.order > b.order : a.correlation > b.correlation;
  }
};

struct Core::State {
  size_t lane = 0;
  size_t rank = 0;  // in the order of chains
  bool at_close = false;
  bool arrival = false;
  bool uniform = true;  // every rule spells the keys alike
  TimesShape shape;
  std::unique_ptr<Groups<Times>> times;  // one of these two, of what is decided at events
  std::unique_ptr<Groups<Entries>> entries;
  struct Closing {
    Ms end = 0;
    Fingerprint group{};
  };
  std::map<Fingerprint, ClosingWindow> windows;  // of what is decided at the close
  std::deque<Closing> closing;                   // in the order of their ends
  std::map<Fingerprint, Ms> told;                // when last, for suppression
  std::deque<std::pair<Ms, Fingerprint>> told_order;
  Counters counters;
};

struct Core::Lane {
  Ms lateness = 0;
  Ms watermark = kNoTime;
  Ms settled = kNoTime;  // the watermark, or how far towards it the lane has come
  Ms next_close = kForever;
  std::vector<Touch> waiting;     // a heap, the earliest on top
  std::vector<uint32_t> closing;  // correlations that are decided at the close, by rank
};

// The fields of an alert: its group's keys.
class Core::KeyFields : public Fields {
 public:
  KeyFields(const Definitions& all, const Definition& raised, std::string_view key)
      : all_(all), raised_(raised), values_(split_key(key)) {}
  std::optional<std::string_view> text(uint32_t field) const override {
    for (size_t i = 0; i < values_.size(); ++i) {
      if (raised_.group_by[i].name == all_.fields[field]) return values_[i];
    }
    return std::nullopt;
  }

 private:
  const Definitions& all_;
  const Definition& raised_;
  std::vector<std::string_view> values_;
};

Core::Core(Definitions definitions, std::array<uint64_t, 2> hash_key, Mode mode, size_t max_groups)
    : definitions_(std::move(definitions)),
      hash_key_(hash_key),
      mode_(mode),
      max_groups_(max_groups),
      greatest_(kNoTime) {
  set_up();
}
Core::Core(Core&&) noexcept = default;
Core& Core::operator=(Core&&) noexcept = default;
Core::~Core() = default;

void Core::set_up() {
  const size_t count = definitions_.correlations.size();
  roles_.assign(definitions_.rules + count, {});
  lanes_.clear();
  states_.clear();
  for (uint32_t c = 0; c < count; ++c) {
    const Definition& definition = definitions_.correlations[c];
    for (uint32_t n = 0; n < definition.rules.size(); ++n) roles_[definition.rules[n]].push_back({c, n});
    State& state = *states_.emplace_back(std::make_unique<State>());
    const Ms lateness = definition.lateness.count();
    const Ms timespan = definition.timespan.count();
    while (state.lane < lanes_.size() && lanes_[state.lane].lateness != lateness) ++state.lane;
    if (state.lane == lanes_.size()) {
      lanes_.emplace_back().lateness = lateness;
      if (greatest_ != kNoTime) lanes_.back().watermark = lanes_.back().settled = greatest_ - lateness;
    }
    state.at_close = definition.decided_at_close();
    state.arrival = mode_ == Mode::kArrival || definition.mode == WindowMode::kArrival;
    const auto alike = [](const KeyDefinition& key) {
      return std::adjacent_find(key.fields.begin(), key.fields.end(), std::not_equal_to<>()) == key.fields.end();
    };
    state.uniform = std::all_of(definition.group_by.begin(), definition.group_by.end(), alike);
    if (state.at_close) continue;
    // A group is of use while an event to come may lie within the timespan of its last.
    if (definition.type == CorrelationType::kEventCount) {
      state.shape = times_shape(definition.threshold(), timespan, lateness);
      state.times = std::make_unique<Groups<Times>>(timespan, state.shape.extra(), max_groups_);
    } else {
      state.entries = std::make_unique<Groups<Entries>>(timespan, 0, max_groups_);
    }
  }
  for (size_t rank = 0; rank < count; ++rank) {
    const uint32_t c = definitions_.order[rank];
    states_[c]->rank = rank;
    if (states_[c]->at_close) lanes_[states_[c]->lane].closing.push_back(c);
  }
}

void Core::add(Ms at, uint64_t sequence, std::span<const Role> roles, const Fields& fields,
               std::vector<Conclusion>& out) {
  sub_ = 0;
  offer(at, place_of(sequence), roles, fields, out);
}

void Core::offer(Ms at, uint64_t order, std::span<const Role> roles, const Fields& fields,
                 std::vector<Conclusion>& out) {
  const size_t from = alerts_.size();
  for (size_t begin = 0, end = 0; begin < roles.size(); begin = end) {
    const uint32_t correlation = roles[begin].correlation;
    while (end < roles.size() && roles[end].correlation == correlation) ++end;
    State& state = *states_[correlation];
    if (at < lanes_[state.lane].watermark && (order & ((uint64_t{1} << kSubBits) - 1)) == 0 && order < kAtClose) {
      ++state.counters.late;
      continue;
    }
    Touch touch;
    touch.at = at;
    touch.order = order;
    touch.correlation = correlation;
    offer_to(correlation, touch, roles.subspan(begin, end - begin), fields, out);
  }
  if (alerts_.size() > from) spread(from, out);
}

// The alerts from there on, which stand directly behind the event that raised them, to the correlations that refer to
// them; what these raise stands behind them in turn.
void Core::spread(size_t from, std::vector<Conclusion>& out) {
  const size_t to = alerts_.size();
  for (size_t i = from; i < to; ++i) {
    ENSURE(sub_ + 1 < (uint64_t{1} << kSubBits), "an event raises at most one alert a correlation and rule");
    const Alerted alert = std::move(alerts_[i]);
    const KeyFields fields(definitions_, definitions_.correlations[alert.correlation], alert.key);
    const uint64_t event = alert.order >> kSubBits << kSubBits;
    offer(alert.at, event | ++sub_, roles_[definitions_.rules + alert.correlation], fields, out);
  }
  alerts_.resize(from);
}

void Core::offer_to(uint32_t correlation, Touch& touch, std::span<const Role> roles, const Fields& fields,
                    std::vector<Conclusion>& out) {
  const Definition& definition = definitions_.correlations[correlation];
  if (states_[correlation]->uniform) {
    if (!read_key(definition, roles[0].n, fields)) return void(++states_[correlation]->counters.ungrouped);
    if (!read_payload(definition, roles, fields, touch)) return void(++states_[correlation]->counters.valueless);
    touch.key = key_;
    return route(touch, out);
  }
  // Aliases may put one event into several groups; it counts once in each.
  std::vector<std::pair<std::string, std::vector<Role>>> groups;
  for (const Role& role : roles) {
    if (!read_key(definition, role.n, fields)) {
      ++states_[correlation]->counters.ungrouped;
      continue;
    }
    auto group = std::find_if(groups.begin(), groups.end(), [this](const auto& each) { return each.first == key_; });
    if (group == groups.end()) group = groups.insert(group, {key_, {}});
    group->second.push_back(role);
  }
  for (const auto& [key, in_group] : groups) {
    if (!read_payload(definition, in_group, fields, touch)) {
      ++states_[correlation]->counters.valueless;
      continue;
    }
    touch.key = key;
    route(touch, out);
  }
}

bool Core::read_key(const Definition& definition, uint32_t role, const Fields& fields) {
  key_.clear();
  for (const KeyDefinition& key : definition.group_by) {
    const std::optional<std::string_view> text = fields.text(key.fields[role]);
    if (!text) return false;
    append_key(key_, *text);
  }
  return true;
}

bool Core::read_payload(const Definition& definition, std::span<const Role> roles, const Fields& fields,
                        Touch& touch) const {
  touch.payload = {};
  if (definition.values.empty()) {
    if (definition.type == CorrelationType::kEventCount) return true;
    for (const Role& role : roles) touch.payload[0] |= uint64_t{1} << role.n;
    return true;
  }
  for (const Role& role : roles) {  // of several rules, the first that gives a value
    if (definition.type != CorrelationType::kValueCount) {
      const auto text = fields.text(definition.values[0].fields[role.n]);
      const auto value = text ? parse_decimal(*text) : std::nullopt;
      if (!value) continue;
      touch.payload = payload_of(*value);
      return true;
    }
    SipHash hash(hash_key_);
    bool whole = true;
    for (const KeyDefinition& value : definition.values) {
      const auto text = fields.text(value.fields[role.n]);
      whole = whole && text;
      if (text) hash.text(*text);
    }
    if (!whole) continue;
    touch.payload = hash.finish_wide();
    return true;
  }
  return false;
}

void Core::route(Touch& touch, std::vector<Conclusion>& out) {
  SipHash hash(hash_key_);
  hash.bytes(touch.key);
  touch.group = hash.finish_wide();
  const State& state = *states_[touch.correlation];
  Lane& lane = lanes_[state.lane];
  if (touch.at <= lane.settled || (state.arrival && !state.at_close)) return take(touch, out);
  touch.kept = touch.key;
  lane.waiting.push_back(touch);
  std::push_heap(lane.waiting.begin(), lane.waiting.end(), std::greater<>());
}

void Core::take(Touch& touch, std::vector<Conclusion>& out) {
  State& state = *states_[touch.correlation];
  const Definition& definition = definitions_.correlations[touch.correlation];
  const Ms settled = lanes_[state.lane].settled;
  ++state.counters.events;
  bool raises = false;
  if (state.times) {
    state.times->expire(settled - state.shape.timespan, 2);
    raises = state.times->open(touch.group, touch.at).add(state.shape, touch.at, settled);
  } else if (state.entries) {
    state.entries->expire(settled - definition.timespan.count(), 2);
    Entries& entries = state.entries->open(touch.group, touch.at);
    raises = entries.add(definition, {touch.at, touch.order, touch.payload}, settled);
  } else {
    take_closing(state, definition, touch);
  }
  if (raises) raise(touch.correlation, touch.at, touch.order, touch.key, out);
}

void Core::take_closing(State& state, const Definition& definition, const Touch& touch) {
  auto window = state.windows.find(touch.group);
  if (window == state.windows.end()) {
    if (state.windows.size() >= max_groups_) {  // without its decision: it is counted instead
      state.windows.erase(state.closing.front().group);
      state.closing.pop_front();
      ++state.counters.evicted;
    }
    window = state.windows.emplace(touch.group, ClosingWindow()).first;
    window->second.key = touch.key;
    window->second.start = touch.at;
    const Ms end = touch.at + definition.timespan.count();
    state.closing.push_back({end, touch.group});
    Lane& lane = lanes_[state.lane];
    lane.next_close = std::min(lane.next_close, end);
  }
  window->second.add(definition, touch.payload);
}

void Core::advance(Ms greatest, std::vector<Conclusion>& out) {
  if (greatest <= greatest_) return;
  greatest_ = greatest;
  for (Lane& lane : lanes_) run(lane, greatest == kForever ? kForever : greatest - lane.lateness, out);
}

// In the order of time what waits and what closes; a window closes behind all events of its end.
void Core::run(Lane& lane, Ms watermark, std::vector<Conclusion>& out) {
  for (;;) {
    const Ms next = lane.waiting.empty() ? kForever : lane.waiting.front().at;
    if (!lane.waiting.empty() && next <= watermark && next <= lane.next_close) {
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

// All that the next event means, before what it raises.
void Core::take_waiting(Lane& lane, std::vector<Conclusion>& out) {
  const Ms at = lane.waiting.front().at;
  const uint64_t order = lane.waiting.front().order;
  while (!lane.waiting.empty() && lane.waiting.front().at == at && lane.waiting.front().order == order) {
    std::pop_heap(lane.waiting.begin(), lane.waiting.end(), std::greater<>());
    Touch touch = std::move(lane.waiting.back());
    lane.waiting.pop_back();
    touch.key = touch.kept;
    take(touch, out);
  }
  sub_ = order & ((uint64_t{1} << kSubBits) - 1);
  spread(0, out);
}

void Core::close_next(Lane& lane, std::vector<Conclusion>& out) {
  const Ms end = lane.next_close;
  const auto is_due = [&](uint32_t c) {
    return !states_[c]->closing.empty() && states_[c]->closing.front().end <= end;
  };
  const auto due = std::find_if(lane.closing.begin(), lane.closing.end(), is_due);
  if (due != lane.closing.end()) {
    State& state = *states_[*due];
    const auto window = state.windows.find(state.closing.front().group);
    state.closing.pop_front();
    ClosingWindow closed = std::move(window->second);
    state.windows.erase(window);
    sub_ = 0;
    ++closes_;
    if (closed.concludes(definitions_.correlations[*due])) {
      raise(*due, end, kAtClose | place_of(closes_), closed.key, out);
      spread(0, out);
    }
  }
  lane.next_close = kForever;
  for (uint32_t c : lane.closing) {
    if (!states_[c]->closing.empty()) lane.next_close = std::min(lane.next_close, states_[c]->closing.front().end);
  }
}

void Core::raise(uint32_t correlation, Ms at, uint64_t order, std::string_view key, std::vector<Conclusion>& out) {
  State& state = *states_[correlation];
  const Definition& definition = definitions_.correlations[correlation];
  ++state.counters.raised;
  if (is_suppressed(state, definition, at, key)) {
    ++state.counters.suppressed;
  } else if (definition.told) {
    Conclusion raised{correlation, at, std::nullopt, std::string(key)};
    if (order < kAtClose) raised.sequence = order >> kSubBits;
    out.push_back(std::move(raised));
  }
  if (!roles_[definitions_.rules + correlation].empty()) {
    alerts_.push_back({correlation, at, order, std::string(key)});
  }
}

bool Core::is_suppressed(State& state, const Definition& definition, Ms at, std::string_view key) {
  const Ms period = definition.suppress_for.count();
  if (period == 0) return false;
  SipHash hash(hash_key_);
  if (definition.suppress_by.empty()) {
    hash.bytes(key);
  } else {
    const std::vector<std::string_view> values = split_key(key);
    for (uint32_t by : definition.suppress_by) hash.text(values[by]);
  }
  const Ms settled = lanes_[state.lane].settled;
  while (!state.told_order.empty() &&
         (state.told_order.front().first <= settled - period || state.told_order.size() > max_groups_)) {
    const auto& [when, whom] = state.told_order.front();
    const auto told = state.told.find(whom);
    if (told != state.told.end() && told->second == when) state.told.erase(told);
    state.told_order.pop_front();
  }
  const Fingerprint by = hash.finish_wide();
  const auto [told, first] = state.told.try_emplace(by, at);
  if (!first && at - told->second < period) return true;
  told->second = at;
  state.told_order.emplace_back(at, by);
  return false;
}

Ms Core::reached() const {
  Ms least = greatest_;
  for (const Lane& lane : lanes_) least = std::min(least, lane.watermark);
  return least;
}

void Core::replace(Definitions definitions) {
  const Definitions before = std::exchange(definitions_, std::move(definitions));
  std::vector<std::unique_ptr<State>> states = std::exchange(states_, {});
  std::vector<Lane> lanes = std::exchange(lanes_, {});
  set_up();
  for (uint32_t was = 0; was < before.correlations.size(); ++was) {
    const auto same =
        std::find_if(definitions_.correlations.begin(), definitions_.correlations.end(),
                     [&](const Definition& each) { return each.identity == before.correlations[was].identity; });
    if (same == definitions_.correlations.end()) continue;
    const auto now = static_cast<uint32_t>(same - definitions_.correlations.begin());
    State& state = *states[was];
    Lane& lane = lanes_[states_[now]->lane];
    for (Touch& touch : lanes[state.lane].waiting) {
      if (touch.correlation != was) continue;
      Touch& kept = lane.waiting.emplace_back(touch);
      kept.correlation = now;
    }
    state.lane = states_[now]->lane;
    state.rank = states_[now]->rank;
    states_[now] = std::move(states[was]);
    if (!states_[now]->closing.empty()) lane.next_close = std::min(lane.next_close, states_[now]->closing.front().end);
  }
  for (Lane& lane : lanes_) std::make_heap(lane.waiting.begin(), lane.waiting.end(), std::greater<>());
}

Counters Core::counters(size_t correlation) const {
  const State& state = *states_[correlation];
  Counters out = state.counters;
  if (state.times) {
    out.evicted += state.times->evicted();
    out.groups = state.times->size();
  } else if (state.entries) {
    out.evicted += state.entries->evicted();
    out.groups = state.entries->size();
  } else {
    out.groups = state.windows.size();
  }
  return out;
}

void Core::digest(SipHash& hash) const {
  hash.integer(static_cast<uint64_t>(greatest_));
  for (const Lane& lane : lanes_) {
    hash.integer(static_cast<uint64_t>(lane.watermark));
    hash.integer(lane.waiting.size());
  }
  for (size_t c = 0; c < states_.size(); ++c) {
    const State& state = *states_[c];
    const Counters counters = this->counters(c);
    for (uint64_t n : {counters.events, counters.late, counters.ungrouped, counters.valueless, counters.raised,
                       counters.suppressed, counters.evicted, counters.groups}) {
      hash.integer(n);
    }
    uint64_t groups = 0;  // added up, so that the table's order does not count
    if (state.times) state.times->for_each([&](const Times& group) { groups += group.digest(); });
    if (state.entries) state.entries->for_each([&](const Entries& group) { groups += group.digest(); });
    for (const auto& [key, window] : state.windows) groups += window.digest();
    hash.integer(groups);
    hash.integer(state.told.size());
  }
}

}  // namespace quanzu::rules
