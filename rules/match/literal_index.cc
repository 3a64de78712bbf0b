#include "rules/match/literal_index.h"

#include <algorithm>
#include <bit>
#include <unordered_map>

#include "engine/result.h"

namespace quanzu::rules {

namespace {

constexpr unsigned kMinBits = 5, kMaxBits = 26;  // of the number of buckets

// MurmurHash3's fmix32 (Appleby).
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
  Entry entry{.size = static_cast<uint32_t>(literal.size()), .space = space};
  entry.id = id;
  entry.place = static_cast<uint32_t>(place);
  pending_.push_back({entry, std::string(literal)});
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
  pending_ = {};
}

void LiteralIndex::choose_windows() {
  std::unordered_map<uint32_t, uint32_t> uses;  // of each four bytes in all literals
  const auto each_window = [](const std::string& literal, auto&& on_window) {
    const size_t count = literal.size() < kWindow ? 0 : std::min<size_t>(literal.size() - kWindow, UINT16_MAX) + 1;
    for (size_t i = 0; i < count; ++i) on_window(static_cast<uint16_t>(i), load<uint32_t>(literal.data() + i));
  };
  for (const Pending& pending : pending_) each_window(pending.literal, [&](uint16_t, uint32_t at) { ++uses[at]; });
  for (auto& [entry, literal] : pending_) {
    const auto place = static_cast<Place>(entry.place);
    const uint32_t size = window_size(entry.size, place);
    const char* const bytes = literal.data();
    uint32_t chosen = window_at(is_at_end(place) ? bytes + entry.size - size : bytes, size);
    uint32_t fewest = UINT32_MAX;
    if (!is_anchored(entry.size, place)) {
      each_window(literal, [&](uint16_t offset, uint32_t window) {
        if (uses[window] >= fewest) return;
        fewest = uses[window];
        chosen = window;
        entry.offset = offset;
      });
    }
    entry.key = key_of(chosen, spaces_[entry.space], size);
  }
}

void LiteralIndex::fill_tables() {
  const unsigned bits = std::clamp(static_cast<unsigned>(std::bit_width(pending_.size())), kMinBits, kMaxBits);
  bucket_shift_ = 32 - bits;
  std::sort(pending_.begin(), pending_.end(), [](const Pending& a, const Pending& b) {
    return WindowFilter::hash(a.entry.key) < WindowFilter::hash(b.entry.key);
  });
  for (Space& space : spaces_) {
    space.filter = WindowFilter(space.count);
    space.shorts.seal();
  }
  buckets_.assign((size_t{1} << bits) + 1, 0);
  size_t words = 0;
  for (const Pending& pending : pending_) words += words_of(pending.entry.size);
  ENSURE(words <= UINT32_MAX, "less than 16 GB of literals");
  words_.assign(words, 0);
  words = 0;
  for (const auto& [entry, literal] : pending_) {
    spaces_[entry.space].filter.add(entry.key);
    auto* const to = reinterpret_cast<char*>(words_.data() + words);
    std::memcpy(to, &entry, sizeof entry);
    std::memcpy(to + sizeof entry, literal.data(), literal.size());
    words += words_of(entry.size);
    buckets_[bucket_of(entry.key) + 1] = static_cast<uint32_t>(words);
  }
  for (size_t i = 1; i < buckets_.size(); ++i) buckets_[i] = std::max(buckets_[i], buckets_[i - 1]);
}

size_t LiteralIndex::bytes() const {
  size_t bytes = (words_.size() + buckets_.size()) * sizeof(uint32_t);
  for (const Space& space : spaces_) bytes += sizeof space + space.filter.bytes();
  return bytes;
}

}  // namespace quanzu::rules
