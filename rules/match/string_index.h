// Atoms that a whole value, its beginning or its end answers, found by one lookup instead of a scan: a hash for whole
// values, a sorted table for beginnings, and one over reversed strings for ends. Immutable once sealed.
#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace quanzu::rules {

// Finds all strings of a set that are a prefix of a value (of its reverse, where kReverse).
// Sorted, each entry knows its longest proper prefix in the set. Whatever is a prefix of the value is a prefix of the
// greatest entry not above the value too, so one binary search and a walk of links find all.
template <bool kReverse>
class AffixTable {
 public:
  void add(std::string_view affix, uint32_t id);
  void seal();
  bool empty() const { return entries_.empty(); }

  template <class OnMatch>
  void find(std::string_view value, OnMatch&& on_match) const {
    size_t low = 0;
    size_t high = entries_.size();
    while (low < high) {
      const size_t middle = (low + high) / 2;
      if (compare(value, entries_[middle].affix) >= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    for (int32_t i = static_cast<int32_t>(low) - 1; i >= 0; i = entries_[static_cast<size_t>(i)].parent) {
      const Entry& entry = entries_[static_cast<size_t>(i)];
      if (is_affix(entry.affix, value)) on_match(entry.id);
    }
  }

 private:
  struct Entry {
    std::string affix;
    uint32_t id = 0;
    int32_t parent = -1;
  };
  static int compare(std::string_view a, std::string_view b);
  static bool is_affix(std::string_view affix, std::string_view value) {
    return kReverse ? value.ends_with(affix) : value.starts_with(affix);
  }
  std::vector<Entry> entries_;
};

class StringIndex {
 public:
  void add_whole(std::string_view value, uint32_t id) { whole_.emplace(value, id); }
  void add_prefix(std::string_view prefix, uint32_t id) { prefixes_.add(prefix, id); }
  void add_suffix(std::string_view suffix, uint32_t id) { suffixes_.add(suffix, id); }
  void seal() {
    prefixes_.seal();
    suffixes_.seal();
  }
  bool empty() const { return whole_.empty() && prefixes_.empty() && suffixes_.empty(); }

  template <class OnMatch>
  void find(std::string_view value, OnMatch&& on_match) const {
    if (!whole_.empty()) {
      const auto found = whole_.find(value);
      if (found != whole_.end()) on_match(found->second);
    }
    if (!prefixes_.empty()) prefixes_.find(value, on_match);
    if (!suffixes_.empty()) suffixes_.find(value, on_match);
  }

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view value) const { return std::hash<std::string_view>()(value); }
  };
  std::unordered_map<std::string, uint32_t, Hash, std::equal_to<>> whole_;
  AffixTable<false> prefixes_;
  AffixTable<true> suffixes_;
};

}  // namespace quanzu::rules
