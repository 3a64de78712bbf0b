// The test program's main, and a reporter that names what failed and closes with the line that `./dev test` adds up.
#define CATCH_CONFIG_MAIN
#include <iostream>

#include "tests/catch.h"
#include "tests/skip.h"

namespace {

class SummaryReporter : public Catch::ConsoleReporter {
 public:
  using ConsoleReporter::ConsoleReporter;
  static std::string getDescription() { return "Failures as on the console, and one closing line of counts"; }
  void testCaseEnded(const Catch::TestCaseStats& stats) override {
    ConsoleReporter::testCaseEnded(stats);
    if (stats.totals.testCases.failed > 0) {
      ++failed_;
    } else {
      ++passed_;
    }
  }
  void testRunEnded(const Catch::TestRunStats& stats) override {
    ConsoleReporter::testRunEnded(stats);
    const auto& reasons = quanzu::tests::skipped();
    for (const std::string& reason : reasons) stream << "skipped: " << reason << '\n';
    const size_t skipped = std::min(passed_, reasons.size());
    stream << passed_ - skipped << " passed, " << failed_ << " failed, " << skipped << " skipped" << std::endl;
  }

 private:
  size_t passed_ = 0;
  size_t failed_ = 0;
};
CATCH_REGISTER_REPORTER("quanzu", SummaryReporter)

}  // namespace

std::vector<std::string>& quanzu::tests::skipped() {
  static std::vector<std::string> reasons;
  return reasons;
}
