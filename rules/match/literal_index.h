// Literals found wherever they stand in a value, in one pass: each four bytes of the value are hashed into a bitmap, and the
// literals behind a bit that is set are looked at. A literal is known by the four of its bytes that are rarest among all,
// so that a bit is seldom set for nothing; one of two or three bytes by all of them, in a pass of their own. Beside Hyperscan
// it knows its place: anywhere, at the start, at the end or the whole. Immutable once sealed; any thread.
#pragma once
#include <array>
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
  bool empty() const {
    return tables_[0].entries.empty() && tables_[1].entries.empty() && tables_[2].entries.empty() && bytes_.empty();
  }

  // on_match(id), perhaps several times.
  template <class OnMatch>
  void find(std::string_view value, OnMatch&& on_match) const {
    find_windows<4>(value, on_match);
    find_windows<3>(value, on_match);
    find_windows<2>(value, on_match);
    for (const Byte& byte : bytes_) {
      if (value.find(byte.byte) != std::string_view::npos) on_match(byte.id);
    }
  }

 private:
  struct Entry {
    uint32_t window = 0;  // the bytes that it is known by
    uint32_t offset = 0;  // where they stand in it
    uint32_t begin = 0;   // of the literal in text_
    uint32_t size = 0;
    uint32_t id = 0;
    Place place = Place::kAnywhere;
  };
  struct Table {  // of windows of one size
    std::vector<uint64_t> bitmap;
    std::vector<uint32_t> buckets;  // of the hash's highest bits: entries[buckets[b] .. buckets[b + 1]]
    std::vector<Entry> entries;
    unsigned bitmap_shift = 0;
    unsigned bucket_shift = 0;

    void seal();
  };
  struct Byte {
    char byte = 0;
    uint32_t id = 0;
  };

  static uint32_t hash(uint32_t window) { return window * 0x9E3779B1; }
  template <class Word>
  static Word load(const char* bytes) {
    Word out;
    std::memcpy(&out, bytes, sizeof out);
    return out;
  }
  template <size_t kSize>
  static uint32_t window_at(const char* bytes) {
    if constexpr (kSize == 4) return load<uint32_t>(bytes);
    const uint32_t pair = load<uint16_t>(bytes);
    return kSize == 2 ? pair : pair | uint32_t{static_cast<uint8_t>(bytes[2])} << 16;
  }
  static uint32_t window_of(std::string_view bytes);
  void choose_windows();
  Table& table_of(size_t window) { return tables_[kWindow - window]; }

  // Of four bytes and more. Eight at a time, the last of them twice perhaps: literals are too short for a call to pay.
  static bool same(const char* a, const char* b, size_t size) {
    if (size < 8) {
      const uint32_t heads = load<uint32_t>(a) ^ load<uint32_t>(b);
      return (heads | (load<uint32_t>(a + size - 4) ^ load<uint32_t>(b + size - 4))) == 0;
    }
    for (size_t i = 0; i + 8 < size; i += 8) {
      if (load<uint64_t>(a + i) != load<uint64_t>(b + i)) return false;
    }
    return load<uint64_t>(a + size - 8) == load<uint64_t>(b + size - 8);
  }

  template <size_t kSize, class OnMatch>
  void find_windows(std::string_view value, OnMatch&& on_match) const {
    const Table& table = tables_[kWindow - kSize];
    if (table.entries.empty() || value.size() < kSize) return;
    const char* const data = value.data();
    const uint64_t* const bitmap = table.bitmap.data();  // named, so that on_match can't be thought to change them
    const unsigned shift = table.bitmap_shift;
    const size_t last = value.size() - kSize;
    for (size_t i = 0; i <= last; ++i) {
      const uint32_t window = window_at<kSize>(data + i);
      const uint32_t bit = hash(window) >> shift;
      if (((bitmap[bit >> 6] >> (bit & 63U)) & 1U) != 0) [[unlikely]]
        confirm<kSize>(table, value, i, window, on_match);
    }
  }

  template <size_t kSize, class OnMatch>
  [[gnu::noinline]] void confirm(const Table& table, std::string_view value, size_t at, uint32_t window,
                                 OnMatch&& on_match) const {
    const uint32_t bucket = hash(window) >> table.bucket_shift;
    for (uint32_t i = table.buckets[bucket]; i < table.buckets[bucket + 1]; ++i) {
      const Entry& entry = table.entries[i];
      if (entry.window != window) continue;
      if constexpr (kSize < kWindow) {
        on_match(entry.id);
      } else {
        if (stands(entry, value, at)) on_match(entry.id);
      }
    }
  }

  bool stands(const Entry& entry, std::string_view value, size_t at) const {
    if (at < entry.offset) return false;
    const size_t begin = at - entry.offset;
    if (entry.size > value.size() - begin) return false;
    const bool starts = begin == 0;
    const bool ends = begin + entry.size == value.size();
    if ((entry.place == Place::kStart || entry.place == Place::kWhole) && !starts) return false;
    if ((entry.place == Place::kEnd || entry.place == Place::kWhole) && !ends) return false;
    return same(value.data() + begin, text_.data() + entry.begin, entry.size);
  }

  std::array<Table, 3> tables_;  // of windows of 4, 3 and 2 bytes
  std::string text_;             // of the literals of four bytes and more
  std::vector<Byte> bytes_;
};

}  // namespace quanzu::rules
