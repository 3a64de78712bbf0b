// A world of its own: the same seed gives the same journal whatever the workers; without staff everybody meets their fate; and
// what the checker refuses, it names with its place.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "simulator/world/reversal.h"
#include "simulator/world/staffing.h"
#include "simulator/world/study.h"
#include "simulator/world/world.h"
#include "tests/catch.h"

using namespace quanzu;
using namespace quanzu::simulator;

namespace {

constexpr std::string_view kSmall = R"(
title: A small world
start: 2026-11-23T00:00:00+08:00
days: 2
population: {residents: 300, signals_per_resident_day: 4}
campaigns:
  - {type: impersonate_police, per_day: 2, victims: 15, instruction_per_mille: 500}
  - {type: brushing, per_day: 2, victims: 15}
staff:
  - {team: calls, seats: 2, hours: [8, 22], does: [call]}
  - {team: visits, seats: 1, hours: [8, 22], does: [visit]}
  - {team: desk, seats: 1, hours: [9, 18], does: [feedback, follow_up]}
)";

Scenario scenario_of(std::string_view text) {
  std::vector<rules::Problem> found;
  rules::Problems problems("small.yml", found);
  Scenario scenario = parse_scenario(text, problems);
  for (const rules::Problem& problem : found) FAIL_CHECK(rules::describe(problem));
  return scenario;
}

std::vector<std::string> problems_of(std::string_view text) {
  std::vector<rules::Problem> found;
  rules::Problems problems("bad.yml", found);
  parse_scenario(text, problems);
  std::vector<std::string> out;
  for (const rules::Problem& problem : found) out.push_back(rules::describe(problem));
  return out;
}

// The two packs that the campaigns are about: the others' models make a debug build slow.
runtime::SharedPacks packs() {
  static const runtime::SharedPacks compiled = [] {
    const std::string folder = std::string(QUANZU_SOURCE_DIR) + "/rules/packs/impersonate_police";
    Result<runtime::SharedPacks> made = runtime::compile_packs(folder, nullptr, *parse_rfc3339("2026-11-23T00:00:00Z"));
    REQUIRE(made);
    return *made;
  }();
  return compiled;
}

Outcome run(const Scenario& scenario, uint64_t seed, size_t workers) {
  WorldOptions options;
  options.seed = seed;
  options.workers = workers;
  return run_world(scenario, packs(), options);
}

void check_same_measures(const Outcome& a, const Outcome& b) {
  REQUIRE(a.measures.size() == b.measures.size());
  for (size_t i = 0; i < a.measures.size(); ++i) {
    INFO(a.measures[i].name);
    CHECK(a.measures[i].numerator == b.measures[i].numerator);
    CHECK(a.measures[i].denominator == b.measures[i].denominator);
    CHECK(a.measures[i].low == b.measures[i].low);
    CHECK(a.measures[i].high == b.measures[i].high);
  }
}

}  // namespace

TEST_CASE("a world's seed decides its journal, state and measures, with one worker, two or none", "[world]") {
  const Scenario scenario = scenario_of(kSmall);
  const Outcome none = run(scenario, 7, 0);
  const Outcome one = run(scenario, 7, 1);
  const Outcome two = run(scenario, 7, 2);
  const Outcome other = run(scenario, 8, 1);
  CHECK(none.journal_digest == one.journal_digest);
  CHECK(one.journal_digest == two.journal_digest);
  CHECK(one.state_digest == two.state_digest);
  check_same_measures(one, two);
  CHECK(other.journal_digest != one.journal_digest);
  CHECK(one.cases > 0);
  CHECK(one.attempts > 0);
}

TEST_CASE("where nobody warns, everybody meets their fate", "[world]") {
  Scenario scenario = scenario_of(kSmall);
  const Outcome warned = run(scenario, 7, 0);
  for (TeamPlan& team : scenario.teams) team.seats = 0;
  const Outcome alone = run(scenario, 7, 0);
  CHECK(alone.funnel.lures == warned.funnel.lures);
  CHECK(alone.funnel.would_pay.people == warned.funnel.would_pay.people);
  CHECK(alone.funnel.would_pay.fen == warned.funnel.would_pay.fen);
  CHECK(alone.funnel.paid.people == alone.funnel.would_pay.people);
  CHECK(alone.funnel.saved.people == 0);
  CHECK(warned.funnel.saved.people + warned.funnel.paid.people == warned.funnel.would_pay.people);
  CHECK(warned.funnel.saved.people > 0);
}

TEST_CASE("an outage of the feed delivers everything at its end, and warns of nothing before", "[world]") {
  Scenario scenario = scenario_of(kSmall);
  for (CampaignPlan& plan : scenario.campaigns) plan.instruction = 0;
  const Outcome whole = run(scenario, 7, 0);
  scenario.outages.push_back({std::chrono::hours(0), std::chrono::hours(48)});
  const Outcome late = run(scenario, 7, 0);
  CHECK(late.signals > whole.lawful);
  CHECK(late.by_day[0].cases + late.by_day[1].cases == 0);
  CHECK(late.cases > 0);
  CHECK(late.funnel.saved.people == 0);
}

TEST_CASE("a scenario's problems are all reported, each with its place", "[world]") {
  const std::vector<std::string> found = problems_of(R"(title: T
start: yesterday
days: 900
campaigns:
  - {type: lone, victims: 3}
  - {type: loan, grooming: {per_mile: 3}}
staff:
  - {team: a, does: [calls], hours: [9]}
peeple: {}
)");
  const auto says = [&](std::string_view place, std::string_view text) {
    INFO(place << " " << text);
    CHECK(std::any_of(found.begin(), found.end(), [&](const std::string& each) {
      return each.find(place) != std::string::npos && each.find(text) != std::string::npos;
    }));
  };
  says("bad.yml:2:8", "yesterday");
  says("bad.yml:3:7", "days is a whole number from 1 to 366");
  says("bad.yml:5:12", "loan");
  says("bad.yml:6:", "per_mille");
  says("bad.yml:8:", "call");
  says("bad.yml:8:", "hours are two");
  says("bad.yml:9:1", "people");
  CHECK(found.size() == 7);
}

TEST_CASE("every shipped scenario is read without a problem", "[world]") {
  size_t count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(QUANZU_SOURCE_DIR) + "/simulator/scenarios")) {
    if (entry.path().extension() != ".yml") continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    INFO(entry.path().string());
    CHECK_FALSE(scenario_of(text.str()).campaigns.empty());
    ++count;
  }
  CHECK(count == 7);
}

namespace {

// Four hundred calls a day at random moments, everybody answers, talk is exponential, nothing else takes time.
constexpr std::string_view kErlang = R"(
title: Erlang
start: 2026-11-23T00:00:00+08:00
days: 20
population: {residents: 100000, signals_per_resident_day: 0, stray_instructions_per_day: 400, stray_level: high}
campaigns: []
people: {answers_day_per_mille: 1000, answers_night_per_mille: 1000, refuses_per_mille: 0}
work: {dial_s: [0, 0], wrap_s: [0, 0], exponential_talk_s: 180}
staff:
  - {team: calls, seats: 1, does: [call]}
)";

void check_erlang(uint32_t days, double tolerance) {
  Scenario scenario = scenario_of(kErlang);
  scenario.days = days;
  const Result<Promise> promise = parse_promise("90% of high in 60s");
  REQUIRE(promise);
  WorldOptions options;
  options.workers = 0;
  const Result<Staffing> found = find_staffing(scenario, packs(), *promise, options);
  REQUIRE(found);
  CHECK(found->seats == 3);
  for (const StaffingPoint& point : found->curve) {
    const double expected = erlang_c_within(400.0 / 86'400, 180, point.seats, std::chrono::seconds(60));
    INFO(point.seats << " seats: " << point.share << " in time, Erlang says " << expected);
    if (point.seats > 1)
      CHECK(std::abs(point.share - expected) < tolerance);  // one seat's waits hang together for days
  }
}

}  // namespace

TEST_CASE("seats keep a promise as Erlang says, where his assumptions hold", "[world]") {
  check_erlang(1, 0.06);
}

TEST_CASE("twenty days of calls come closer to Erlang", "[.long][world]") {
  check_erlang(20, 0.02);
}

TEST_CASE("a promise is written in one way, and another is refused", "[world]") {
  CHECK(parse_promise("95% of critical in 10m")->within == std::chrono::minutes(10));
  for (const char* bad : {"", "90 of high in 60s", "0% of high in 60s", "101% of high in 60s", "90% of none in 60s",
                          "90% of high", "90% of high in soon"}) {
    INFO(bad);
    CHECK_FALSE(parse_promise(bad));
  }
}

TEST_CASE("a reversal is flagged where the better team has the harder cases, and not where it has the same",
          "[world]") {
  const Instant t0 = *parse_rfc3339("2026-11-23T00:00:00Z");
  const auto add = [&](std::vector<Exposure>& to, FraudType type, int safe, int lost) {
    for (int i = 0; i < safe + lost; ++i) {
      Exposure each;
      each.fraud_type = type;
      each.level = Level::kHigh;
      each.t0 = t0;
      each.truth = Truth::kConfirmed;
      each.no_loss_at_horizon = i < safe;
      if (i >= safe) each.lost_at = t0 + std::chrono::hours(1);
      to.push_back(each);
    }
  };
  // Charig and others, BMJ 292 (1986): 81/87 and 192/263 against 234/270 and 55/80.
  std::vector<Exposure> open, closed;
  add(open, FraudType::kLoan, 81, 6);
  add(open, FraudType::kDating, 192, 71);
  add(closed, FraudType::kLoan, 234, 36);
  add(closed, FraudType::kDating, 55, 25);
  const Duration horizon = std::chrono::days(30);
  const ProtectedComparison planted = compare_protected(open, closed, t0 + std::chrono::days(40), horizon);
  CHECK(planted.raw_a < planted.raw_b);
  CHECK(planted.standard_a > planted.standard_b);
  CHECK(planted.reversed());
  CHECK(planted.dropped == 0);
  CHECK_FALSE(compare_protected(open, open, t0 + std::chrono::days(40), horizon).reversed());
}
