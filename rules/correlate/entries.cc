#include "rules/correlate/entries.h"

#include <set>

#include "rules/correlate/touch.h"

namespace quanzu::rules {
namespace {

bool before(const Entry& a, const Entry& b) {
  return a.at != b.at ? a.at < b.at : a.order < b.order;
}

class Adding {
 public:
  Adding(Entries& of, const Definition& definition, Ms settled)
      : of_(of), is_(definition), timespan_(definition.timespan.count()), settled_(settled) {}

  bool add(const Entry& entry) {
    if (is_.type == CorrelationType::kTemporal || is_.type == CorrelationType::kTemporalOrdered) fold();
    prune();
    const auto place = static_cast<size_t>(
        std::upper_bound(of_.entries.begin() + at(of_.begin), of_.entries.end(), entry, before) - of_.entries.begin());
    of_.entries.insert(of_.entries.begin() + at(place), entry);
    if (is_.type == CorrelationType::kValueSum) of_.sum += units_of(entry.payload);
    if (!(is_.type == CorrelationType::kTemporalOrdered ? chain_completes() : window_holds(place))) return false;
    of_.entries.clear();
    of_.begin = 0;
    of_.sum = 0;
    std::fill(of_.settled.begin(), of_.settled.end(), kNoTime);
    return true;
  }

 private:
  static ptrdiff_t at(size_t i) { return static_cast<ptrdiff_t>(i); }

  void prune() {
    while (of_.begin < of_.entries.size() && of_.entries[of_.begin].at < settled_ - timespan_) {
      if (is_.type == CorrelationType::kValueSum) of_.sum -= units_of(of_.entries[of_.begin].payload);
      ++of_.begin;
    }
    if (of_.begin * 2 > of_.entries.size()) {
      of_.entries.erase(of_.entries.begin(), of_.entries.begin() + at(of_.begin));
      of_.begin = 0;
    }
    if (is_.type == CorrelationType::kValueCount && of_.entries.size() - of_.begin >= tidy_at()) tidy_values();
  }

  size_t tidy_at() const { return std::max(of_.tidy_at, 2 * static_cast<size_t>(is_.threshold()) + 16); }

  // Of the settled entries the newest of each value will do, and of those as many as are needed.
  void tidy_values() {
    std::vector<Entry> kept;
    std::set<Fingerprint> seen;
    for (size_t i = of_.entries.size(); i-- > of_.begin;) {
      const Entry& entry = of_.entries[i];
      const bool open = entry.at > settled_;
      if (!open && seen.size() >= is_.threshold()) break;
      if (open || seen.insert(entry.payload).second) kept.push_back(entry);
    }
    of_.entries.assign(kept.rbegin(), kept.rend());
    of_.begin = 0;
    of_.tidy_at = kept.size() * 2;
  }

  // What is settled becomes one time a rule.
  void fold() {
    of_.settled.resize(is_.rules.size(), kNoTime);
    size_t done = 0;
    for (; done < of_.entries.size() && of_.entries[done].at <= settled_; ++done) take(of_.settled, of_.entries[done]);
    of_.entries.erase(of_.entries.begin(), of_.entries.begin() + at(done));
  }

  // True where the last step of a chain is taken in time.
  bool take(std::vector<Ms>& times, const Entry& entry) const {
    bool completes = false;
    for (size_t k = times.size(); k-- > 0;) {  // downwards: one entry is one step of a chain
      if (((entry.payload[0] >> k) & 1U) == 0) continue;
      if (is_.type == CorrelationType::kTemporal || k == 0) {
        times[k] = std::max(times[k], entry.at);
      } else {
        times[k] = std::max(times[k], times[k - 1]);
      }
      completes = completes || (k + 1 == times.size() && times[k] >= entry.at - timespan_);
    }
    return completes;
  }

  // No chain was complete before this entry, so one that is now holds it.
  bool chain_completes() const {
    std::vector<Ms> starts = of_.settled;
    bool completes = false;
    for (size_t i = of_.begin; i < of_.entries.size() && !completes; ++i) completes = take(starts, of_.entries[i]);
    return completes;
  }

  // Over each window that ends at an event and holds the entry at `place`.
  bool window_holds(size_t place) {
    const Ms time = of_.entries[place].at;
    for (size_t end = place; end < of_.entries.size() && of_.entries[end].at - timespan_ <= time; ++end) {
      const bool tied = end + 1 < of_.entries.size() && of_.entries[end + 1].at == of_.entries[end].at;
      if (!tied && holds_at(end)) return true;
    }
    return false;
  }

  bool holds_at(size_t end) {
    const Ms from = of_.entries[end].at - timespan_;
    size_t first = of_.begin;
    if (is_.type == CorrelationType::kValueSum) {
      Int128 sum = of_.sum;
      for (; of_.entries[first].at < from; ++first) sum -= units_of(of_.entries[first].payload);
      for (size_t i = end + 1; i < of_.entries.size(); ++i) sum -= units_of(of_.entries[i].payload);
      return is_.holds(sum);
    }
    while (of_.entries[first].at < from) ++first;
    return is_.type == CorrelationType::kTemporal ? rules_hold(first, end, from) : values_hold(first, end);
  }

  bool values_hold(size_t first, size_t end) {
    if (end + 1 - first < is_.threshold()) return false;
    std::vector<Fingerprint> values;
    for (size_t i = first; i <= end; ++i) values.push_back(of_.entries[i].payload);
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return is_.holds(Int128{static_cast<int64_t>(values.size())} * kDecimalOne);
  }

  bool rules_hold(size_t first, size_t end, Ms from) {
    uint64_t seen = 0;
    for (size_t i = first; i <= end; ++i) seen |= of_.entries[i].payload[0];
    for (size_t k = 0; k < of_.settled.size(); ++k) seen |= uint64_t{of_.settled[k] >= from} << k;
    return is_.holds_for(seen);
  }

  Entries& of_;
  const Definition& is_;
  Ms timespan_;
  Ms settled_;
};

}  // namespace

bool Entries::add(const Definition& definition, const Entry& entry, Ms settled_to) {
  last = std::max(last, entry.at);
  return Adding(*this, definition, settled_to).add(entry);
}

void Entries::write(StateWriter& out) const {
  out.number(tidy_at);
  out.count(settled.size());
  for (Ms at : settled) out.time(at);
  out.count(entries.size() - begin);
  for (size_t i = begin; i < entries.size(); ++i) {
    out.time(entries[i].at);
    out.number(entries[i].order);
    out.hash(entries[i].payload);
  }
}

void Entries::read(StateReader& in, const Definition& definition) {
  const bool adds_up = definition.takes_numbers();
  in.number(tidy_at);
  for (size_t left = in.count(); left > 0 && in.ok(); --left) in.time(settled.emplace_back());
  in.require(settled.size() <= definition.rules.size());
  for (size_t left = in.count(); left > 0 && in.ok(); --left) {
    Entry entry;
    in.time(entry.at);
    in.number(entry.order);
    in.hash(entry.payload);
    in.require(entries.empty() || !before(entry, entries.back()));
    in.require(!adds_up || is_decimal(units_of(entry.payload)));
    if (!in.ok()) return;
    entries.push_back(entry);
    if (adds_up) sum += units_of(entry.payload);
  }
}

uint64_t Entries::digest() const {
  SipHash hash(key);
  hash.integer(static_cast<uint64_t>(last));
  hash.integer(static_cast<uint64_t>(sum));
  for (size_t i = begin; i < entries.size(); ++i) {
    hash.integer(static_cast<uint64_t>(entries[i].at));
    hash.integer(entries[i].payload[0]);
  }
  for (Ms at : settled) hash.integer(static_cast<uint64_t>(at));
  return hash.finish();
}

}  // namespace quanzu::rules
