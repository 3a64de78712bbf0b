// Literals of four bytes and more, found wherever they stand in a value: one pass that hashes each four bytes into a bitmap,
// and a look at the literals behind a bit that is set. Each literal is known by the four of its bytes that are rarest among
// all, so that a bit is seldom set for nothing. Beside Hyperscan it knows its place: anywhere, at the start, at the end or
// the whole. Immutable once sealed; any thread.
#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace quanzu::rules {

class LiteralIndex {
 public:
  static constexpr size_t kMinSize = 4;
  enum class Place : uint8_t { kAnywhere, kStart, kEnd, kWhole };

  void add(std::string_view literal, Place place, uint32_t id);
  void seal();
  bool empty() const { return entries_.empty(); }

  // on_match(id), perhaps several times.
  template <class OnMatch>
  void find(std::string_view value, OnMatch&& on_match) const {
    if (entries_.empty() || value.size() < kMinSize) return;
    const char* const data = value.data();
    const uint64_t* const bitmap = bitmap_.data();  // named, so that on_match can't be thought to change them
    const unsigned shift = bitmap_shift_;
    const size_t last = value.size() - kMinSize;
    for (size_t i = 0; i <= last; ++i) {
      const uint32_t window = load(data + i);
      const uint32_t hash = window * kMultiplier;
      const uint32_t bit = hash >> shift;
      if (((bitmap[bit >> 6] >> (bit & 63U)) & 1U) != 0) [[unlikely]]
        confirm(value, i, window, hash, on_match);
    }
  }

 private:
  static constexpr uint32_t kMultiplier = 0x9E3779B1;

  struct Entry {
    uint32_t window = 0;  // the bytes that it is known by
    uint32_t offset = 0;  // where they stand in it
    uint32_t begin = 0;   // of the literal in text_
    uint32_t size = 0;
    uint32_t id = 0;
    Place place = Place::kAnywhere;
  };

  static uint32_t load(const char* bytes) {
    uint32_t out;
    std::memcpy(&out, bytes, sizeof out);
    return out;
  }

  template <class OnMatch>
  [[gnu::noinline]] void confirm(std::string_view value, size_t at, uint32_t window, uint32_t hash,
                                 OnMatch&& on_match) const {
    const uint32_t bucket = hash >> bucket_shift_;
    for (uint32_t i = buckets_[bucket]; i < buckets_[bucket + 1]; ++i) {
      const Entry& entry = entries_[i];
      if (entry.window != window || at < entry.offset) continue;
      const size_t begin = at - entry.offset;
      if (entry.size > value.size() - begin) continue;
      const bool starts = begin == 0;
      const bool ends = begin + entry.size == value.size();
      if ((entry.place == Place::kStart || entry.place == Place::kWhole) && !starts) continue;
      if ((entry.place == Place::kEnd || entry.place == Place::kWhole) && !ends) continue;
      if (std::memcmp(value.data() + begin, text_.data() + entry.begin, entry.size) == 0) on_match(entry.id);
    }
  }

  std::vector<uint64_t> bitmap_;
  std::vector<uint32_t> buckets_;  // of the hash's highest bits: entries_[buckets_[b] .. buckets_[b + 1]]
  std::vector<Entry> entries_;
  std::string text_;
  unsigned bitmap_shift_ = 0;
  unsigned bucket_shift_ = 0;
};

}  // namespace quanzu::rules
