// Judges a playbook that was read: steps that nothing leads to, dead ends and loops without a way out, ends that nobody can
// reach, clocks that contradict each other. Pure; any thread.
#pragma once
#include "rules/lang/problems.h"
#include "rules/playbook/file.h"

namespace quanzu::rules {

// Adds to the problems, each with its place.
void check_playbook(const PlaybookFile& playbook, Problems& problems);

}  // namespace quanzu::rules
