#include "rules/correlate/state.h"

namespace quanzu::rules {

// A group is of use while an event to come may lie within the timespan of its last.
CorrelationState::CorrelationState(const Definition& definition, bool arrival, size_t max_groups)
    : told(max_groups), arrival_(arrival) {
  const Ms timespan = definition.timespan.count();
  if (definition.decided_at_close()) {
    windows_ = std::make_unique<ClosingWindows>(max_groups);
  } else if (definition.type == CorrelationType::kEventCount) {
    shape_ = times_shape(definition.threshold(), timespan, definition.lateness.count());
    times_ = std::make_unique<Groups<Times>>(timespan, shape_.extra(), max_groups);
  } else {
    entries_ = std::make_unique<Groups<Entries>>(timespan, 0, max_groups);
  }
}

void CorrelationState::prefetch(const Fingerprint& group) const {
  if (times_) times_->prefetch(group);
  if (entries_) entries_->prefetch(group);
}

bool CorrelationState::take(const Definition& definition, const Touch& touch, Ms settled) {
  ++counted.events;
  const Ms horizon = settled - definition.timespan.count();
  if (times_) {
    times_->expire(horizon, 2);
    return times_->open(touch.group, touch.at).add(shape_, touch.at, settled);
  }
  if (entries_) {
    entries_->expire(horizon, 2);
    return entries_->open(touch.group, touch.at).add(definition, {touch.at, touch.order, touch.payload}, settled);
  }
  windows_->take(definition, touch);
  return false;
}

CorrelationCounters CorrelationState::counters() const {
  CorrelationCounters out = counted;
  out.groups = times_ ? times_->size() : entries_ ? entries_->size() : windows_->size();
  out.evicted = times_ ? times_->evicted() : entries_ ? entries_->evicted() : windows_->evicted();
  return out;
}

void CorrelationState::digest(SipHash& hash) const {
  const CorrelationCounters counters = this->counters();
  for (uint64_t n : {counters.events, counters.late, counters.ungrouped, counters.valueless, counters.raised,
                     counters.suppressed, counters.evicted, counters.groups}) {
    hash.integer(n);
  }
  uint64_t groups = 0;  // added up, so that the table's order does not count
  if (times_) times_->for_each([&](const Times& group) { groups += group.digest(); });
  if (entries_) entries_->for_each([&](const Entries& group) { groups += group.digest(); });
  if (windows_) groups = windows_->digest();
  hash.integer(groups);
  hash.integer(told.size());
}

}  // namespace quanzu::rules
