// A rule file that nobody has written yet, such as what an author types in the console: its problems, as load_pack tells them.
// Any thread; keeps nothing.
#pragma once
#include <string>

#include "rules/lang/rule.h"

namespace quanzu::rules {

// `name` is what the problems call the file. Lists are taken on trust; what other files hold counts as missing.
Pack load_text(std::string name, std::string text);

}  // namespace quanzu::rules
