// What the tests beside a rule would not notice: each part of its condition is left out in turn (a selection, an item of one, a
// filter), and the tests are run. A part that no test misses is either not needed or not tested. Detection rules only.
// One thread; some milliseconds a part.
#pragma once
#include <string>
#include <vector>

#include "rules/lang/rule.h"

namespace quanzu::rules {

struct Unnoticed {
  std::string rule;  // id
  std::string file;
  Mark mark;
  std::string part;  // "the selection words", "the item text|contains: 转账"
};

struct Mutations {
  size_t tried = 0;
  std::vector<Unnoticed> unnoticed;
};

// Of the rules that have tests; the pack has no error.
Mutations mutate(const Pack& pack);

}  // namespace quanzu::rules
