// How many seats a promise needs ("90% of high in 60s": of the cases that come to the level while the team is on duty, so many
// are claimed in time): the scenario is played with one seat, two, ... until it holds. And Erlang's formula, to hold that
// against where its assumptions are met. One caller.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "simulator/world/world.h"

namespace quanzu::simulator {

struct Promise {
  double share = 0.9;
  Level level = Level::kHigh;  // and above
  Duration within{};
};
// "90% of high in 60s". Errors: kInvalidArgument that says how it is written.
Result<Promise> parse_promise(std::string_view text);

struct StaffingPoint {
  uint32_t seats = 0;
  double share = 0;
};
struct Staffing {
  Promise promise;
  std::string team;  // the first that calls
  std::vector<StaffingPoint> curve;
  std::optional<uint32_t> seats;  // the fewest that keep it; absent where kMostSeats don't
};
constexpr uint32_t kMostSeats = 64;

// Errors: kInvalidArgument where no team calls.
Result<Staffing> find_staffing(const Scenario& scenario, const runtime::SharedPacks& packs, const Promise& promise,
                               const WorldOptions& options);
std::string staffing_text(const Staffing& staffing);
std::string staffing_json(const Staffing& staffing);
std::string staffing_html(const Scenario& scenario, const Staffing& staffing);

// The share that waits no longer than `within` in M/M/c: Poisson arrivals, exponential service, first come, first served.
// A. K. Erlang, 1917. 0 where the seats can't keep up.
double erlang_c_within(double arrivals_per_s, double service_s, uint32_t seats, Duration within);

}  // namespace quanzu::simulator
