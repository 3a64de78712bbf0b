// The live groups of one correlation: open addressing over keyed fingerprints, records in chunks that never move, expiry
// by buckets of time. A lookup is one cache miss in the table and one in the record. Owned by rules/correlate/core, on its
// thread; the order of the table reaches nobody. 8 to 16 bytes a group beside its record, and 16 in a bucket.
#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
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

  void prefetch(const Fingerprint& key) const { __builtin_prefetch(&slots_[home(tag_of(key))]); }

  // The group of the key, made where there is none; at the cap the one with the oldest last event makes room.
  Record& open(const Fingerprint& key, Ms at) {
    const uint32_t tag = tag_of(key);
    size_t i = home(tag);
    for (; slots_[i].id != kNone; i = next(i)) {
      if (slots_[i].tag == tag && record(slots_[i].id).key == key) return record(slots_[i].id);
    }
    return add(key, at, i);
  }

  // Drops up to `steps` groups whose last event is before `horizon`.
  void expire(Ms horizon, int steps) {
    for (; steps > 0 && !buckets_.empty(); --steps) {
      auto first = buckets_.begin();
      if ((first->first + 1) * width_ > horizon) return;
      const Entry entry = first->second.entries.back();
      first->second.entries.pop_back();
      if (first->second.entries.empty()) buckets_.erase(first);
      settle(entry, [this](uint32_t id) { drop(id); });
    }
  }

  template <class Visit>
  void for_each(const Visit& visit) {
    for (const Slot& slot : slots_) {
      if (slot.id != kNone) visit(record(slot.id));
    }
  }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  static constexpr int kFirstBits = 6;
  static constexpr size_t kChunk = 1024;  // records

  struct Slot {
    uint32_t tag = 0;
    uint32_t id = kNone;
  };
  struct Entry {  // what the record's `last` was when it came here; it may have grown since
    Ms last;
    uint32_t id;
    friend bool operator>(const Entry& a, const Entry& b) { return a.last != b.last ? a.last > b.last : a.id > b.id; }
  };
  struct Bucket {
    std::vector<Entry> entries;
    bool heap = false;  // oldest on top, from the first eviction on
  };

  static uint32_t tag_of(const Fingerprint& key) { return static_cast<uint32_t>(key[0] >> 32); }
  size_t home(uint32_t tag) const { return tag >> (32 - bits_); }
  size_t next(size_t i) const { return (i + 1) & (slots_.size() - 1); }
  Record& record(uint32_t id) const {
    return *std::launder(reinterpret_cast<Record*>(chunks_[id / kChunk].get() + (id % kChunk) * stride_));
  }
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
    slots_[i] = {tag_of(key), id};
    ++size_;
    Record& added = *new (chunks_[id / kChunk].get() + (id % kChunk) * stride_) Record();
    added.key = key;
    added.last = at;
    put({at, id});
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
    if (used_ % kChunk == 0) chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(kChunk * stride_));
    return used_++;
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

  void put(const Entry& entry) {
    Bucket& bucket = buckets_[bucket_of(entry.last)];
    bucket.entries.push_back(entry);
    if (bucket.heap) std::push_heap(bucket.entries.begin(), bucket.entries.end(), std::greater<>());
  }

  // An entry that was taken out of its bucket: back where its group belongs by now, or off with it.
  template <class Off>
  bool settle(const Entry& entry, const Off& off) {
    const Ms last = record(entry.id).last;
    if (last == entry.last) {
      off(entry.id);
      return true;
    }
    put({last, entry.id});
    return false;
  }

  void evict() {
    for (bool done = false; !done;) {
      auto first = buckets_.begin();
      Bucket& bucket = first->second;
      if (!bucket.heap) std::make_heap(bucket.entries.begin(), bucket.entries.end(), std::greater<>());
      bucket.heap = true;
      std::pop_heap(bucket.entries.begin(), bucket.entries.end(), std::greater<>());
      const Entry oldest = bucket.entries.back();
      bucket.entries.pop_back();
      if (bucket.entries.empty()) buckets_.erase(first);
      done = settle(oldest, [this](uint32_t id) { drop(id); });
    }
    ++evicted_;
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
  std::map<Ms, Bucket> buckets_;
};

}  // namespace quanzu::rules
