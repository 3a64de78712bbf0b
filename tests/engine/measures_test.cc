#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "tests/engine/town.h"

using namespace quanzu;
using namespace quanzu::testing;
using namespace std::chrono_literals;

namespace {

// The street of docs/measures.md: 100 true exposures with a verdict, and what goes with them.
Town fast_team() {
  Town town;
  town.safe(75, true);
  town.lost(15, true);
  town.safe(5, false);
  town.lost(5, false);
  town.unsettled(2, Truth::kConfirmed, true);
  town.unsettled(1, Truth::kConfirmed, false);
  town.unsettled(1, Truth::kUnlabelled, true);
  town.unsettled(5, Truth::kUndetermined, false);
  town.refuted(12);
  town.immature(4);
  town.lost_before(2);
  town.transferred(1);
  for (int i = 0; i < 7; ++i) town.loop(2h, 1h);
  town.loop(2h, 3h);
  town.loop(2h, std::nullopt);
  town.loop(60 * kDay, std::nullopt);
  return town;
}

Town slow_team() {
  Town town;
  town.safe(46, true);
  town.lost(4, true);
  town.safe(8, false);
  town.lost(42, false);
  return town;
}

// Five exposures for the times: reached after 5, 10 and 20 minutes, one lost first, one still waiting.
Town waiting_town() {
  Town town;
  for (const Duration wait : {Duration(5min), Duration(10min), Duration(20min)}) {
    Exposure& out = town.add(Truth::kConfirmed);
    out.contacted_at = kT0 + wait / 5;
    out.reached_at = kT0 + wait;
  }
  Exposure& lost_first = town.add(Truth::kConfirmed);
  lost_first.contacted_at = kT0 + 2min;
  lost_first.lost_at = kT0 + 8min;
  lost_first.reached_at = kT0 + 9min;
  town.add(Truth::kUnlabelled);
  return town;
}

std::string decimal(const std::optional<double>& value) {
  if (!value) return "-";
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "%.3f", *value);
  return out.data();
}

std::string seconds(const std::optional<double>& value) {
  return value ? std::to_string(std::llround(*value)) : "-";
}

// A line as docs/measures.md shows it.
std::string line(const Measure& of) {
  const bool time = of.name.starts_with("time_");
  const auto& number = time ? seconds : decimal;
  std::string out = of.name + " " + std::to_string(of.numerator) + "/" + std::to_string(of.denominator) + " value " +
                    number(of.value) + " interval " + number(of.low) + ".." + number(of.high);
  if (of.bound_low) out += " bounds " + decimal(of.bound_low) + ".." + decimal(of.bound_high);
  if (of.immature > 0) out += " immature " + std::to_string(of.immature);
  for (const Excluded& each : of.excluded) out += " " + each.reason + " " + std::to_string(each.count);
  if (of.small) out += " small";
  return out;
}

}  // namespace

TEST_CASE("protected rate: 80 of 100 true exposures without a loss") {
  const Measure of = fast_team().one("protected_rate");
  CHECK(of.numerator == 80);
  CHECK(of.denominator == 100);
  CHECK(of.value == Approx(0.8));
  CHECK(*of.low == Approx(0.7112).margin(0.0001));
  CHECK(*of.high == Approx(0.8666).margin(0.0001));
  CHECK(*of.bound_low == Approx(80.0 / 109));  // S/(S+F+U+X), U = 3, X = 6
  CHECK(*of.bound_high == Approx(89.0 / 109));
  CHECK(of.immature == 4);
  CHECK_FALSE(of.small);
  REQUIRE(of.excluded.size() == 2);
  CHECK(of.excluded[0].reason == "lost_before_warning");
  CHECK(of.excluded[0].count == 2);
  CHECK(of.excluded[1].reason == "transferred_away");
  CHECK(of.excluded[1].count == 1);
  CHECK(of.definition.find("S/(S+F)") == 0);
}

TEST_CASE("dissuasion success rate: 75 of the 90 who were reached") {
  const Measure of = fast_team().one("dissuasion_success_rate");
  CHECK(of.numerator == 75);
  CHECK(of.denominator == 90);
  CHECK(*of.bound_low == Approx(75.0 / 93));  // 3 unsettled were reached
  CHECK(*of.bound_high == Approx(78.0 / 93));
  CHECK(of.immature == 4);
}

TEST_CASE("reach rate: 90 of 100") {
  const Measure of = fast_team().one("reach_rate");
  CHECK(of.numerator == 90);
  CHECK(of.denominator == 100);
  CHECK(*of.bound_low == Approx(90.0 / 109));
  CHECK(*of.bound_high == Approx(99.0 / 109));
}

TEST_CASE("lost after warning: the other 20 of 100") {
  const Measure of = fast_team().one("lost_after_warning_rate");
  CHECK(of.numerator == 20);
  CHECK(of.denominator == 100);
  CHECK(*of.bound_low == Approx(20.0 / 109));
  CHECK(*of.bound_high == Approx(29.0 / 109));
}

TEST_CASE("false alarm rate: 12 refuted among 115 decided") {
  const Measure of = fast_team().one("false_alarm_rate");
  CHECK(of.numerator == 12);
  CHECK(of.denominator == 115);  // S + F + U + refuted
  CHECK(*of.bound_low == Approx(12.0 / 121));
  CHECK(*of.bound_high == Approx(18.0 / 121));
}

TEST_CASE("closed loop rate: 7 of 9 instructions due, late and never are the other two") {
  const Measure of = fast_team().one("closed_loop_rate");
  CHECK(of.numerator == 7);
  CHECK(of.denominator == 9);
  CHECK(of.immature == 1);
  CHECK(of.small);
  CHECK(*of.bound_low == Approx(7.0 / 9));
  CHECK(*of.bound_high == Approx(7.0 / 9));
}

TEST_CASE("feedback at the due moment is in time, a millisecond later it isn't") {
  Town town;
  town.loop(2h, 2h);
  town.loop(2h, 2h + 1ms);
  CHECK(town.one("closed_loop_rate").numerator == 1);
  CHECK(town.one("closed_loop_rate").denominator == 2);
}

TEST_CASE("time to reach: who lost first or still waits was not reached") {
  const Measure reach = waiting_town().one("time_to_reach_s");
  CHECK(reach.numerator == 3);
  CHECK(reach.denominator == 5);
  CHECK(reach.value == 1200.0);  // 4/5, 3/5, 2/5: under one half after 20 minutes
  CHECK_FALSE(waiting_town().one("time_to_reach_p90_s").value);
  const Measure contact = waiting_town().one("time_to_first_contact_s");
  CHECK(contact.numerator == 4);
  CHECK(contact.denominator == 5);
  CHECK(contact.value == 120.0);
}

TEST_CASE("what happens after as_of has not happened yet") {
  const Town town = waiting_town();
  MeasureQuery query = town.query({"time_to_reach_s"});
  query.as_of = kT0 + 7min;
  const Measure of = measure(town.exposures, {}, query).value().front();
  CHECK(of.numerator == 1);
  CHECK(of.denominator == 5);
  CHECK_FALSE(of.value);
}

TEST_CASE("a slower team has the better success rate and the worse protected rate") {
  CHECK(slow_team().one("dissuasion_success_rate").value == Approx(0.92));
  CHECK(fast_team().one("dissuasion_success_rate").value == Approx(0.8333).margin(0.0001));
  CHECK(slow_team().one("protected_rate").value == Approx(0.54));
  CHECK(fast_team().one("protected_rate").value == Approx(0.80));
}

TEST_CASE("behind each figure stand as many cases or instructions as it says, in every group") {
  Town town = fast_team();
  for (size_t i = 0; i < town.exposures.size(); ++i) {
    town.exposures[i].area = i % 3 == 0 ? "" : "street/north";
    town.exposures[i].level = i % 2 == 0 ? Level::kHigh : Level::kLow;
  }
  for (size_t i = 0; i < town.loops.size(); ++i) town.loops[i].id = InstructionId(i + 1);
  for (const std::vector<std::string>& group_by :
       {std::vector<std::string>{}, {"area"}, {"level", "area"}, {"month", "fraud_type"}}) {
    MeasureQuery query = town.query();
    query.group_by = group_by;
    const std::vector<Measure> measures = measure(town.exposures, town.loops, query).value();
    for (const Measure& of : measures) {
      INFO(of.name);
      query.names = {of.name};
      const auto count = [&](Side side) {
        const Drilled found = drill(town.exposures, town.loops, query, of.group, side).value();
        CHECK((found.cases.empty() || found.instructions.empty()));
        return found.cases.size() + found.instructions.size();
      };
      uint64_t excluded = 0;
      for (const Excluded& each : of.excluded) excluded += each.count;
      CHECK(count(Side::kNumerator) == of.numerator);
      CHECK(count(Side::kDenominator) == of.denominator);
      CHECK(count(Side::kImmature) == of.immature);
      CHECK(count(Side::kExcluded) == excluded);
    }
  }
}

TEST_CASE("a drill names the cases themselves, and refuses what no figure has") {
  Town town;
  town.safe(1, true);
  town.lost(1, true);
  town.lost_before(1);
  const auto ids = [&](Side side) {
    return drill(town.exposures, {}, town.query({"protected_rate"}), {}, side).value().cases;
  };
  CHECK(ids(Side::kNumerator) == std::vector<CaseId>{CaseId(1)});
  CHECK(ids(Side::kDenominator) == std::vector<CaseId>{CaseId(1), CaseId(2)});
  CHECK(ids(Side::kExcluded) == std::vector<CaseId>{CaseId(3)});
  CHECK_FALSE(drill(town.exposures, {}, town.query({"no_rate"}), {}, Side::kNumerator));
  CHECK_FALSE(drill(town.exposures, {}, town.query(), {}, Side::kNumerator));
}

TEST_CASE("docs/measures.md shows these figures") {
  std::ifstream file(QUANZU_SOURCE_DIR "/docs/measures.md");
  REQUIRE(file.good());
  std::stringstream text;
  text << file.rdbuf();
  const std::string docs = text.str();
  std::vector<std::string> lines;
  for (const char* name : {"protected_rate", "dissuasion_success_rate", "reach_rate", "lost_after_warning_rate",
                           "false_alarm_rate", "closed_loop_rate"}) {
    lines.push_back(line(fast_team().one(name)));
  }
  for (const char* name : {"protected_rate", "dissuasion_success_rate", "reach_rate"}) {
    lines.push_back(line(slow_team().one(name)));
  }
  for (const char* name : {"time_to_first_contact_s", "time_to_reach_s"}) {
    lines.push_back(line(waiting_town().one(name)));
  }
  for (const std::string& each : lines) {
    INFO(each);
    CHECK(docs.find(each) != std::string::npos);
  }
  for (const std::string_view name : measure_names()) {
    INFO(name);
    CHECK(docs.find(name) != std::string::npos);
  }
}

TEST_CASE("a resident with many exposures widens the interval but not the value") {
  Town many = fast_team();
  for (Exposure& each : many.exposures) each.resident = ResidentId(each.resident.value() % 10 + 1);
  const Measure alone = fast_team().one("protected_rate");
  const Measure together = many.one("protected_rate");
  CHECK(together.value == alone.value);
  CHECK(*together.low < *alone.low - 0.1);
  CHECK(*together.high > *alone.high + 0.05);
  // 100 exposures of 10 residents, 10 each: n_eff = 100^2 / (10 * 10^2) = 10
  CHECK(*together.low == Approx(wilson(8, 10).low));
  CHECK(*together.high == Approx(wilson(8, 10).high));
}

TEST_CASE("exposures without a resident each stand alone") {
  Town town = fast_team();
  for (Exposure& each : town.exposures) each.resident = ResidentId();
  CHECK(*town.one("protected_rate").low == Approx(*fast_team().one("protected_rate").low));
}

TEST_CASE("nothing to count has counts, no value and no interval") {
  const auto rows = measure({}, {}, Town().query());
  REQUIRE(rows);
  CHECK(rows->size() == measure_names().size());
  for (const Measure& each : *rows) {
    CHECK(each.denominator == 0);
    CHECK_FALSE(each.value);
    CHECK_FALSE(each.low);
    CHECK_FALSE(each.bound_low);
    CHECK(each.small);
  }
}

TEST_CASE("unsettled exposures alone give bounds from nothing to everything") {
  Town town;
  town.unsettled(5, Truth::kUnlabelled, true);
  const Measure of = town.one("protected_rate");
  CHECK_FALSE(of.value);
  CHECK(of.bound_low == 0.0);
  CHECK(of.bound_high == 1.0);
}

TEST_CASE("small is under 20") {
  Town town;
  town.safe(19, true);
  CHECK(town.one("protected_rate").small);
  town.safe(1, true);
  CHECK_FALSE(town.one("protected_rate").small);
}

TEST_CASE("the period takes t0 from its first moment and leaves its last") {
  Town town;
  town.safe(3, true);
  MeasureQuery query = town.query({"protected_rate"});
  const auto counted = [&] { return measure(town.exposures, {}, query).value().front().denominator; };
  query.from = kT0;
  query.to = kT0 + 1ms;
  CHECK(counted() == 3);
  query.from = kT0 + 1ms;
  query.to = std::nullopt;
  CHECK(counted() == 0);
  query.from = std::nullopt;
  query.to = kT0;
  CHECK(counted() == 0);
}

TEST_CASE("groups partition the exposures") {
  Town town;
  town.safe(4, true);
  town.lost(2, true);
  town.exposures[0].area = "east";
  town.exposures[1].area = "east";
  town.exposures[2].area = "west";
  town.exposures[0].level = Level::kHigh;
  town.exposures[3].fraud_type = FraudType::kLoan;
  MeasureQuery query = town.query({"protected_rate"});
  query.group_by = {"area"};
  const std::vector<Measure> by_area = measure(town.exposures, {}, query).value();
  REQUIRE(by_area.size() == 3);
  CHECK(by_area[0].group == std::map<std::string, std::string>{{"area", "east"}});
  CHECK(by_area[0].denominator == 2);
  CHECK(by_area[1].group.at("area") == "none");
  CHECK(by_area[1].denominator == 3);
  CHECK(by_area[2].group.at("area") == "west");
  query.group_by = {"level", "fraud_type"};
  const std::vector<Measure> by_two = measure(town.exposures, {}, query).value();
  REQUIRE(by_two.size() == 3);
  CHECK(by_two[1].group == std::map<std::string, std::string>{{"level", "high"}, {"fraud_type", "none"}});
}

TEST_CASE("months are those of a calendar in China") {
  Town town;
  town.safe(1, true);
  town.exposures[0].t0 = parse_rfc3339("2026-10-31T16:00:00Z").value();
  town.loop(1h, 1h);
  MeasureQuery query = town.query({"protected_rate", "closed_loop_rate"});
  query.group_by = {"month"};
  const std::vector<Measure> rows = measure(town.exposures, town.loops, query).value();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].group.at("month") == "2026-11");
  CHECK(rows[1].group.at("month") == "2026-10");
}

TEST_CASE("a query that can't be answered is refused with what can be asked") {
  Town town;
  MeasureQuery query = town.query({"success"});
  auto refused = measure({}, {}, query);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::kInvalidArgument);
  CHECK(refused.error().field == "names");
  CHECK(refused.error().message.find("\"success\"") != std::string::npos);
  CHECK(refused.error().message.find("dissuasion_success_rate") != std::string::npos);
  query = town.query();
  query.group_by = {"operator"};
  refused = measure({}, {}, query);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().field == "group_by");
  query = town.query();
  query.from = query.to = kT0;
  CHECK(measure({}, {}, query).error().field == "from");
  query = town.query();
  query.horizon = Duration(0);
  CHECK(measure({}, {}, query).error().field == "horizon");
}
