// quanzu simulate --scenario: a world in virtual time, without a server. What tool_simulate.cc hands over once it has read
// the command line. The main thread alone.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "cmd/tool.h"

namespace quanzu::tool {

struct WorldCommand {
  std::string scenario;
  std::string rules = "rules/packs";
  std::string report;
  std::optional<uint64_t> seed;
  std::optional<uint32_t> days;
  std::optional<uint32_t> residents;
  size_t workers = 2;
  uint32_t seeds = 0;    // so many, and one table of what the measures said of each
  std::string staffing;  // a promise: how many seats does it need?
  bool json = false;
};

Exit run_scenario(const WorldCommand& command);

}  // namespace quanzu::tool
