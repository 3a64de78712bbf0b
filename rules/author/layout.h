// The one layout of a rule file: what `quanzu rules fmt` writes. The author's order, words, comments and line breaks stay;
// indentation, blank lines, the spaces of lists and maps, and quotes where YAML's typing surprises are made the same
// everywhere. Works on lines, since yaml-cpp's tree has no comments. Any thread; pure.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "rules/lang/rule.h"

namespace quanzu::rules {

struct Layout {
  std::string text;               // only where there is no problem
  std::vector<Problem> problems;  // what is no YAML, or can't be laid out without a change of what it says
};

// Gives either text that reads as the same documents with the same comments, and that it would leave as it is, or says
// why not.
Layout lay_out(const std::string& file, std::string_view bytes);

}  // namespace quanzu::rules
