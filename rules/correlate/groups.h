// The live groups of one correlation: open addressing over keyed fingerprints, records in chunks that never move, expiry
// by buckets of time. A lookup is one cache miss in the table and one in the record, and both can be fetched ahead.
// Owned by rules/correlate/state, on its thread; the order of the table reaches nobody. Beside its record a group costs
// 13 to 26 bytes of table and 4 to 8 of bucket, 16 to 32 once groups are evicted.
#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "engine/hash.h"

namespace quanzu::rules {

// Stands for a group's key: 128 bits of a keyed hash, so that nobody who doesn't know the key makes two groups one.
using Fingerprint = std::array<uint64_t, 2>;

using Ms = int64_t;  // of event time
constexpr Ms kForever = INT64_MAX / 4;

// Far above what a street needs, and a bound on what an attacker can make us hold.
constexpr size_t kMaxGroups = size_t{1} << 20;

// Record has `Fingerprint key` and `Ms last`, its latest event's time, which only grows.
template <class Record>
class Groups {
 public:
  // Groups whose last event is older than `timespan` expire; `extra` bytes follow each record for its own use.
  Groups(Ms timespan, size_t extra, size_t cap = kMaxGroups)
      : width_(std::max<Ms>(timespan / 32, 1)),
        stride_((sizeof(Record) + extra + alignof(Record) - 1) / alignof(Record) * alignof(Record)),
        cap_(cap),
        slots_(size_t{1} << kFirstBits) {}
  Groups(const Groups&) = delete;
  Groups& operator=(const Groups&) = delete;
  ~Groups() {
    for_each([](Record& record) { record.~Record(); });
  }

  size_t size() const { return size_; }
  size_t evicted() const { return evicted_; }
  size_t stride() const { return stride_; }

  // First the table, and once that has come, the record: each hides a miss behind the work on other groups.
  void prefetch_slot(const Fingerprint& key) const { __builtin_prefetch(&slots_[home(tag_of(key))]); }
  void prefetch_record(const Fingerprint& key) const {
    const uint32_t tag = tag_of(key);
    for (size_t i = home(tag); slots_[i].id != kNone; i = next(i)) {
      if (slots_[i].tag != tag) continue;
      const std::byte* const at = room_of(slots_[i].id);
      for (size_t line = 0; line < std::min(stride_, kPrefetched); line += 64) __builtin_prefetch(at + line, 1);
      return;
    }
  }

  // The group of the key, made where there is none; at the cap the one with the oldest last event makes room.
  Record& open(const Fingerprint& key, Ms at) {
    const uint32_t tag = tag_of(key);
    size_t i = home(tag);
    for (; slots_[i].id != kNone; i = next(i)) {
      if (slots_[i].tag == tag && record(slots_[i].id).key == key) return record(slots_[i].id);
    }
    return add(key, at, i);
  }

  // Drops up to `steps` groups whose last event is before `horizon`. A step is a group that goes, or one that has had an
  // event since it came to its bucket; that happens once a timespan, so two steps an event keep up.
  void expire(Ms horizon, int steps) {
    for (; steps > 0 && !buckets_.empty(); --steps) {
      const auto first = buckets_.begin();
      if ((first->first + 1) * width_ > horizon) return;
      const uint32_t id = first->second.take_any();
      if (const size_t left = first->second.ids.size(); left > kAhead) {
        __builtin_prefetch(room_of(first->second.ids[left - kAhead]));
      }
      settle(id, first->first);
      remove_if_empty(first);
    }
  }

  template <class Visit>
  void for_each(const Visit& visit) {
    for (const Slot& slot : slots_) {
      if (slot.id != kNone) visit(record(slot.id));
    }
  }

  // All of it, ids too, so that what goes on from a copy expires and evicts as the original would. `each(archive, record)`
  // has a record's own fields, but for `key` and `last`. read() is for a new one; of bytes that are none of write()'s it
  // leaves something that may only be destroyed, and the archive says so.
  template <class A, class Each>
  void write(A& a, const Each& each) const;
  template <class A, class Each>
  void read(A& a, const Each& each);

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  static constexpr int kFirstBits = 6;
  static constexpr size_t kChunk = 1024;  // records
  static constexpr size_t kAhead = 4;
  static constexpr size_t kPrefetched = 256;  // bytes of a record

  struct Slot {
    uint32_t tag = 0;
    uint32_t id = kNone;
  };
  struct Aged {
    Ms last;
    uint32_t id;
    friend bool operator>(const Aged& a, const Aged& b) { return a.last != b.last ? a.last > b.last : a.id > b.id; }
  };
  // Groups by the time of their last event when they came here; it may have grown since.
  struct Bucket {
    std::vector<uint32_t> ids;
    std::vector<Aged> heap;  // in place of `ids` from the first eviction on: the oldest on top
    bool by_age = false;

    bool empty() const { return ids.empty() && heap.empty(); }
    uint32_t take_any() {
      const uint32_t id = by_age ? heap.back().id : ids.back();
      by_age ? heap.pop_back() : ids.pop_back();
      return id;
    }
  };
  using Buckets = std::map<Ms, Bucket>;

  static uint32_t tag_of(const Fingerprint& key) { return static_cast<uint32_t>(key[0] >> 32); }
  size_t home(uint32_t tag) const { return tag >> (32 - bits_); }
  size_t next(size_t i) const { return (i + 1) & (slots_.size() - 1); }
  std::byte* room_of(uint32_t id) const { return chunks_[id / kChunk].get() + (id % kChunk) * stride_; }
  Record& record(uint32_t id) const { return *std::launder(reinterpret_cast<Record*>(room_of(id))); }
  Ms bucket_of(Ms at) const { return at >= 0 ? at / width_ : -((width_ - 1 - at) / width_); }

  Record& add(const Fingerprint& key, Ms at, size_t i) {
    if (size_ >= cap_) {
      evict();
      i = free_slot(tag_of(key));
    }
    if ((size_ + 1) * 8 > slots_.size() * 5 && bits_ < 32) {
      grow();
      i = free_slot(tag_of(key));
    }
    const uint32_t id = new_id();
    Record& added = place(id, key, at, i);
    put(id, at);
    return added;
  }

  Record& place(uint32_t id, const Fingerprint& key, Ms at, size_t i) {
    slots_[i] = {tag_of(key), id};
    ++size_;
    Record& added = *new (room_of(id)) Record();
    added.key = key;
    added.last = at;
    return added;
  }

  size_t free_slot(uint32_t tag) const {
    size_t i = home(tag);
    while (slots_[i].id != kNone) i = next(i);
    return i;
  }

  uint32_t new_id() {
    if (!free_.empty()) {
      const uint32_t id = free_.back();
      free_.pop_back();
      return id;
    }
    make_room(used_ + 1);
    return used_++;
  }

  void make_room(size_t records) {
    while (chunks_.size() * kChunk < records) {
      chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(kChunk * stride_));
    }
  }

  // Tags tell where a slot belongs, so growing reads no record.
  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    ++bits_;
    for (const Slot& slot : old) {
      if (slot.id != kNone) slots_[free_slot(slot.tag)] = slot;
    }
  }

  void put(uint32_t id, Ms last) {
    Bucket& bucket = buckets_[bucket_of(last)];
    if (!bucket.by_age) return bucket.ids.push_back(id);
    bucket.heap.push_back({last, id});
    std::push_heap(bucket.heap.begin(), bucket.heap.end(), std::greater<>());
  }

  void remove_if_empty(typename Buckets::iterator bucket) {
    if (bucket->second.empty()) buckets_.erase(bucket);
  }

  // One that was taken out of a bucket: off with it, or to where it belongs by now.
  void settle(uint32_t id, Ms bucket) {
    const Ms last = record(id).last;
    if (bucket_of(last) == bucket) return drop(id);
    put(id, last);
  }

  void evict() {
    ++evicted_;
    for (;;) {
      const auto first = buckets_.begin();
      Bucket& bucket = first->second;
      if (!bucket.by_age) order_by_age(*first);
      if (!bucket.empty()) {
        std::pop_heap(bucket.heap.begin(), bucket.heap.end(), std::greater<>());
        const Aged oldest = bucket.heap.back();
        bucket.heap.pop_back();
        const Ms last = record(oldest.id).last;
        last == oldest.last ? drop(oldest.id) : put(oldest.id, last);
        if (last == oldest.last) return remove_if_empty(first);
      }
      remove_if_empty(first);
    }
  }

  // A bucket is ordered once, when it is the oldest and its groups are evicted; those that moved on leave it.
  void order_by_age(std::pair<const Ms, Bucket>& at) {
    Bucket& bucket = at.second;
    const std::vector<uint32_t> ids = std::exchange(bucket.ids, {});
    bucket.by_age = true;
    for (uint32_t id : ids) {
      const Ms last = record(id).last;
      if (bucket_of(last) == at.first) {
        bucket.heap.push_back({last, id});
      } else {
        put(id, last);
      }
    }
    std::make_heap(bucket.heap.begin(), bucket.heap.end(), std::greater<>());
  }

  void drop(uint32_t id) {
    size_t i = home(tag_of(record(id).key));
    while (slots_[i].id != id) i = next(i);
    for (size_t j = next(i); slots_[j].id != kNone; j = next(j)) {  // close the gap
      const size_t from_home = (j - home(slots_[j].tag)) & (slots_.size() - 1);
      const size_t from_gap = (j - i) & (slots_.size() - 1);
      if (from_home < from_gap) continue;
      slots_[i] = slots_[j];
      i = j;
    }
    slots_[i].id = kNone;
    record(id).~Record();
    free_.push_back(id);
    --size_;
  }

  Ms width_;
  size_t stride_;
  size_t cap_;
  int bits_ = kFirstBits;
  size_t size_ = 0;
  size_t evicted_ = 0;
  uint32_t used_ = 0;
  std::vector<Slot> slots_;
  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  std::vector<uint32_t> free_;
  Buckets buckets_;
};

template <class Record>
template <class A, class Each>
void Groups<Record>::write(A& a, const Each& each) const {
  a.number(evicted_);
  a.number(used_);
  std::vector<bool> live(used_, true);
  a.count(free_.size());
  for (uint32_t id : free_) {
    a.number(id);
    live[id] = false;
  }
  for (uint32_t id = 0; id < used_; ++id) {
    if (!live[id]) continue;
    a.hash(record(id).key);
    a.time(record(id).last);
    each(a, record(id));
  }
  a.count(buckets_.size());
  for (const auto& [number, bucket] : buckets_) {
    a.time(number);
    a.number(uint32_t{bucket.by_age});
    a.count(bucket.ids.size() + bucket.heap.size());
    for (uint32_t id : bucket.ids) a.number(id);
    for (const Aged& aged : bucket.heap) {
      a.number(aged.id);
      a.time(aged.last);
    }
  }
}

template <class Record>
template <class A, class Each>
void Groups<Record>::read(A& a, const Each& each) {
  a.number(evicted_);
  uint32_t used = 0;
  a.number(used);
  a.require(used <= a.left());  // each takes a byte at least
  if (!a.ok()) return;
  std::vector<bool> expected(used, true);
  const auto claim = [&](uint32_t& id) {
    a.number(id);
    a.require(id < used && expected[id]);
    if (a.ok()) expected[id] = false;
    return a.ok();
  };
  for (size_t left = a.count(); left > 0; --left) {
    if (!claim(free_.emplace_back())) return free_.clear();
  }
  make_room(used);
  used_ = used;
  for (uint32_t id = 0; id < used; ++id) {
    if (!expected[id]) continue;
    Fingerprint key{};
    Ms last = 0;
    a.hash(key);
    a.time(last);
    if (!a.ok()) return;
    if ((size_ + 1) * 8 > slots_.size() * 5) grow();
    each(a, place(id, key, last, free_slot(tag_of(key))));
  }
  for (size_t left = a.count(); left > 0 && a.ok(); --left) {
    Ms number = 0;
    uint32_t by_age = 0;
    a.time(number);
    a.number(by_age);
    Bucket& bucket = buckets_[number];
    a.require(by_age <= 1 && bucket.empty());
    bucket.by_age = by_age != 0;
    size_t ids = a.count();
    a.require(ids > 0);
    for (; ids > 0 && a.ok(); --ids) {
      Aged aged{};
      if (!claim(aged.id)) break;
      if (bucket.by_age) a.time(aged.last);
      bucket.by_age ? bucket.heap.push_back(aged) : bucket.ids.push_back(aged.id);
    }
  }
  a.require(std::find(expected.begin(), expected.end(), true) == expected.end());
}

}  // namespace quanzu::rules
