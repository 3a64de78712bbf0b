// Draws a playbook as text: how a case opens, what each level asks for and by when, the ladder with where each result leads,
// and how a case ends. In Chinese or English. Pure; any thread.
#pragma once
#include <string>

#include "rules/playbook/file.h"

namespace quanzu::rules {

enum class Language : uint8_t { kChinese, kEnglish };
std::string show_playbook(const PlaybookFile& playbook, Language language);

}  // namespace quanzu::rules
