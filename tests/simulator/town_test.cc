// The town's signals are a feed's signals: what the server would refuse must not be in them.
#include <map>

#include "adapters/feed/validate.h"
#include "adapters/feed/wire.h"
#include "simulator/town.h"
#include "tests/catch.h"

using namespace quanzu;
using namespace quanzu::simulator;

namespace {

const Instant kStart = *parse_rfc3339("2026-11-24T08:00:00+08:00");

Town small_town(uint64_t seed) {
  TownOptions options;
  options.seed = seed;
  options.residents = 200;
  options.start = kStart;
  return Town(options);
}

}  // namespace

TEST_CASE("a server accepts every signal of the town, of every kind", "[simulator]") {
  Town town = small_town(7);
  TimedSignal timed;
  std::map<Kind, int> kinds;
  for (int i = 0; i < 20'000; ++i) {
    town.next(timed);
    timed.signal.set_seq(static_cast<uint64_t>(i) + 1);
    const std::string bytes = timed.signal.SerializeAsString();
    feed::SignalHead head;
    Signal signal;
    REQUIRE(feed::decode_signal(bytes, head, signal));
    const auto refusal = feed::validate(head, timed.at, feed::Limits(), signal);
    INFO((refusal ? refusal->detail : ""));
    REQUIRE_FALSE(refusal.has_value());
    ++kinds[signal.kind];
  }
  for (const Kind kind : {Kind::kSms, Kind::kCall, Kind::kUrl, Kind::kApp, Kind::kTransfer, Kind::kInstruction}) {
    INFO(kind_name(kind));
    CHECK(kinds[kind] > 0);
  }
}

TEST_CASE("the town's signals come in the order of time, the same for the same seed", "[simulator]") {
  Town one = small_town(7), same = small_town(7), other = small_town(8);
  TimedSignal a, b, c;
  Instant last{};
  int different = 0;
  for (int i = 0; i < 5'000; ++i) {
    one.next(a);
    same.next(b);
    other.next(c);
    CHECK(a.at >= last);
    last = a.at;
    REQUIRE(a.signal.SerializeAsString() == b.signal.SerializeAsString());
    different += a.signal.SerializeAsString() != c.signal.SerializeAsString();
  }
  CHECK(different > 4'000);
}
