#include "engine/effect.h"

#include <algorithm>

namespace quanzu {
namespace {

template <class Id>
void once(std::vector<Id>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

}  // namespace

void Effects::compact() {
  once(cases);
  once(residents);
  once(instructions);
  once(users);
  once(streams);
  once(packs);
  once(rules);
}

}  // namespace quanzu
