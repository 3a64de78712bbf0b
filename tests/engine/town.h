// A town of exposures, built up by counts, for the tests of measures: `safe(75, true)` adds 75 true exposures that were
// reached and lost nothing.
#pragma once
#include <string>
#include <vector>

#include "engine/measures.h"
#include "tests/catch.h"

namespace quanzu::testing {

inline const Instant kT0 = parse_rfc3339("2026-10-01T10:00:00+08:00").value();
constexpr Duration kDay = std::chrono::hours(24);
constexpr Duration kHorizon = 30 * kDay;
constexpr Duration kReachedAfter = std::chrono::minutes(10);

// A month of a street, built up by counts; every exposure has a resident of its own.
class Town {
 public:
  std::vector<Exposure> exposures;
  std::vector<ClosedLoop> loops;

  Exposure& add(Truth truth) {
    Exposure& out = exposures.emplace_back();
    out.id = CaseId(exposures.size());
    out.resident = ResidentId(static_cast<uint32_t>(exposures.size()));
    out.t0 = kT0;
    out.truth = truth;
    return out;
  }
  void safe(int count, bool reached) {
    for (int i = 0; i < count; ++i) {
      Exposure& out = add(Truth::kConfirmed);
      out.no_loss_at_horizon = true;
      if (reached) out.reached_at = kT0 + kReachedAfter;
    }
  }
  void lost(int count, bool reached) {
    for (int i = 0; i < count; ++i) {
      Exposure& out = add(Truth::kConfirmed);
      out.lost_at = kT0 + std::chrono::hours(1);
      if (reached) out.reached_at = kT0 + kReachedAfter;
    }
  }
  void unsettled(int count, Truth truth, bool reached) {
    for (int i = 0; i < count; ++i) {
      Exposure& out = add(truth);
      if (reached) out.reached_at = kT0 + kReachedAfter;
    }
  }
  void refuted(int count) {
    for (int i = 0; i < count; ++i) add(Truth::kRefuted);
  }
  void immature(int count) {
    for (int i = 0; i < count; ++i) add(Truth::kConfirmed).t0 = kT0 + 20 * kDay;
  }
  void lost_before(int count) {
    for (int i = 0; i < count; ++i) add(Truth::kConfirmed).lost_at = kT0 - std::chrono::hours(1);
  }
  void transferred(int count) {
    for (int i = 0; i < count; ++i) add(Truth::kUnlabelled).excluded = "transferred_away";
  }
  void loop(Duration due, std::optional<Duration> fed_back) {
    ClosedLoop& out = loops.emplace_back();
    out.issued_at = kT0;
    out.due = kT0 + due;
    if (fed_back) out.fed_back_at = kT0 + *fed_back;
  }

  MeasureQuery query(std::vector<std::string> names = {}) const {
    MeasureQuery out;
    out.names = std::move(names);
    out.as_of = kT0 + 31 * kDay;
    out.horizon = kHorizon;
    return out;
  }
  Measure one(const std::string& name) const {
    const auto rows = measure(exposures, loops, query({name}));
    REQUIRE(rows);
    REQUIRE(rows->size() == 1);
    return rows->front();
  }
};

}  // namespace quanzu::testing
