// SKIP for a framework that has none: a test that lacks its data says so, once, and returns. Counted by tests/main.cc.
#pragma once
#include <string>
#include <vector>

namespace quanzu::tests {

std::vector<std::string>& skipped();
inline void skip(std::string reason) { skipped().push_back(std::move(reason)); }

}  // namespace quanzu::tests
