#include "rules/match/string_index.h"

namespace quanzu::rules {

template <bool kReverse>
int AffixTable<kReverse>::compare(std::string_view a, std::string_view b) {
  if constexpr (!kReverse) return a.compare(b);
  const size_t common = std::min(a.size(), b.size());
  for (size_t i = 1; i <= common; ++i) {
    const auto x = static_cast<uint8_t>(a[a.size() - i]);
    const auto y = static_cast<uint8_t>(b[b.size() - i]);
    if (x != y) return x < y ? -1 : 1;
  }
  return a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : 0;
}

template <bool kReverse>
void AffixTable<kReverse>::add(std::string_view affix, uint32_t id) {
  entries_.push_back({std::string(affix), id, -1});
}

template <bool kReverse>
void AffixTable<kReverse>::seal() {
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) { return compare(a.affix, b.affix) < 0; });
  for (size_t i = 1; i < entries_.size(); ++i) {
    int32_t parent = static_cast<int32_t>(i) - 1;
    while (parent >= 0 && !is_affix(entries_[static_cast<size_t>(parent)].affix, entries_[i].affix)) {
      parent = entries_[static_cast<size_t>(parent)].parent;
    }
    entries_[i].parent = parent;
  }
}

template class AffixTable<false>;
template class AffixTable<true>;

}  // namespace quanzu::rules
