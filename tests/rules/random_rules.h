// What worlds of random rules share: a source of choices, and conditions of and, or and not over leaves that each world makes
// its own. Equal seeds make equal rules.
#pragma once
#include <random>
#include <vector>

#include "tests/rules/make_rule.h"

namespace quanzu::rules::testing {

class RandomRules {
 public:
  explicit RandomRules(uint32_t seed) : random_(seed) {}
  virtual ~RandomRules() = default;

  size_t below(size_t n) { return random_() % n; }
  template <class T>
  const T& one_of(const std::vector<T>& values) {
    return values[below(values.size())];
  }

 protected:
  virtual NodePtr leaf() = 0;

  NodePtr tree(int depth) {
    const size_t choice = depth == 0 ? 9 : below(10);
    if (choice >= 6) return leaf();
    if (choice == 5) return negated(tree(depth - 1));
    auto out = node(choice < 3 ? NodeType::kAnd : NodeType::kOr);
    for (size_t n = 1 + below(4); n > 0; --n) out->children.push_back(tree(depth - 1));
    return out;
  }

  // One to three of the pieces.
  std::string word_of(const std::vector<std::string>& pieces) {
    std::string out;
    for (size_t n = 1 + below(3); n > 0; --n) out += one_of(pieces);
    return out;
  }

 private:
  std::mt19937 random_;
};

}  // namespace quanzu::rules::testing
