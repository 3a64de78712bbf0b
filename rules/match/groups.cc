#include "rules/match/groups.h"

#include <algorithm>

namespace quanzu::rules {

AtomId GroupTable::intern(std::vector<AtomId> any_of, Subject subject) {
  std::sort(any_of.begin(), any_of.end());
  any_of.erase(std::unique(any_of.begin(), any_of.end()), any_of.end());
  const auto [at, is_new] = ids_.emplace(std::move(any_of), static_cast<AtomId>(atoms_ + groups_.size()));
  if (is_new) {
    groups_.members.insert(groups_.members.end(), at->first.begin(), at->first.end());
    groups_.begin.push_back(static_cast<uint32_t>(groups_.members.size()));
    groups_.subjects.push_back(subject);
  }
  return at->second;
}

}  // namespace quanzu::rules
