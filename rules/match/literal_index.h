// Literals found wherever they stand in a value, in one pass: each four bytes of the value are hashed into a bitmap, and the
// literals behind a bit that is set are looked at. A literal is known by the four of its bytes that are rarest among all,
// so that a bit is seldom set for nothing; shorter ones by their first two. Beside Hyperscan it knows its place: anywhere,
// at the start, at the end or the whole. Immutable once sealed; any thread.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace quanzu::rules {

class LiteralIndex {
 public:
  static constexpr size_t kWindow = 4;  // shorter literals stand anywhere
  enum class Place : uint8_t { kAnywhere, kStart, kEnd, kWhole };

  // `literal` is not empty; one of less than kWindow bytes stands anywhere.
  void add(std::string_view literal, Place place, uint32_t id);
  void seal();
  bool empty() const { return entries_.empty() && shorts_.empty() && bytes_.empty(); }

  // on_match(id), perhaps several times.
  template <class OnMatch>
  void find(std::string_view value, OnMatch&& on_match) const {
    if (!entries_.empty()) find_long(value, on_match);
    if (!shorts_.empty()) find_short(value, on_match);
    for (const Byte& byte : bytes_) {
      if (value.find(byte.byte) != std::string_view::npos) on_match(byte.id);
    }
  }

 private:
  static constexpr uint32_t kMultiplier = 0x9E3779B1;

  void seal_long();

  struct Entry {
    uint32_t window = 0;  // the bytes that it is known by
    uint32_t offset = 0;  // where they stand in it
    uint32_t begin = 0;   // of the literal in text_
    uint32_t size = 0;
    uint32_t id = 0;
    Place place = Place::kAnywhere;
  };
  struct Short {  // two bytes or three
    uint16_t pair = 0;
    bool has_third = false;
    char third = 0;
    uint32_t id = 0;
  };
  struct Byte {
    char byte = 0;
    uint32_t id = 0;
  };

  template <class Word>
  static Word load(const char* bytes) {
    Word out;
    std::memcpy(&out, bytes, sizeof out);
    return out;
  }
  // Eight bytes at a time, the last of them twice perhaps: literals are too short for a call to pay.
  static bool same(const char* a, const char* b, size_t size) {
    if (size < 8)
      return ((load<uint32_t>(a) ^ load<uint32_t>(b)) |
              (load<uint32_t>(a + size - 4) ^ load<uint32_t>(b + size - 4))) == 0;
    for (size_t i = 0; i + 8 < size; i += 8) {
      if (load<uint64_t>(a + i) != load<uint64_t>(b + i)) return false;
    }
    return load<uint64_t>(a + size - 8) == load<uint64_t>(b + size - 8);
  }

  template <class OnMatch>
  void find_long(std::string_view value, OnMatch&& on_match) const {
    if (value.size() < kWindow) return;
    const char* const data = value.data();
    const uint64_t* const bitmap = bitmap_.data();  // named, so that on_match can't be thought to change them
    const unsigned shift = bitmap_shift_;
    const size_t last = value.size() - kWindow;
    for (size_t i = 0; i <= last; ++i) {
      const auto window = load<uint32_t>(data + i);
      const uint32_t hash = window * kMultiplier;
      const uint32_t bit = hash >> shift;
      if (((bitmap[bit >> 6] >> (bit & 63U)) & 1U) != 0) [[unlikely]]
        confirm(value, i, window, hash, on_match);
    }
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
      if (same(value.data() + begin, text_.data() + entry.begin, entry.size)) on_match(entry.id);
    }
  }

  template <class OnMatch>
  void find_short(std::string_view value, OnMatch&& on_match) const {
    const uint64_t* const pairs = pairs_.data();
    for (size_t i = 0; i + 2 <= value.size(); ++i) {
      const auto pair = load<uint16_t>(value.data() + i);
      if (((pairs[pair >> 6] >> (pair & 63U)) & 1U) != 0) [[unlikely]]
        confirm_short(value, i, pair, on_match);
    }
  }

  template <class OnMatch>
  [[gnu::noinline]] void confirm_short(std::string_view value, size_t at, uint16_t pair, OnMatch&& on_match) const {
    const auto before = [](const Short& a, uint16_t wanted) { return a.pair < wanted; };
    for (auto each = std::lower_bound(shorts_.begin(), shorts_.end(), pair, before);
         each != shorts_.end() && each->pair == pair; ++each) {
      if (!each->has_third || (at + 2 < value.size() && value[at + 2] == each->third)) on_match(each->id);
    }
  }

  std::vector<uint64_t> bitmap_;
  std::vector<uint32_t> buckets_;  // of the hash's highest bits: entries_[buckets_[b] .. buckets_[b + 1]]
  std::vector<Entry> entries_;
  std::string text_;
  unsigned bitmap_shift_ = 0;
  unsigned bucket_shift_ = 0;
  std::vector<uint64_t> pairs_;  // a bit for each two bytes
  std::vector<Short> shorts_;    // ascending by pair
  std::vector<Byte> bytes_;
};

}  // namespace quanzu::rules
