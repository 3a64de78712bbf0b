// From the bytes of a playbook's file (docs/playbooks.md) to its value, with every problem at once: line, column, what is
// wrong, the nearest correct form. Pure; any thread.
#pragma once
#include <optional>
#include <string_view>

#include "rules/lang/problems.h"
#include "rules/playbook/file.h"

namespace quanzu::rules {

// Nothing where the file holds no playbook at all; else what could be read, to be used only where problems has no error.
std::optional<PlaybookFile> read_playbook(std::string_view bytes, Problems& problems);

}  // namespace quanzu::rules
