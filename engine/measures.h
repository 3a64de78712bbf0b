// Measures: counts with numerators and denominators over exposures, rebuilt at will from the cases (docs/measures.md).
// The only floating point of the engine is here, in what is shown; nothing of it returns into state.
// Pure functions, called by whoever holds the exposures: the API, `quanzud measures`, the simulator.
#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/measure_definitions.h"

namespace quanzu {

struct MeasureQuery {
  std::vector<std::string> names;  // empty: all
  std::optional<Instant> from;     // t0 in [from, to); of closed_loop_rate, issued_at
  std::optional<Instant> to;
  std::vector<std::string> group_by;  // area, level, fraud_type, month (of t0, at +08:00)
  Instant as_of{};                    // what is younger than H then is immature, what is open then is censored
  Duration horizon{};                 // H: the playbook's, for which Exposure::no_loss_at_horizon was taken
};

struct Excluded {
  std::string reason;
  uint64_t count = 0;
};

struct Measure {
  std::string name;
  std::map<std::string, std::string> group;
  uint64_t numerator = 0;  // of a time: how many were contacted, or reached
  uint64_t denominator = 0;
  std::optional<double> value;      // absent where the denominator is zero, or a time's quantile isn't reached
  std::optional<double> low, high;  // 95%: Wilson on n_eff; of a time, from Kaplan-Meier's curve
  std::optional<double> bound_low, bound_high;  // all that is unsettled against the measure, and all for it
  uint64_t immature = 0;
  bool small = false;  // under 20: show counts alone
  std::vector<Excluded> excluded;
  std::string definition;
};

// By name in the query's order, then by group; a group that has nothing in the period has no row, and without group_by
// each name has one. Errors: kInvalidArgument with an unknown name or group, an empty period or no horizon.
Result<std::vector<Measure>> measure(std::span<const Exposure> exposures, std::span<const ClosedLoop> loops,
                                     const MeasureQuery& query);

// What stands behind one figure: the cases of its exposures, or of closed_loop_rate the instructions, by id. The denominator
// holds the numerator too, so that there are as many of them as the figure says.
struct Drilled {
  std::vector<CaseId> cases;
  std::vector<InstructionId> instructions;
};
// `query.names` holds the one measure, `group` its group as measure() gave it. Errors: as there.
Result<Drilled> drill(std::span<const Exposure> exposures, std::span<const ClosedLoop> loops, const MeasureQuery& query,
                      const std::map<std::string, std::string>& group, Side side);

// Every name that a query may ask for, in the order in which they are shown.
std::vector<std::string_view> measure_names();

}  // namespace quanzu
