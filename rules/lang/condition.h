// The condition of a rule: from text to a tree over selections.
//
//   or    := and ("or" and)*
//   and   := not ("and" not)*
//   not   := "not" not | "(" or ")" | ("1" | "all") "of" pattern | name
//
// Words are lower case; any white space separates; a name is what a selection is called, a pattern may hold `*` anywhere and
// "them" is every name without a leading underscore. Used by the parser of one file; one thread.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "rules/lang/yaml.h"

namespace quanzu::rules {

struct Selection {
  std::string name;
  Mark mark;
  NodePtr tree;       // null where its content was refused
  size_t nodes = 0;   // of the tree
  bool used = false;  // by a condition
};

NodePtr copy(const Node& node);
size_t count_nodes(const Node& node);

constexpr size_t kMostComparisons = 250'000;  // of a detection

// The tree with every selection copied into it; null where something was refused. Nested at most 100 deep, 64 KiB long,
// 250,000 nodes.
NodePtr parse_condition(const YamlNode& text, std::vector<Selection>& selections, Problems& problems);

}  // namespace quanzu::rules
