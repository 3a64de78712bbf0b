#include "cmd/tool_faults.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <iostream>

#include "cmd/tool_feed.h"
#include "simulator/faults/world.h"

namespace quanzu::tool {
namespace {

namespace fs = std::filesystem;

void print(const simulator::FaultReport& report) {
  std::cout << report.signals << " signals, " << report.answers << " answers, " << report.blocks << " blocks, "
            << report.starts << " starts, " << report.power_cuts << " power cuts, " << report.lies << " lost flushes, "
            << report.digest << '\n';
}

Exit run(const simulator::FaultPacks& packs, const fs::path& folder, uint64_t first, uint64_t count, bool json) {
  simulator::FaultReport sum;
  for (uint64_t seed = first; seed - first < count; ++seed) {
    if (!json) std::cout << "seed " << seed << ": " << std::flush;  // a run that ends the process leaves its seed
    const simulator::FaultReport report = simulator::run_faults(seed, packs, folder);
    if (!json) print(report);
    if (!report.wrong.empty()) {
      if (!json) std::cout << seed - first << " passed, 1 failed\n";
      say("quanzu: seed " + std::to_string(seed) + ": " + report.wrong +
          "\n    its data: " + (folder / ("seed-" + std::to_string(seed))).string() +
          "; again: quanzu simulate --faults " + std::to_string(seed));
      return Exit::kFailed;
    }
    sum.signals += report.signals;
    sum.answers += report.answers;
    sum.blocks += report.blocks;
    sum.starts += report.starts;
    sum.power_cuts += report.power_cuts;
    sum.lies += report.lies;
  }
  if (!json) {
    std::cout << count << " passed, 0 failed\n";
  } else {
    std::cout << boost::json::serialize(boost::json::object{{"seeds", count},
                                                            {"signals", sum.signals},
                                                            {"answers", sum.answers},
                                                            {"blocks", sum.blocks},
                                                            {"starts", sum.starts},
                                                            {"power_cuts", sum.power_cuts},
                                                            {"lost_flushes", sum.lies}})
              << '\n';
  }
  return Exit::kOk;
}

}  // namespace

Exit simulate_faults(uint64_t first, uint64_t count, bool json) {
  spdlog::set_level(spdlog::level::off);  // servers that fail on purpose
  const fs::path folder = simulator::fault_folder() / ("quanzu-faults-" + std::to_string(::getpid()));
  std::error_code error;
  fs::create_directories(folder, error);
  const Result<simulator::FaultPacks> packs = simulator::FaultPacks::make(folder);
  if (!packs) {
    say("quanzu: " + packs.error().message);
    return Exit::kState;
  }
  const Exit exit = run(*packs, folder, first, count, json);
  if (exit == Exit::kOk) fs::remove_all(folder, error);
  return exit;
}

}  // namespace quanzu::tool
