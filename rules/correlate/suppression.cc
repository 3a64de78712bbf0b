#include "rules/correlate/suppression.h"

#include "rules/correlate/keys.h"

namespace quanzu::rules {

bool Suppression::tells(const Definition& definition, Ms at, std::string_view key, Ms settled,
                        const std::array<uint64_t, 2>& hash_key) {
  const Ms period = definition.suppress_for.count();
  if (period == 0) return true;
  SipHash hash(hash_key);
  if (definition.suppress_by.empty()) {
    hash.bytes(key);
  } else {
    const std::vector<std::string_view> values = split_key(key);
    for (uint32_t by : definition.suppress_by) hash.text(values[by]);
  }
  while (!order_.empty() && (order_.front().first <= settled - period || order_.size() > cap_)) {
    const auto& [when, whom] = order_.front();
    const auto told = told_.find(whom);
    if (told != told_.end() && told->second == when) told_.erase(told);
    order_.pop_front();
  }
  const Fingerprint by = hash.finish_wide();
  const auto [told, first] = told_.try_emplace(by, at);
  if (!first && at - told->second < period) return false;
  told->second = at;
  order_.emplace_back(at, by);
  return true;
}

// What is told lately follows from the order: of each the last.
void Suppression::write(StateWriter& out) const {
  out.count(order_.size());
  for (const auto& [when, whom] : order_) {
    out.time(when);
    out.hash(whom);
  }
}

void Suppression::read(StateReader& in) {
  for (size_t left = in.count(); left > 0 && in.ok(); --left) {
    auto& [when, whom] = order_.emplace_back();
    in.time(when);
    in.hash(whom);
    told_[whom] = when;
  }
}

}  // namespace quanzu::rules
