// The first text of a rule file, by fraud type: a rule with tests of both sides that pass as they stand, for an author to
// change word by word. Pure; any thread.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace quanzu::rules {

enum class TemplateLanguage : uint8_t { kEnglish, kChinese };  // of titles, test names and comments

// The fraud types, and "correlation".
std::vector<std::string_view> template_names();

// `name` is one of them; an empty id becomes one of the name.
std::string rule_template(std::string_view name, std::string_view id, TemplateLanguage language);

}  // namespace quanzu::rules
