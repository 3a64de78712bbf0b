// Which literals a regular expression's matches contain: where they are all there is to it, it needs no automaton; else they
// say which texts are worth running it on. Pure; what is not understood gives fewer literals, never a wrong answer.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace quanzu::rules {

using Literals = std::vector<std::string>;

struct RegexAlternative {
  std::string pattern;  // as written
  Literals literals{};  // it matches where one of these stands, and only there; empty where it is more than that
  std::vector<Literals> required{};  // of each set every match contains one; empty where none is known
};

// The branches between a pattern's outermost bars: it matches where one of them does. One, the pattern itself, where it
// is not understood.
std::vector<RegexAlternative> alternatives_of(std::string_view pattern);

// Literals one of which is contained in every match; empty where none is known. The rarest such set by expected_hits().
Literals required_literals(std::string_view pattern);

// How many of 2^32 texts of a message's length might contain the literal, estimated from its length alone.
double expected_hits(std::string_view literal);
double expected_hits(const Literals& any_of);

}  // namespace quanzu::rules
