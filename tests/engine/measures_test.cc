#include "engine/measures.h"

#include <rapidcheck.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "tests/catch.h"

using namespace quanzu;
using namespace std::chrono_literals;

namespace {

const Instant kT0 = parse_rfc3339("2026-10-01T10:00:00+08:00").value();
const Duration kDay = 24h;
const Duration kHorizon = 30 * kDay;

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
      if (reached) out.reached_at = kT0 + 10min;
    }
  }
  void lost(int count, bool reached) {
    for (int i = 0; i < count; ++i) {
      Exposure& out = add(Truth::kConfirmed);
      out.lost_at = kT0 + 1h;
      if (reached) out.reached_at = kT0 + 10min;
    }
  }
  void unsettled(int count, Truth truth, bool reached) {
    for (int i = 0; i < count; ++i) {
      Exposure& out = add(truth);
      if (reached) out.reached_at = kT0 + 10min;
    }
  }
  void refuted(int count) {
    for (int i = 0; i < count; ++i) add(Truth::kRefuted);
  }
  void immature(int count) {
    for (int i = 0; i < count; ++i) add(Truth::kConfirmed).t0 = kT0 + 20 * kDay;
  }
  void lost_before(int count) {
    for (int i = 0; i < count; ++i) add(Truth::kConfirmed).lost_at = kT0 - 1h;
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

namespace {

// What would happen to a resident: when they would pay if nobody came, and whether they would listen.
struct Fate {
  std::optional<Duration> pays;
  std::optional<Duration> reached;
  bool listens = false;
};

Exposure lived(const Fate& fate, Duration delay, uint32_t resident) {
  Exposure out;
  out.resident = ResidentId(resident);
  out.t0 = kT0;
  out.truth = Truth::kConfirmed;
  if (fate.reached) out.reached_at = kT0 + *fate.reached + delay;
  const bool warned = out.reached_at && fate.pays && *out.reached_at < kT0 + *fate.pays;
  if (fate.pays && !(warned && fate.listens)) out.lost_at = kT0 + *fate.pays;
  out.no_loss_at_horizon = !out.lost_at;
  return out;
}

std::optional<Duration> random_moment() {
  const int minute = *rc::gen::inRange(-200, 600);
  return minute < 0 ? std::nullopt : std::optional<Duration>(std::chrono::minutes(minute));
}

std::vector<Fate> random_fates() {
  std::vector<Fate> out(*rc::gen::inRange<size_t>(1, 60));
  for (Fate& fate : out) {
    fate.pays = random_moment();
    fate.reached = random_moment();
    fate.listens = *rc::gen::arbitrary<bool>();
  }
  return out;
}

Town lived_town(const std::vector<Fate>& fates, Duration delay) {
  Town town;
  for (const Fate& fate : fates) town.exposures.push_back(lived(fate, delay, 1 + *rc::gen::inRange(0U, 20U)));
  return town;
}

Town random_town() {
  Town town = lived_town(random_fates(), Duration(0));
  for (Exposure& each : town.exposures) {
    each.truth = *rc::gen::element(Truth::kUnlabelled, Truth::kConfirmed, Truth::kConfirmed, Truth::kRefuted,
                                   Truth::kUndetermined);
    if (*rc::gen::inRange(0, 4) == 0) each.no_loss_at_horizon = false;
    if (*rc::gen::inRange(0, 9) == 0) each.excluded = "transferred_away";
    if (*rc::gen::inRange(0, 9) == 0) each.t0 += 10 * kDay;
  }
  return town;
}

const std::vector<std::string> kRates = {"protected_rate", "dissuasion_success_rate", "reach_rate",
                                         "lost_after_warning_rate", "false_alarm_rate"};

}  // namespace

TEST_CASE("protected is reach x success plus (1 - reach) x the safe share of the rest") {
  REQUIRE(rc::check("the identity, over any exposures", [] {
    const Town town = random_town();
    const Measure protection = town.one("protected_rate");
    const Measure success = town.one("dissuasion_success_rate");
    const Measure reach = town.one("reach_rate");
    RC_ASSERT(reach.denominator == protection.denominator);
    RC_ASSERT(reach.numerator == success.denominator);
    if (protection.denominator == 0) return;
    const auto rest = static_cast<double>(protection.denominator - success.denominator);
    const double safe_rest = rest > 0 ? static_cast<double>(protection.numerator - success.numerator) / rest : 0;
    const double sum = *reach.value * success.value.value_or(0) + (1 - *reach.value) * safe_rest;
    RC_ASSERT(std::abs(sum - *protection.value) < 1e-12);
  }));
}

TEST_CASE("a team that reaches the same residents later never protects more of them") {
  REQUIRE(rc::check("the slower twin", [] {
    const std::vector<Fate> fates = random_fates();
    const Duration delay = std::chrono::minutes(*rc::gen::inRange(0, 300));
    const Measure fast = lived_town(fates, Duration(0)).one("protected_rate");
    const Measure slow = lived_town(fates, delay).one("protected_rate");
    RC_ASSERT(fast.denominator == slow.denominator);
    RC_ASSERT(slow.numerator <= fast.numerator);
  }));
}

TEST_CASE("every exposure of a period is counted in one place of the protected rate") {
  REQUIRE(rc::check("the places add up", [] {
    const Town town = random_town();
    const Measure protection = town.one("protected_rate");
    const Measure false_alarm = town.one("false_alarm_rate");
    uint64_t left_out = 0;
    for (const Excluded& each : protection.excluded) left_out += each.count;
    uint64_t unsettled = 0;
    for (const Exposure& each : town.exposures) {
      const Standing standing = standing_of(each, town.query().as_of, kHorizon);
      if (standing == Standing::kUnknown || standing == Standing::kUndecided) ++unsettled;
    }
    RC_ASSERT(protection.denominator + protection.immature + left_out + unsettled + false_alarm.numerator ==
              town.exposures.size());
  }));
}

TEST_CASE("bounds and interval hold the value, and lost after warning is what protected is not") {
  REQUIRE(rc::check("bound_low <= value <= bound_high", [] {
    const Town town = random_town();
    for (const std::string& name : kRates) {
      const Measure of = town.one(name);
      RC_ASSERT(of.numerator <= of.denominator);
      if (!of.value) continue;
      RC_ASSERT(*of.bound_low <= *of.value);
      RC_ASSERT(*of.value <= *of.bound_high);
      RC_ASSERT(*of.low <= *of.value + 1e-12);
      RC_ASSERT(*of.value <= *of.high + 1e-12);
    }
    const Measure protection = town.one("protected_rate");
    const Measure lost = town.one("lost_after_warning_rate");
    RC_ASSERT(protection.numerator + lost.numerator == protection.denominator);
    if (protection.bound_low) RC_ASSERT(std::abs(*protection.bound_low + *lost.bound_high - 1) < 1e-12);
  }));
}

TEST_CASE("whatever the unsettled turn out to be, the rate stays inside its bounds") {
  REQUIRE(rc::check("bounds hold every completion", [] {
    Town town = random_town();
    std::map<std::string, Measure> before;
    for (const std::string& name : kRates) before[name] = town.one(name);
    for (Exposure& each : town.exposures) {
      const Standing standing = standing_of(each, town.query().as_of, kHorizon);
      if (standing != Standing::kUnknown && standing != Standing::kUndecided) continue;
      const int fate = *rc::gen::inRange(standing == Standing::kUnknown ? 1 : 0, 3);
      each.truth = fate == 0 ? Truth::kRefuted : Truth::kConfirmed;
      each.no_loss_at_horizon = fate == 1;
      if (fate == 2) each.lost_at = kT0 + 11 * kDay;  // after any reach of these towns
    }
    for (const std::string& name : kRates) {
      const Measure after = town.one(name);
      if (!after.value || !before[name].bound_low) continue;
      RC_ASSERT(*before[name].bound_low <= *after.value + 1e-12);
      RC_ASSERT(*after.value <= *before[name].bound_high + 1e-12);
    }
  }));
}

TEST_CASE("the order of exposures changes no figure") {
  REQUIRE(rc::check("measures of a shuffled town", [] {
    Town town = random_town();
    Town reversed = town;
    std::reverse(reversed.exposures.begin(), reversed.exposures.end());
    for (const std::string_view name : measure_names()) {
      RC_ASSERT(line(town.one(std::string(name))) == line(reversed.one(std::string(name))));
    }
  }));
}
