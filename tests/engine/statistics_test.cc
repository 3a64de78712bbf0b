#include "engine/statistics.h"

#include <rapidcheck.h>

#include "tests/catch.h"

using namespace quanzu;
using namespace std::chrono_literals;

namespace {

std::vector<Wait> waits(std::initializer_list<int> happened, std::initializer_list<int> censored) {
  std::vector<Wait> out;
  for (const int length : censored) out.push_back({Duration(length), false});
  for (const int length : happened) out.push_back({Duration(length), true});
  return out;
}

}  // namespace

TEST_CASE("Wilson's interval agrees with the values of Newcombe 1998, table I") {
  struct Published {
    double k, n, low, high;
  };
  const Published each = GENERATE(values<Published>(
      {{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0.0000, 0.1611}, {1, 29, 0.0061, 0.1718}}));
  const Interval interval = wilson(each.k, each.n);
  CHECK(interval.low == Approx(each.low).margin(0.00005));
  CHECK(interval.high == Approx(each.high).margin(0.00005));
}

TEST_CASE("Wilson's interval of nothing is everything, and it ends at 0 and 1") {
  CHECK(wilson(0, 0).low == 0);
  CHECK(wilson(0, 0).high == 1);
  CHECK(wilson(0, 10).low == Approx(0).margin(1e-12));
  CHECK(wilson(10, 10).high == Approx(1).margin(1e-12));
}

TEST_CASE("Wilson's interval holds its share, for any n") {
  REQUIRE(rc::check("0 <= low <= k/n <= high <= 1", [] {
    const auto n = *rc::gen::inRange(1, 1'000'000);
    const auto k = *rc::gen::inRange(0, n + 1);
    const Interval interval = wilson(k, n);
    const double share = static_cast<double>(k) / n;
    RC_ASSERT(interval.low >= 0);
    RC_ASSERT(interval.low <= share + 1e-12);
    RC_ASSERT(interval.high >= share - 1e-12);
    RC_ASSERT(interval.high <= 1);
  }));
}

// Miller, Survival Analysis (1981): acute myelogenous leukaemia, weeks to relapse, as in R's survival package (`aml`).
TEST_CASE("Kaplan-Meier's median and its interval agree with R's survfit on the aml data") {
  const Quantile kept = kaplan_meier(waits({9, 13, 18, 23, 31, 34, 48}, {13, 28, 45, 161}), 0.5);
  CHECK(kept.at == Duration(31));
  CHECK(kept.low == Duration(18));
  CHECK_FALSE(kept.high);
  const Quantile stopped = kaplan_meier(waits({5, 5, 8, 8, 12, 23, 27, 30, 33, 43, 45}, {16}), 0.5);
  CHECK(stopped.at == Duration(23));
  CHECK(stopped.low == Duration(8));
  CHECK_FALSE(stopped.high);
}

TEST_CASE("with all happened the median is the first time by which half had it") {
  CHECK(kaplan_meier(waits({1, 2, 3, 4}, {}), 0.5).at == Duration(2));
  CHECK(kaplan_meier(waits({1, 2, 3}, {}), 0.5).at == Duration(2));
  CHECK(kaplan_meier(waits({7}, {}), 0.5).at == Duration(7));
  CHECK(kaplan_meier(waits({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, {}), 0.9).at == Duration(9));
}

TEST_CASE("where most still wait there is no median") {
  CHECK_FALSE(kaplan_meier(waits({5}, {90, 90, 90}), 0.5).at);
  CHECK_FALSE(kaplan_meier({}, 0.5).at);
}

TEST_CASE("who still waits makes the median later, not earlier") {
  const std::vector<Wait> done = waits({10, 20, 30, 40}, {});
  const std::vector<Wait> with_open = waits({10, 20, 30, 40}, {100, 100, 100});
  CHECK(kaplan_meier(done, 0.5).at == Duration(20));
  CHECK(kaplan_meier(with_open, 0.5).at == Duration(40));
}
