#include "rules/match/literal_index.h"

#include <algorithm>
#include <bit>
#include <unordered_map>

#include "engine/result.h"

namespace quanzu::rules {

namespace {

constexpr unsigned kMinBits = 5, kMaxBits = 26;  // of the number of buckets

// Steele, Lea, Flood: "Fast splittable pseudorandom number generators", the finalizer of its 32-bit kind.
uint32_t mixed(uint32_t number) {
  number = (number ^ (number >> 16)) * 0x85EBCA6B;
  number = (number ^ (number >> 13)) * 0xC2B2AE35;
  return number ^ (number >> 16);
}

}  // namespace

void LiteralIndex::add(uint16_t space, std::string_view literal, Place place, uint32_t id) {
  ENSURE(!literal.empty() || place != Place::kAnywhere, "an empty literal stands everywhere");
  ENSURE(id < 1U << 30U, "an id of 30 bits");
  while (spaces_.size() <= space) spaces_.push_back({.salt = mixed(static_cast<uint32_t>(spaces_.size()) + 1)});
  Entry entry{
      .begin = static_cast<uint32_t>(text_.size()), .size = static_cast<uint32_t>(literal.size()), .space = space};
  entry.id = id;
  entry.place = static_cast<uint32_t>(place);
  entries_.push_back(entry);
  text_ += literal;
  Space& known = spaces_[space];
  ++known.count;
  const uint32_t window = window_size(entry.size, place);
  const auto bit = static_cast<uint16_t>(1U << window);
  if (is_anchored(entry.size, place)) {
    (is_at_end(place) ? known.at_end : known.at_start) |= bit;
  } else {
    known.anywhere |= bit;
    if (window < kWindow) known.shorts.add(literal);
  }
}

void LiteralIndex::seal() {
  choose_windows();
  fill_tables();
}

void LiteralIndex::choose_windows() {
  std::unordered_map<uint32_t, uint32_t> uses;  // of each four bytes in all literals
  const auto each_window = [this](const Entry& entry, auto&& on_window) {
    const uint32_t last = std::min<uint32_t>(entry.size - kWindow, UINT16_MAX);
    for (uint32_t i = 0; i <= last; ++i) on_window(i, load<uint32_t>(text_.data() + entry.begin + i));
  };
  for (const Entry& entry : entries_) {
    if (entry.size >= kWindow) each_window(entry, [&](uint32_t, uint32_t window) { ++uses[window]; });
  }
  for (Entry& entry : entries_) {
    const auto place = static_cast<Place>(entry.place);
    const uint32_t size = window_size(entry.size, place);
    const char* const literal = text_.data() + entry.begin;
    uint32_t chosen = window_at(is_at_end(place) ? literal + entry.size - size : literal, size);
    uint32_t fewest = UINT32_MAX;
    if (!is_anchored(entry.size, place) && size == kWindow) {
      each_window(entry, [&](uint32_t offset, uint32_t window) {
        if (uses[window] >= fewest) return;
        fewest = uses[window];
        chosen = window;
        entry.offset = static_cast<uint16_t>(offset);
      });
    }
    entry.key = key_of(chosen, spaces_[entry.space], size);
  }
}

void LiteralIndex::fill_tables() {
  const unsigned bits = std::clamp(static_cast<unsigned>(std::bit_width(entries_.size())), kMinBits, kMaxBits);
  bucket_shift_ = 32 - bits;
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) { return WindowFilter::hash(a.key) < WindowFilter::hash(b.key); });
  buckets_.assign((size_t{1} << bits) + 1, 0);
  for (Space& space : spaces_) {
    space.filter = WindowFilter(space.count);
    space.shorts.seal();
  }
  for (const Entry& entry : entries_) {
    spaces_[entry.space].filter.add(entry.key);
    ++buckets_[bucket_of(entry.key) + 1];
  }
  for (size_t i = 1; i < buckets_.size(); ++i) buckets_[i] += buckets_[i - 1];
}

size_t LiteralIndex::bytes() const {
  size_t bytes = text_.size() + entries_.size() * sizeof(Entry) + buckets_.size() * sizeof(uint32_t);
  for (const Space& space : spaces_) bytes += sizeof space + space.filter.bytes();
  return bytes;
}

}  // namespace quanzu::rules
