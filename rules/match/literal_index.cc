#include "rules/match/literal_index.h"

#include <bit>
#include <unordered_map>

#include "engine/result.h"

namespace quanzu::rules {

namespace {

constexpr unsigned kBitsPerEntry = 64;  // of the bitmap: one in so many is set at most
constexpr unsigned kMinBits = 9, kMaxBits = 26;

}  // namespace

void LiteralIndex::add(std::string_view literal, Place place, uint32_t id) {
  const auto size = static_cast<uint32_t>(literal.size());
  ENSURE(size >= (place == Place::kAnywhere ? 1 : kWindow), "a literal that is too short for its place");
  if (size == 1) return bytes_.push_back({literal.front(), id});
  if (size < kWindow) {
    return shorts_.push_back({load<uint16_t>(literal.data()), size == 3, literal.back(), id});
  }
  entries_.push_back({0, 0, static_cast<uint32_t>(text_.size()), size, id, place});
  text_ += literal;
}

void LiteralIndex::seal() {
  if (!entries_.empty()) seal_long();
  if (shorts_.empty()) return;
  std::sort(shorts_.begin(), shorts_.end(), [](const Short& a, const Short& b) { return a.pair < b.pair; });
  pairs_.assign((size_t{1} << 16) / 64, 0);
  for (const Short& each : shorts_) pairs_[each.pair >> 6] |= uint64_t{1} << (each.pair & 63U);
}

void LiteralIndex::seal_long() {
  std::unordered_map<uint32_t, uint32_t> uses;  // of each four bytes in all literals
  const auto each_window = [this](const Entry& entry, auto&& on_window) {
    for (uint32_t i = 0; i + kWindow <= entry.size; ++i) on_window(i, load<uint32_t>(text_.data() + entry.begin + i));
  };
  for (const Entry& entry : entries_) {
    each_window(entry, [&](uint32_t, uint32_t window) { ++uses[window]; });
  }
  for (Entry& entry : entries_) {
    uint32_t fewest = UINT32_MAX;
    each_window(entry, [&](uint32_t offset, uint32_t window) {
      if (uses[window] >= fewest) return;
      fewest = uses[window];
      entry.window = window;
      entry.offset = offset;
    });
  }
  const auto bits_for = [](size_t count) {
    return std::clamp(static_cast<unsigned>(std::bit_width(count)), kMinBits, kMaxBits);
  };
  const unsigned bitmap_bits = bits_for(entries_.size() * kBitsPerEntry);
  const unsigned bucket_bits = bits_for(entries_.size());
  bitmap_shift_ = 32 - bitmap_bits;
  bucket_shift_ = 32 - bucket_bits;
  const auto hash = [](const Entry& entry) { return entry.window * kMultiplier; };
  std::sort(entries_.begin(), entries_.end(), [&](const Entry& a, const Entry& b) { return hash(a) < hash(b); });
  bitmap_.assign((size_t{1} << bitmap_bits) / 64, 0);
  buckets_.assign((size_t{1} << bucket_bits) + 1, 0);
  for (const Entry& entry : entries_) {
    const uint32_t bit = hash(entry) >> bitmap_shift_;
    bitmap_[bit >> 6] |= uint64_t{1} << (bit & 63U);
    ++buckets_[(hash(entry) >> bucket_shift_) + 1];
  }
  for (size_t i = 1; i < buckets_.size(); ++i) buckets_[i] += buckets_[i - 1];
}

}  // namespace quanzu::rules
