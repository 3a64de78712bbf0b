#include "rules/match/literal_index.h"

#include <algorithm>
#include <bit>
#include <unordered_map>

#include "engine/result.h"

namespace quanzu::rules {

namespace {

constexpr unsigned kMinBits = 5, kMaxBits = 26;  // of the number of buckets
constexpr uint32_t kMaxOfOneEnd = 16;            // literals known by one end: each is looked at where it stands

// MurmurHash3's fmix32 (Appleby).
uint32_t mixed(uint32_t number) {
  number = (number ^ (number >> 16)) * 0x85EBCA6B;
  number = (number ^ (number >> 13)) * 0xC2B2AE35;
  return number ^ (number >> 16);
}

// on_window(offset, window) for the four bytes at each offset that an entry can hold.
template <class OnWindow>
void each_window(const std::string& literal, OnWindow&& on_window) {
  constexpr size_t kSize = LiteralIndex::kWindow;
  const size_t count = literal.size() < kSize ? 0 : std::min<size_t>(literal.size() - kSize, UINT16_MAX) + 1;
  for (size_t i = 0; i < count; ++i) {
    uint32_t window = 0;
    std::memcpy(&window, literal.data() + i, kSize);
    on_window(static_cast<uint16_t>(i), window);
  }
}

}  // namespace

void LiteralIndex::add(uint16_t space, std::string_view literal, Place place, uint32_t id) {
  ENSURE(!literal.empty() || place != Place::kAnywhere, "an empty literal stands everywhere");
  ENSURE(id < 1U << 28U, "an id of 28 bits");
  while (spaces_.size() <= space) spaces_.push_back({.salt = mixed(static_cast<uint32_t>(spaces_.size()) + 1)});
  Entry entry{.size = static_cast<uint32_t>(literal.size()), .space = space};
  entry.id = id;
  entry.place = static_cast<uint32_t>(place);
  entry.known_by = static_cast<uint32_t>(known_by(entry.size, place));
  pending_.push_back({entry, std::string(literal)});
  ++spaces_[space].count;
}

void LiteralIndex::seal() {
  choose_windows();
  fill_spaces();
  fill_tables();
  pending_ = {};
}

// Of each four bytes in all literals, how often they stand there.
LiteralIndex::Uses LiteralIndex::count_windows() const {
  Uses uses;
  for (const Pending& pending : pending_) {
    each_window(pending.literal, [&](uint16_t, uint32_t window) { ++uses[window]; });
  }
  return uses;
}

void LiteralIndex::know_by_window(Pending& pending, const Uses& uses) const {
  auto& [entry, literal] = pending;
  entry.known_by = static_cast<uint32_t>(Known::kByWindow);
  const uint32_t size = window_size(entry.size, Known::kByWindow);
  uint32_t chosen = window_at(literal.data(), size);
  uint32_t fewest = UINT32_MAX;
  each_window(literal, [&](uint16_t offset, uint32_t window) {
    const uint32_t count = uses.at(window);
    if (count >= fewest) return;
    fewest = count;
    chosen = window;
    entry.offset = offset;
  });
  entry.key = key_of(chosen, spaces_[entry.space], size);
}

void LiteralIndex::choose_windows() {
  const Uses uses = count_windows();
  std::unordered_map<uint32_t, uint32_t> ends;  // by key
  const auto key_at_end = [this](const Pending& pending) {
    const uint32_t size = window_size(pending.entry.size, Known::kByEnd);
    const char* const at = pending.literal.data() + pending.entry.size - size;
    return key_of(window_at(at, size), spaces_[pending.entry.space], size);
  };
  for (const Pending& pending : pending_) {
    if (static_cast<Known>(pending.entry.known_by) == Known::kByEnd) ++ends[key_at_end(pending)];
  }
  for (Pending& pending : pending_) {
    Entry& entry = pending.entry;
    const Space& space = spaces_[entry.space];
    switch (static_cast<Known>(entry.known_by)) {
      case Known::kByWhole:
        entry.key = key_of(hash_of(pending.literal), space, kWholeValue);
        break;
      case Known::kByStart:
        entry.key = key_of(window_at(pending.literal.data(), entry.size), space, entry.size);
        break;
      case Known::kByEnd:
        entry.key = key_at_end(pending);
        // Thousands of hosts end like one whose names are free to take: who chooses such a name must not choose what it costs.
        if (entry.size > kWindow && ends[entry.key] > kMaxOfOneEnd) know_by_window(pending, uses);
        break;
      case Known::kByWindow:
        know_by_window(pending, uses);
    }
  }
}

// What each space is asked for.
void LiteralIndex::fill_spaces() {
  for (const auto& [entry, literal] : pending_) {
    Space& space = spaces_[entry.space];
    const auto known = static_cast<Known>(entry.known_by);
    const auto bit = static_cast<uint16_t>(1U << window_size(entry.size, known));
    if (known == Known::kByWhole) space.longest_whole = std::max(space.longest_whole, entry.size + 1);
    if (known == Known::kByStart) space.at_start |= bit;
    if (known == Known::kByEnd) space.at_end |= bit;
    if (known != Known::kByWindow) continue;
    space.anywhere |= bit;
    if (entry.size < kWindow) space.shorts.add(literal);
  }
  for (Space& space : spaces_) {
    space.filter = WindowFilter(space.count);
    space.shorts.seal();
  }
}

void LiteralIndex::fill_tables() {
  const unsigned bits = std::clamp(static_cast<unsigned>(std::bit_width(pending_.size())), kMinBits, kMaxBits);
  bucket_shift_ = 32 - bits;
  std::sort(pending_.begin(), pending_.end(), [](const Pending& a, const Pending& b) {
    return WindowFilter::hash(a.entry.key) < WindowFilter::hash(b.entry.key);
  });
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
