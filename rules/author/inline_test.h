// The tests that stand beside a rule: their events go through the compiled program in order, and the rule must raise the
// alerts that the test expects and no others. What other rules of the pack do there is not looked at. A correlation sees
// every rule of the pack; the group that a test expects is its values, with slashes between several. One thread.
#pragma once
#include <string>
#include <vector>

#include "rules/match/program.h"

namespace quanzu::rules {

struct TestResult {
  std::string rule;  // id
  std::string name;  // of the test
  std::string file;
  Mark mark;
  std::string diff;  // lines that begin with "  "; empty where the test passed

  bool passed() const { return diff.empty(); }
};

// In the order of the pack: rules, then correlations.
std::vector<TestResult> run_tests(const Program& program);

}  // namespace quanzu::rules
