// The whole system under faults by seed: a dozen here, thousands in `./dev test --long` (simulator/faults/world.h).
#include "simulator/faults/world.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

using namespace quanzu;
using namespace quanzu::simulator;

namespace {

constexpr uint64_t kSeeds = 12;

class Runs {
 public:
  Runs() : folder_(fault_folder()), packs_(FaultPacks::make(folder_.path())) {
    if (!packs_) throw std::runtime_error(packs_.error().message);
  }
  FaultReport operator()(uint64_t seed) { return run_faults(seed, *packs_, folder_.path()); }

 private:
  quanzu::testing::TemporaryFolder folder_;
  Result<FaultPacks> packs_;
};

}  // namespace

TEST_CASE("faults: whatever fails, nothing acked is lost, nothing is twice, and the tables follow from the journal",
          "[faults]") {
  Runs run;
  uint64_t starts = 0;
  uint64_t power_cuts = 0;
  uint64_t lies = 0;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const FaultReport report = run(seed);
    INFO("again: quanzu simulate --faults " << seed);
    REQUIRE(report.wrong == "");
    CHECK(report.signals > 0);
    starts += report.starts;
    power_cuts += report.power_cuts;
    lies += report.lies;
  }
  // They were there, not only survived.
  CHECK(starts > 2 * kSeeds);
  CHECK(power_cuts + lies > 0);
}

TEST_CASE("faults: a seed is one history", "[faults]") {
  Runs run;
  for (const uint64_t seed : {3, 11}) {
    const FaultReport first = run(seed);
    const FaultReport again = run(seed);
    CHECK(first.digest == again.digest);
    CHECK(first.starts == again.starts);
    CHECK(first.blocks == again.blocks);
  }
}
