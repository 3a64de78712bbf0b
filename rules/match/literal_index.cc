#include "rules/match/literal_index.h"

#include <algorithm>
#include <bit>
#include <unordered_map>

#include "engine/result.h"

namespace quanzu::rules {

namespace {

constexpr unsigned kBitsPerEntry = 64;  // of the bitmap: one in so many is set at most
constexpr unsigned kMinBits = 9, kMaxBits = 26;

unsigned bits_for(size_t count) {
  return std::clamp(static_cast<unsigned>(std::bit_width(count)), kMinBits, kMaxBits);
}

}  // namespace

uint32_t LiteralIndex::window_of(std::string_view bytes) {
  uint32_t out = 0;
  std::memcpy(&out, bytes.data(), bytes.size());  // the first lowest, as window_at() has it
  return out;
}

void LiteralIndex::add(std::string_view literal, Place place, uint32_t id) {
  const auto size = static_cast<uint32_t>(literal.size());
  ENSURE(size >= (place == Place::kAnywhere ? 1 : kWindow), "a literal that is too short for its place");
  if (size == 1) return bytes_.push_back({literal.front(), id});
  if (size < kWindow) return table_of(size).entries.push_back({window_of(literal), 0, 0, size, id, place});
  table_of(kWindow).entries.push_back({0, 0, static_cast<uint32_t>(text_.size()), size, id, place});
  text_ += literal;
}

void LiteralIndex::seal() {
  choose_windows();
  for (Table& table : tables_) {
    if (!table.entries.empty()) table.seal();
  }
}

void LiteralIndex::choose_windows() {
  std::unordered_map<uint32_t, uint32_t> uses;  // of each four bytes in all literals
  const auto each_window = [this](const Entry& entry, auto&& on_window) {
    for (uint32_t i = 0; i + kWindow <= entry.size; ++i) on_window(i, load<uint32_t>(text_.data() + entry.begin + i));
  };
  for (const Entry& entry : table_of(kWindow).entries) {
    each_window(entry, [&](uint32_t, uint32_t window) { ++uses[window]; });
  }
  for (Entry& entry : table_of(kWindow).entries) {
    uint32_t fewest = UINT32_MAX;
    each_window(entry, [&](uint32_t offset, uint32_t window) {
      if (uses[window] >= fewest) return;
      fewest = uses[window];
      entry.window = window;
      entry.offset = offset;
    });
  }
}

void LiteralIndex::Table::seal() {
  const unsigned bitmap_bits = bits_for(entries.size() * kBitsPerEntry);
  const unsigned bucket_bits = bits_for(entries.size());
  bitmap_shift = 32 - bitmap_bits;
  bucket_shift = 32 - bucket_bits;
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return hash(a.window) < hash(b.window); });
  bitmap.assign((size_t{1} << bitmap_bits) / 64, 0);
  buckets.assign((size_t{1} << bucket_bits) + 1, 0);
  for (const Entry& entry : entries) {
    const uint32_t bit = hash(entry.window) >> bitmap_shift;
    bitmap[bit >> 6] |= uint64_t{1} << (bit & 63U);
    ++buckets[(hash(entry.window) >> bucket_shift) + 1];
  }
  for (size_t i = 1; i < buckets.size(); ++i) buckets[i] += buckets[i - 1];
}

}  // namespace quanzu::rules
