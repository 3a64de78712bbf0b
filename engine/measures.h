// Measures: counts with numerators and denominators over exposures, rebuilt at will from the cases (docs/measures.md).
// The only floating point of the engine is here, in what is shown; nothing of it returns into state.
#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/case.h"
#include "engine/instruction.h"

namespace quanzu {

// What a measure needs of a case. t0, L (lost_at), t1 (reached_at) and H are those of docs/measures.md.
struct Exposure {
  CaseId id;
  ResidentId resident;
  FraudType fraud_type = FraudType::kNone;
  Level level = Level::kNone;
  std::string area;
  Instant t0{};
  std::optional<Instant> lost_at;
  std::optional<Instant> reached_at;
  std::optional<Instant> contacted_at;  // first attempt of any result
  Truth truth = Truth::kUnlabelled;     // as labelled; a loss proves true
  bool no_loss_at_horizon = false;      // a follow-up at or past H says no loss
  std::string excluded;                 // "transferred_away", or empty
  bool closed = false;
};
Exposure exposure_of(const Case& of, std::string_view area, const Playbook& playbook);

struct ClosedLoop {  // of an instruction
  std::string area;
  FraudType fraud_type = FraudType::kNone;
  Level level = Level::kNone;
  Instant issued_at{};
  Instant due{};
  std::optional<Instant> fed_back_at;
};
ClosedLoop closed_loop_of(const Instruction& of, std::string_view area);

struct MeasureQuery {
  std::vector<std::string> names;     // empty: all
  std::optional<Instant> from;        // t0 in [from, to)
  std::optional<Instant> to;
  std::vector<std::string> group_by;  // area, level, fraud_type, month
  Instant as_of{};
  Duration horizon{};                 // H
};

struct Excluded {
  std::string reason;
  uint64_t count = 0;
};

struct Measure {
  std::string name;
  std::map<std::string, std::string> group;
  uint64_t numerator = 0;
  uint64_t denominator = 0;
  std::optional<double> value;       // absent where the denominator is zero
  std::optional<double> low, high;   // Wilson at 95% on n_eff = n^2 / sum(m_i^2)
  std::optional<double> bound_low, bound_high;
  uint64_t immature = 0;
  bool small = false;                // under 20: show counts alone
  std::vector<Excluded> excluded;
  std::string definition;
};

// Errors: kInvalidArgument with an unknown name or group.
Result<std::vector<Measure>> measure(std::span<const Exposure> exposures, std::span<const ClosedLoop> loops,
                                     const MeasureQuery& query);

// Wilson's score interval for k of n at z = 1.959964, n may be fractional (n_eff). E. B. Wilson, JASA 22 (1927).
struct Interval {
  double low = 0;
  double high = 1;
};
Interval wilson(double k, double n);

}  // namespace quanzu
