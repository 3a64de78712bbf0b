// The player against the real feed server over a fake engine.
#include "simulator/player.h"

#include "tests/adapters/feed_peer.h"

using namespace quanzu;
using namespace quanzu::feed::test;
using namespace quanzu::simulator;
using Catch::Contains;

namespace {

constexpr double kSpeed = 2000;

PlayerOptions options_of(const Bench& bench) {
  PlayerOptions options;
  options.client.host = "127.0.0.1";
  options.client.port = std::to_string(bench.port);
  options.client.stream = "town";
  options.client.token = "secret";
  options.town.start = kNow - std::chrono::hours(1);
  options.town.residents = 2000;
  options.speed = kSpeed;
  return options;
}

}  // namespace

TEST_CASE("player: the town's signals are acked, and none goes before the server's clock has come to it",
          "[simulator]") {
  Bench bench;
  Player player(bench.io, options_of(bench));
  const auto began = std::chrono::steady_clock::now();
  player.start();
  bench.until([&] { return player.report().acked >= 20; });
  player.stop();
  const std::chrono::duration<double, std::milli> played = std::chrono::steady_clock::now() - began;
  const Instant clock = kNow - std::chrono::hours(1) + Duration(static_cast<int64_t>(played.count() * kSpeed));
  CHECK(player.report().rejected == 0);
  CHECK_FALSE(player.report().failure);
  CHECK(bench.ingress.accepted() >= 20);
  for (const auto& batch : bench.ingress.committed) {
    CHECK(batch->latest_at >= kNow - std::chrono::hours(1));
    CHECK(batch->latest_at <= clock);
  }
}

TEST_CASE("player: a refusal ends it with the server's words", "[simulator]") {
  Bench bench;
  PlayerOptions options = options_of(bench);
  options.client.token = "police";
  bool ended = false;
  options.on_failed = [&ended] { ended = true; };
  Player player(bench.io, options);
  player.start();
  bench.until([&] { return ended; });
  CHECK(player.report().failure == feed::Client::Failure::kRefused);
  CHECK_THAT(player.report().message, Contains("role operator"));
  CHECK(player.report().acked == 0);
}
