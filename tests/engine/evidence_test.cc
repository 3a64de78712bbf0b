#include "engine/evidence.h"

#include <rapidcheck.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "tests/catch.h"

using namespace quanzu;
using namespace std::chrono_literals;

namespace {

int after(int weight, Duration elapsed, Duration half_life) {
  return decayed(Millipoints(weight), elapsed, half_life).value();
}

Evidence evidence(FraudType type, int millipoints, Instant at = Instant(), Duration half_life = 24h) {
  Evidence out;
  out.fraud_type = type;
  out.weight = Millipoints(millipoints);
  out.at = at;
  out.half_life = half_life;
  return out;
}

int sum_of_points(const Risk& risk) {
  return std::accumulate(risk.pieces.begin(), risk.pieces.end(), 0,
                         [](int sum, const Piece& piece) { return sum + piece.points; });
}

}  // namespace

TEST_CASE("a weight halves at each half-life") {
  CHECK(after(100'000, 0h, 24h) == 100'000);
  CHECK(after(100'000, 24h, 24h) == 50'000);
  CHECK(after(100'000, 48h, 24h) == 25'000);
  CHECK(after(100'000, 16 * 24h, 24h) == 1);
  CHECK(after(100'000, 17 * 24h, 24h) == 0);
  CHECK(after(100'000, 24'000h, 24h) == 0);
}

TEST_CASE("between half-lives the decay has these values on every machine") {
  // floor(100000 * 2^-x)
  CHECK(after(100'000, 1h, 24h) == 97'153);
  CHECK(after(100'000, 6h, 24h) == 84'089);
  CHECK(after(100'000, 12h, 24h) == 70'710);
  CHECK(after(100'000, 18h, 24h) == 59'460);
  CHECK(after(100'000, 30h, 24h) == 42'044);
  CHECK(after(2'000'000'000, 1ms, 24h) == 2'000'000'000);  // exactly 1'999'999'983.95: under a part of 2^-24
  CHECK(after(2'000'000'000, 8h, 24h) == 1'587'402'364);   // exactly 1'587'401'051.97
}

TEST_CASE("nothing elapsed, a clock that ran back, and no half-life leave the weight alone") {
  CHECK(after(30'000, 0h, 24h) == 30'000);
  CHECK(after(30'000, -5h, 24h) == 30'000);
  CHECK(after(30'000, 500h, 0h) == 30'000);
}

TEST_CASE("evidence against decays towards nothing from below") {
  CHECK(after(-100'000, 24h, 24h) == -50'000);
  CHECK(after(-1, 24h, 24h) == 0);
}

TEST_CASE("decay never rises, never overflows and stays within a millionth of 2^-x") {
  using Limits = std::numeric_limits<int64_t>;
  REQUIRE(rc::check("decayed over all weights and times", [] {
    const auto weight = *rc::gen::arbitrary<int32_t>();
    const auto half = *rc::gen::oneOf(rc::gen::inRange<int64_t>(1, 1'000), rc::gen::inRange<int64_t>(1, 1LL << 40),
                                      rc::gen::inRange<int64_t>(1, Limits::max()), rc::gen::just(Limits::max()));
    const auto early =
        *rc::gen::oneOf(rc::gen::inRange<int64_t>(0, Limits::max()),
                        rc::gen::map(rc::gen::inRange<int64_t>(0, 4'000), [half](int64_t part) {
                          return static_cast<int64_t>(static_cast<double>(half) / 4.1e3 * static_cast<double>(part));
                        }));
    const auto late = *rc::gen::inRange<int64_t>(early, Limits::max());
    const int64_t a = after(weight, Duration(early), Duration(half));
    const int64_t b = after(weight, Duration(late), Duration(half));
    RC_ASSERT(std::abs(a) <= std::abs(int64_t{weight}));
    RC_ASSERT(std::abs(b) <= std::abs(a));
    const double exact = weight * std::exp2(-static_cast<double>(early) / static_cast<double>(half));
    RC_ASSERT(std::abs(static_cast<double>(a) - exact) <= 1.0 + std::abs(exact) * 1.1e-6);
  }));
}

TEST_CASE("the last moment of a very long half-life is still inside the table") {
  const Duration half = Duration::max();
  CHECK(after(1'000'000, half - 1ms, half) == 500'000);
  CHECK(after(1'000'000, half, half) == 500'000);
}

TEST_CASE("each repeat of a rule and peer weighs half of the one before") {
  CHECK(diminished(Millipoints(30'000), 0).value() == 30'000);
  CHECK(diminished(Millipoints(30'000), 1).value() == 15'000);
  CHECK(diminished(Millipoints(30'000), 3).value() == 3'750);
  CHECK(diminished(Millipoints(-3), 1).value() == -1);
  CHECK(diminished(Millipoints(2'147'483'647), 30).value() == 1);
  CHECK(diminished(Millipoints(30'000), 31).value() == 0);
  CHECK(diminished(Millipoints(30'000), 4'000'000'000).value() == 0);
}

TEST_CASE("the risk is that of the type with the largest sum, untyped evidence counting for each") {
  const std::vector<Evidence> all = {evidence(FraudType::kLoan, 30'000), evidence(FraudType::kDating, 20'000),
                                     evidence(FraudType::kDating, 15'000), evidence(FraudType::kNone, 10'000)};
  const Risk risk = assess(all, Instant());
  CHECK(risk.fraud_type == FraudType::kDating);
  CHECK(risk.score.value() == 45'000);
  CHECK(risk.points == 45);
  REQUIRE(risk.pieces.size() == 3);
  CHECK(risk.pieces[0].evidence == 1);
  CHECK(risk.pieces[1].evidence == 2);
  CHECK(risk.pieces[2].evidence == 3);
}

TEST_CASE("where two types weigh alike the lower is taken, and untyped evidence alone has no type") {
  CHECK(assess(std::vector{evidence(FraudType::kDating, 20'000), evidence(FraudType::kLoan, 20'000)}, Instant())
            .fraud_type == FraudType::kLoan);
  const Risk untyped = assess(std::vector{evidence(FraudType::kNone, 20'000)}, Instant());
  CHECK(untyped.fraud_type == FraudType::kNone);
  CHECK(untyped.points == 20);
}

TEST_CASE("no evidence is no risk") {
  const Risk risk = assess({}, from_ms(1));
  CHECK(risk.score.value() == 0);
  CHECK(risk.points == 0);
  CHECK(risk.pieces.empty());
}

TEST_CASE("evidence decays by its own half-life, and what is left of it is explained") {
  const std::vector<Evidence> all = {evidence(FraudType::kLoan, 40'000, Instant(), 24h),
                                     evidence(FraudType::kLoan, 40'000, Instant(), 48h),
                                     evidence(FraudType::kLoan, 40, Instant(), 1h)};
  const Risk risk = assess(all, Instant(48h));
  CHECK(risk.score.value() == 30'000);
  REQUIRE(risk.pieces.size() == 2);  // the third is gone
  CHECK(risk.pieces[0].evidence == 1);
  CHECK(risk.pieces[0].points == 20);
  CHECK(risk.pieces[1].points == 10);
}

TEST_CASE("points are shared by the largest remainder") {
  const std::vector<Evidence> all = {evidence(FraudType::kLoan, 10'300), evidence(FraudType::kLoan, 10'600),
                                     evidence(FraudType::kLoan, 20'400)};
  const Risk risk = assess(all, Instant());  // 41.3 points: 20.4 + 10.6 + 10.3
  CHECK(risk.points == 41);
  REQUIRE(risk.pieces.size() == 3);
  CHECK(risk.pieces[0].points == 20);
  CHECK(risk.pieces[1].points == 11);
  CHECK(risk.pieces[2].points == 10);
}

TEST_CASE("shown points reach a level exactly where the score does") {
  CHECK(assess(std::vector{evidence(FraudType::kLoan, 39'999)}, Instant()).points == 39);
  CHECK(assess(std::vector{evidence(FraudType::kLoan, 40'000)}, Instant()).points == 40);
}

TEST_CASE("the pieces' points always add up to the score shown") {
  REQUIRE(rc::check("assess over any evidence", [](const std::vector<std::pair<int32_t, uint32_t>>& weights) {
    std::vector<Evidence> all;
    for (const auto& [weight, more] : weights) {
      all.push_back(
          evidence(static_cast<FraudType>(more % 3), weight, from_ms(more % 100'000), Duration(more % 7'919)));
    }
    const Risk risk = assess(all, from_ms(50'000));
    RC_ASSERT(sum_of_points(risk) == risk.points);
    int64_t exact = 0;
    for (const Piece& piece : risk.pieces) {
      exact += piece.exact.value();
      RC_ASSERT(std::abs(piece.points - piece.exact.value() / 1000.0) < 1.0);
    }
    RC_ASSERT(std::floor(static_cast<double>(exact) / 1000) == risk.points);
    RC_ASSERT(std::is_sorted(risk.pieces.begin(), risk.pieces.end(),
                             [](const Piece& a, const Piece& b) { return a.exact > b.exact; }));
  }));
}
