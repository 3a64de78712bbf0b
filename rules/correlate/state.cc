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

void CorrelationState::prefetch_slot(const Fingerprint& group) const {
  if (times_) times_->prefetch_slot(group);
  if (entries_) entries_->prefetch_slot(group);
}

void CorrelationState::prefetch_record(const Fingerprint& group) const {
  if (times_) times_->prefetch_record(group);
  if (entries_) entries_->prefetch_record(group);
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

void CorrelationState::write(StateWriter& out) const {
  for (uint64_t n :
       {counted.events, counted.late, counted.ungrouped, counted.valueless, counted.raised, counted.suppressed}) {
    out.number(n);
  }
  told.write(out);
  const auto write_times = [this](StateWriter& to, const Times& group) { group.write(to, shape_); };
  if (times_) times_->write(out, write_times);
  if (entries_) entries_->write(out, [](StateWriter& to, const Entries& group) { group.write(to); });
  if (windows_) windows_->write(out);
}

void CorrelationState::read(StateReader& in, const Definition& definition) {
  for (uint64_t* n :
       {&counted.events, &counted.late, &counted.ungrouped, &counted.valueless, &counted.raised, &counted.suppressed}) {
    in.number(*n);
  }
  told.read(in);
  const auto read_times = [this](StateReader& from, Times& group) { group.read(from, shape_); };
  const auto read_entries = [&](StateReader& from, Entries& group) { group.read(from, definition); };
  if (times_) times_->read(in, read_times);
  if (entries_) entries_->read(in, read_entries);
  if (windows_) windows_->read(in, definition);
}

}  // namespace quanzu::rules
