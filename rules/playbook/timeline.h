// Runs the tests that stand beside a playbook: each timeline goes through a fresh engine that has this playbook, with ticks
// as a server makes them, and what it expects is compared when its moment has come. Pure; one thread.
#pragma once
#include <string>
#include <vector>

#include "rules/playbook/file.h"

namespace quanzu::rules {

struct TimelineResult {
  std::string name;
  Mark mark;
  std::string diff;  // lines that begin with "  "; empty where the test passed

  bool passed() const { return diff.empty(); }
};

// In the order of the file.
std::vector<TimelineResult> run_timelines(const PlaybookFile& playbook);

}  // namespace quanzu::rules
