// Literals found wherever they stand in an event's values, all in one go. A literal is known by a window, a few of its bytes:
// one that stands anywhere by the four that are rarest among all, or by all where it has less; one at the end by up to eight
// bytes there, a whole value by a hash of it. Filters mark the windows of a value that may be some literal's, and the literals behind them are
// looked at for all values of an event together, so that memory is asked for early. Each literal belongs to a space and is
// looked for in its values only. Immutable once sealed; any thread, each with a Search of its own.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/match/short_filter.h"
#include "rules/match/window_filter.h"

namespace quanzu::rules {

class LiteralIndex {
 public:
  static constexpr uint32_t kWindow = WindowFilter::kWindow;
  enum class Place : uint8_t { kAnywhere, kStart, kEnd, kWhole };
  class Search;

  // An empty literal stands nowhere but at the start, at the end, or as the whole of an empty value. Ids below 2^28.
  void add(uint16_t space, std::string_view literal, Place place, uint32_t id);
  void seal();
  size_t bytes() const;

  // Looks through a value of the space, which stays as it is until settle(). on_match(id), perhaps several times, now or
  // then.
  template <class OnMatch>
  void look(uint16_t space, std::string_view value, Search& search, OnMatch&& on_match) const;
  template <class OnMatch>
  void settle(Search& search, OnMatch&& on_match) const;

 private:
  // Its literal's bytes stand behind it: what is looked at together lies together.
  struct Entry {
    uint32_t key = 0;  // of its window
    uint32_t size = 0;
    uint32_t id : 28 = 0;
    uint32_t place : 2 = 0;
    uint32_t known_by : 2 = 0;  // Known
    uint16_t offset = 0;        // of the window in the literal, where that says it not
    uint16_t space = 0;
  };
  struct Pending {  // until it is sealed
    Entry entry;
    std::string literal;
  };
  struct Space {
    uint32_t salt = 0;
    uint32_t count = 0;          // of its literals
    uint32_t longest_whole = 0;  // of those that are known by a whole value, with one byte more; 0: none
    uint16_t anywhere = 0;       // bit n: windows of n bytes are looked for anywhere
    uint16_t at_start = 0;       // likewise, at the start
    uint16_t at_end = 0;
    // Of each space its own, so that a small one stays in the nearest cache.
    WindowFilter filter{};
    ShortFilter shorts{};
  };
  static constexpr uint32_t kMaxAnchor = 8;
  static constexpr uint32_t kWholeValue = 9;  // as a window's size: a hash of the value

  enum class Known : uint8_t {
    kByWindow,  // wherever that is in a value
    kByStart,
    kByEnd,
    kByWhole,
  };
  // A long beginning is looked for as if it stood anywhere: its first bytes, a folder's name, are those of many.
  static Known known_by(uint32_t size, Place place) {
    if (place == Place::kWhole) return Known::kByWhole;
    if (place == Place::kEnd) return Known::kByEnd;
    return place == Place::kStart && size < kWindow ? Known::kByStart : Known::kByWindow;
  }
  static uint32_t window_size(uint32_t size, Known known) {
    if (known == Known::kByWhole) return kWholeValue;
    if (size < kWindow) return size;
    return known == Known::kByEnd ? std::min(size & ~1U, kMaxAnchor) : kWindow;  // of few sizes, each is looked for
  }
  size_t bucket_of(uint32_t key) const { return WindowFilter::hash(key) >> bucket_shift_; }
  template <class Word>
  static Word load(const char* bytes) {
    Word out;
    std::memcpy(&out, bytes, sizeof out);
    return out;
  }
  // Its bytes, or a hash of more than four of them.
  static uint32_t window_at(const char* bytes, uint32_t size) {
    const auto byte = [bytes](uint32_t i) { return uint32_t{static_cast<uint8_t>(bytes[i])}; };
    if (size > kWindow) {  // from both ends, which meet or overlap
      const uint64_t both = uint64_t{load<uint32_t>(bytes + size - 4)} << 32 | load<uint32_t>(bytes);
      return static_cast<uint32_t>(both * 0x9E3779B97F4A7C15 >> 32);
    }
    switch (size) {  // each in a register: a copy of three bytes would go through memory
      case 4:
        return load<uint32_t>(bytes);
      case 3:
        return load<uint16_t>(bytes) | byte(2) << 16;
      case 2:
        return load<uint16_t>(bytes);
      case 1:
        return byte(0);
      default:
        return 0;
    }
  }
  // Of a whole value.
  static uint32_t hash_of(std::string_view value) {
    constexpr uint64_t kFactor = 0x9E3779B97F4A7C15;
    uint64_t hash = value.size() * kFactor;
    const auto take = [&hash](uint64_t bytes) {
      hash = (hash ^ bytes) * kFactor;
      hash ^= hash >> 32;
    };
    const char* const data = value.data();
    if (value.size() >= 8) {  // the last eight twice perhaps
      for (size_t i = 0; i + 8 < value.size(); i += 8) take(load<uint64_t>(data + i));
      take(load<uint64_t>(data + value.size() - 8));
    } else if (value.size() >= 4) {
      take(uint64_t{load<uint32_t>(data)} << 32 | load<uint32_t>(data + value.size() - 4));
    } else {
      take(window_at(data, static_cast<uint32_t>(value.size())));
    }
    return static_cast<uint32_t>(hash);
  }
  // Windows of different sizes and spaces seldom have the same key; an entry tells them apart.
  static uint32_t key_of(uint32_t window, const Space& space, uint32_t size) {
    return window ^ (space.salt + size * 0x7F4A7C15);
  }
  using Uses = std::unordered_map<uint32_t, uint32_t>;
  Uses count_windows() const;
  void know_by_window(Pending& pending, const Uses& uses) const;
  void choose_windows();
  void fill_spaces();
  void fill_tables();
  template <class OnMatch>
  void look_at_probes(Search& search, OnMatch&& on_match) const;
  template <class OnMatch>
  void make_room(Search& search, OnMatch&& on_match) const;
  template <class OnMatch>
  void look_anywhere(const Space& space, std::string_view value, Search& search, OnMatch&& on_match) const;
  template <class OnMatch>
  void look_for_shorts(const Space& space, std::string_view value, Search& search, OnMatch&& on_match) const;
  // In words_, from one entry to the next.
  static size_t words_of(uint32_t size) { return (sizeof(Entry) + size + 3) / sizeof(uint32_t); }
  static bool is_known_by(const Entry& entry, uint32_t size) {
    return window_size(entry.size, static_cast<Known>(entry.known_by)) == size;
  }
  static bool stands(const Entry& entry, const char* literal, const char* at, std::string_view value);
  static bool same(const char* a, const char* b, size_t size);

  std::vector<Space> spaces_;
  std::vector<Pending> pending_;
  std::vector<uint32_t> buckets_;  // of the hash's highest bits: words_[buckets_[b] .. buckets_[b + 1]]
  std::vector<uint32_t> words_;    // of the entries
  unsigned bucket_shift_ = 0;
};

// What was seen of an event's values and not yet looked at. Of a fixed size: when it is full, it is settled.
class LiteralIndex::Search {
  friend class LiteralIndex;

  struct Value {
    std::string_view text;
    uint16_t space = 0;
  };
  struct Probe {  // a window whose bit is set
    const char* at = nullptr;
    uint32_t key = 0;
    uint16_t value = 0;
    uint16_t size = 0;
  };
  struct Bucket {
    uint32_t begin = 0;
    uint32_t end = 0;
  };
  static constexpr size_t kProbes = 1024;
  static constexpr size_t kValues = 256;
  static constexpr size_t kBlock = 512;  // of windows marked at a time
  static constexpr size_t kShortBlock =
      128;  // of places marked at a time, each of which may be the window of three sizes

  void add(const char* at, uint32_t key, uint32_t size) {
    probes_[probe_count_++] = {at, key, static_cast<uint16_t>(value_count_ - 1), static_cast<uint16_t>(size)};
  }
  template <class OnMark>
  void each_mark(size_t count, OnMark&& on_mark) const {
    for (size_t word = 0; word * 64 < count; ++word) {
      for (uint64_t marks = marks_[word]; marks != 0; marks &= marks - 1) {
        const size_t at = word * 64 + static_cast<size_t>(std::countr_zero(marks));
        if (at < count) on_mark(at);
      }
    }
  }

  size_t value_count_ = 0;
  size_t probe_count_ = 0;
  std::array<Value, kValues> values_;
  std::array<Probe, kProbes> probes_;
  std::array<Bucket, kProbes> buckets_;
  std::array<uint64_t, kBlock / 64 + 1> marks_;
};

template <class OnMatch>
void LiteralIndex::look(uint16_t number, std::string_view value, Search& search, OnMatch&& on_match) const {
  const Space& space = spaces_[number];
  if (search.value_count_ == Search::kValues) settle(search, on_match);
  search.values_[search.value_count_++] = {value, number};
  if ((space.anywhere >> kWindow & 1U) != 0) look_anywhere(space, value, search, on_match);
  if (!space.shorts.empty()) look_for_shorts(space, value, search, on_match);
  if (space.longest_whole == 0 && (space.at_start | space.at_end) == 0) return;
  make_room(search, on_match);
  if (value.size() < space.longest_whole) {
    const uint32_t key = key_of(hash_of(value), space, kWholeValue);
    if (space.filter.may_hold(key)) search.add(value.data(), key, kWholeValue);
  }
  const auto probe = [&](unsigned sizes, bool at_end) {
    for (; sizes != 0; sizes &= sizes - 1) {
      const auto size = static_cast<uint32_t>(std::countr_zero(sizes));
      if (size > value.size()) return;
      const char* const at = at_end ? value.data() + value.size() - size : value.data();
      const uint32_t key = key_of(window_at(at, size), space, size);
      if (space.filter.may_hold(key)) search.add(at, key, size);
    }
  };
  probe(space.at_start, false);
  probe(space.at_end, true);
}

template <class OnMatch>
void LiteralIndex::look_anywhere(const Space& space, std::string_view value, Search& search, OnMatch&& on_match) const {
  const uint32_t salt = key_of(0, space, kWindow);
  for (size_t begin = 0; begin + kWindow <= value.size(); begin += Search::kBlock) {
    make_room(search, on_match);
    const std::string_view text = value.substr(begin, Search::kBlock + kWindow - 1);
    space.filter.mark(text, salt, search.marks_.data());
    search.each_mark(text.size() - kWindow + 1, [&](size_t i) {
      const char* const at = text.data() + i;
      search.add(at, window_at(at, kWindow) ^ salt, kWindow);
    });
  }
}

template <class OnMatch>
void LiteralIndex::look_for_shorts(const Space& space, std::string_view value, Search& search,
                                   OnMatch&& on_match) const {
  for (size_t begin = 0; begin < value.size(); begin += Search::kShortBlock) {
    make_room(search, on_match);
    const std::string_view text = value.substr(begin, Search::kShortBlock + ShortFilter::kMaxSize - 1);
    space.shorts.mark(text, search.marks_.data());
    search.each_mark(std::min(text.size(), Search::kShortBlock), [&](size_t i) {
      for (uint32_t size = 1; size <= ShortFilter::kMaxSize && i + size <= text.size(); ++size) {
        if ((space.anywhere >> size & 1U) == 0) continue;
        const uint32_t key = key_of(window_at(text.data() + i, size), space, size);
        if (space.filter.may_hold(key)) search.add(text.data() + i, key, size);
      }
    });
  }
}

// For a block of windows of the value that is looked through.
template <class OnMatch>
void LiteralIndex::make_room(Search& search, OnMatch&& on_match) const {
  if (search.probe_count_ + Search::kBlock <= Search::kProbes) return;
  look_at_probes(search, on_match);
  search.values_[0] = search.values_[search.value_count_ - 1];
  search.value_count_ = 1;
}

template <class OnMatch>
void LiteralIndex::settle(Search& search, OnMatch&& on_match) const {
  look_at_probes(search, on_match);
  search.value_count_ = 0;
}

template <class OnMatch>
void LiteralIndex::look_at_probes(Search& search, OnMatch&& on_match) const {
  const size_t count = search.probe_count_;
  for (size_t i = 0; i < count; ++i) {
    __builtin_prefetch(buckets_.data() + bucket_of(search.probes_[i].key));
  }
  for (size_t i = 0; i < count; ++i) {
    const size_t bucket = bucket_of(search.probes_[i].key);
    search.buckets_[i] = {buckets_[bucket], buckets_[bucket + 1]};
    __builtin_prefetch(words_.data() + buckets_[bucket]);
  }
  for (size_t i = 0; i < count; ++i) {
    const Search::Probe& probe = search.probes_[i];
    const Search::Value& value = search.values_[probe.value];
    for (size_t at = search.buckets_[i].begin; at < search.buckets_[i].end;) {
      const auto* const bytes = reinterpret_cast<const char*>(words_.data() + at);
      const auto entry = load<Entry>(bytes);
      at += words_of(entry.size);
      if (entry.key != probe.key || entry.space != value.space || !is_known_by(entry, probe.size)) continue;
      if (stands(entry, bytes + sizeof entry, probe.at, value.text)) on_match(entry.id);
    }
  }
  search.probe_count_ = 0;
}

inline bool LiteralIndex::stands(const Entry& entry, const char* literal, const char* at, std::string_view value) {
  const auto place = static_cast<Place>(entry.place);
  const auto known = static_cast<Known>(entry.known_by);
  const uint32_t offset = known == Known::kByEnd ? entry.size - window_size(entry.size, known) : entry.offset;
  const auto before = static_cast<size_t>(at - value.data());
  if (before < offset) return false;
  const size_t begin = before - offset;
  if (entry.size > value.size() - begin) return false;
  if ((place == Place::kStart || place == Place::kWhole) && begin != 0) return false;
  if ((place == Place::kEnd || place == Place::kWhole) && begin + entry.size != value.size()) return false;
  return same(value.data() + begin, literal, entry.size);
}

// Eight at a time, the last of them twice perhaps: literals are too short for a call to pay.
inline bool LiteralIndex::same(const char* a, const char* b, size_t size) {
  if (size < 4) {
    for (size_t i = 0; i < size; ++i) {
      if (a[i] != b[i]) return false;
    }
    return true;
  }
  if (size < 8) {
    const uint32_t heads = load<uint32_t>(a) ^ load<uint32_t>(b);
    return (heads | (load<uint32_t>(a + size - 4) ^ load<uint32_t>(b + size - 4))) == 0;
  }
  for (size_t i = 0; i + 8 < size; i += 8) {
    if (load<uint64_t>(a + i) != load<uint64_t>(b + i)) return false;
  }
  return load<uint64_t>(a + size - 8) == load<uint64_t>(b + size - 8);
}

}  // namespace quanzu::rules
