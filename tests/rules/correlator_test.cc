// The server's use of correlation: packs go live, feeds lag, the journal is replayed.
#include "rules/correlate/correlator.h"

#include <random>

#include "rules/correlate/live.h"
#include "tests/catch.h"

namespace quanzu::rules {
namespace {

Pack pack_of(const std::string& version, bool generate = false) {
  Pack out;
  out.rules.emplace_back().info.id = "plain";
  out.rules.emplace_back().info.id = "part";
  Correlation& each = out.correlations.emplace_back();
  each.info.id = "many";
  each.info.version = version;
  each.rules = {{"part", {}}};
  each.group_by = {"peer.number"};
  each.timespan = std::chrono::minutes(10);
  each.bounds = {{BoundOp::kGte, "3", {}}};
  each.window = Window{WindowMode::kArrival, std::chrono::seconds(30)};
  each.generate = generate;
  return out;
}

class Journal {
 public:
  Journal() { apply(Genesis{"00", {1, 2}}); }

  void go_live(const Pack& pack) { apply(PackLive{PackVersion(++version_), "h", {}, to_text(*define(pack)), {}}); }
  // One signal of a second of its own, of the rules given.
  std::vector<RuleIndex> signal(int at, std::vector<RuleIndex> rules, uint32_t stream = 1, uint32_t pack = 0) {
    Signal signal;
    signal.at = from_ms(1000 * at);
    signal.resident = Number("8613900001111");
    signal.peer = Number("8526");
    const MatchedSignal matched{1, &signal, rules};
    SignalBatch batch;
    batch.stream = StreamId(stream);
    batch.first_seq = 1;
    batch.count = 1;
    batch.latest_at = signal.at;
    batch.pack = PackVersion(pack == 0 ? version_ : pack);
    batch.signals = {&matched, 1};
    now_ = std::max(now_, signal.at);
    return apply(batch);
  }
  // Time goes on without a signal; with the Tick of each time that is due until then. What closes told, as text.
  std::vector<std::string> wait_until(int second) {
    std::vector<std::string> out;
    while (correlator_.next_due() <= from_ms(1000 * second)) {
      now_ = std::max(now_, correlator_.next_due());
      ++ticks_;
      std::vector<Alert> alerts;
      REQUIRE(correlator_.apply(Event{Sequence(1), now_, Tick{}}, alerts).has_value());
      REQUIRE(correlator_.next_due() > now_);
      for (const Alert& alert : alerts) out.push_back(told(alert));
    }
    now_ = from_ms(1000 * second);
    return out;
  }
  int ticks() const { return ticks_; }
  const std::vector<Alert>& alerts() const { return alerts_; }  // of the last signal
  static std::string told(const Alert& alert) {
    REQUIRE(alert.signal == Alert::kNoSignal);
    return std::to_string(alert.rule) + " " + std::string(alert.resident.view()) + " " +
           std::string(alert.peer.view()) + " @" + std::to_string(to_ms(alert.at) / 1000);
  }
  // Goes on from a snapshot, as after a restart.
  void restart() {
    Result<Correlator> restored = Correlator::restore(correlator_.snapshot());
    REQUIRE(restored.has_value());
    correlator_ = std::move(*restored);
  }
  std::string snapshot() const { return correlator_.snapshot(); }
  uint64_t digest() const { return correlator_.digest(); }
  const Core& core() const { return correlator_.core(); }

 private:
  std::vector<RuleIndex> apply(EventBody body) {
    REQUIRE(correlator_.apply(Event{Sequence(1), now_, std::move(body)}, alerts_).has_value());
    std::vector<RuleIndex> out;
    for (const Alert& alert : alerts_) out.push_back(alert.rule);
    return out;
  }

  Correlator correlator_;
  std::vector<Alert> alerts_;
  int ticks_ = 0;
  Instant now_ = from_ms(0);
  uint32_t version_ = 0;
};

using Rules = std::vector<RuleIndex>;

TEST_CASE("a rule that only a correlation asks for raises no alert of its own") {
  Journal journal;
  journal.go_live(pack_of("1"));
  CHECK(journal.signal(1, {0}) == Rules{0});
  CHECK(journal.signal(2, {1}).empty());
  CHECK(journal.signal(3, {0, 1}) == Rules{0});
  CHECK(journal.signal(4, {1}) == Rules{2});
}

TEST_CASE("with generate it raises its own as well") {
  Journal journal;
  journal.go_live(pack_of("1", true));
  CHECK(journal.signal(1, {1}) == Rules{1});
  CHECK(journal.signal(2, {1}) == Rules{1});
  CHECK(journal.signal(3, {1}) == Rules{1, 2});
}

TEST_CASE("an unchanged correlation keeps its windows over a reload, a changed one starts empty") {
  Journal kept;
  kept.go_live(pack_of("1"));
  kept.signal(1, {1});
  kept.signal(2, {1});
  Journal changed = std::move(kept);
  CHECK(changed.core().counters(0).groups == 1);
  changed.go_live(pack_of("1"));
  CHECK(changed.signal(3, {1}) == Rules{2});
  changed.signal(4, {1});
  changed.signal(5, {1});
  changed.go_live(pack_of("2"));
  CHECK(changed.signal(6, {1}).empty());
}

TEST_CASE("a batch that an older pack matched counts for what has not changed since") {
  Journal journal;
  journal.go_live(pack_of("1"));
  journal.signal(1, {1});
  journal.go_live(pack_of("1"));
  journal.signal(2, {1}, 1, 1);
  CHECK(journal.signal(3, {1}, 1, 1) == Rules{2});
}

TEST_CASE("a slow stream holds the watermark, a silent one does not") {
  Journal journal;
  journal.go_live(pack_of("1"));
  journal.signal(180, {}, 2);
  journal.signal(200, {1}, 1);  // the watermark is stream 2's: 180 s, less 30
  journal.signal(155, {1}, 2);
  CHECK(journal.core().counters(0).late == 0);
  journal.signal(400, {1}, 1);  // stream 2 was last heard 200 s ago
  journal.signal(360, {1}, 1);
  CHECK(journal.core().counters(0).late == 1);
}

// Fewer than three within ten minutes, for a resident and a peer.
Pack few() {
  Pack out = pack_of("1");
  out.correlations[0].group_by = {"resident.number", "peer.number"};
  out.correlations[0].bounds = {{BoundOp::kLt, "3", {}}};
  return out;
}

TEST_CASE("a window that decides at its close does so once the watermark is past its end") {
  Journal journal;
  journal.go_live(few());
  journal.signal(100, {1});  // the window is 100 to 700 s, the lateness 30
  CHECK(journal.signal(730, {}).empty());
  CHECK(journal.signal(731, {0}) == Rules{0, 2});
  CHECK(Journal::told(journal.alerts()[1]) == "2 8613900001111 8526 @700");
  CHECK(journal.ticks() == 0);
}

TEST_CASE("a slow stream holds a window open until it is idle, and then a tick closes it") {
  Journal journal;
  journal.go_live(few());
  journal.signal(100, {1}, 1);
  journal.signal(690, {}, 2);
  journal.signal(740, {}, 1);  // stream 2 was heard 50 s ago: idle
  CHECK(journal.alerts().size() == 1);
  journal.signal(800, {1}, 1);  // 800 to 1400
  journal.signal(1420, {}, 2);
  CHECK(journal.signal(1440, {}, 1).empty());  // stream 2 holds it at 1420 - 30
  CHECK(journal.wait_until(1450).empty());
  CHECK(journal.wait_until(1451) == std::vector<std::string>{"2 8613900001111 8526 @1400"});
  CHECK(journal.ticks() == 1);
}

TEST_CASE("where nobody is heard the clock closes windows, five minutes behind") {
  Journal journal;
  journal.go_live(few());
  journal.signal(100, {1});
  CHECK(journal.wait_until(700 + 30 + 300).empty());
  CHECK(journal.ticks() == 0);
  CHECK(journal.wait_until(700 + 30 + 301) == std::vector<std::string>{"2 8613900001111 8526 @700"});
  CHECK(journal.wait_until(100'000).empty());
  CHECK(journal.ticks() == 1);  // nothing is due any more, so nothing is written
}

TEST_CASE("the clock makes no event late for what is decided at its events") {
  Pack pack = few();
  Correlation& many = pack.correlations.emplace_back();
  many.info.id = "two";
  many.rules = {{"part", {}}};
  many.group_by = {"peer.number"};
  many.timespan = std::chrono::minutes(10);
  many.bounds = {{BoundOp::kGte, "2", {}}};
  Journal journal;
  journal.go_live(pack);
  journal.signal(100, {1});
  CHECK(journal.wait_until(2000).size() == 1);
  CHECK(journal.signal(400, {1}) == Rules{3});  // kept by a feed that was cut off
  CHECK(journal.core().counters(0).late == 1);
  CHECK(journal.core().counters(1).late == 0);
}

// Whatever streams do, each tick that is asked for makes something close in the end, and a replay of it is the same; so is
// one that goes on from snapshots.
TEST_CASE("ticks come where something is due, and only there") {
  const auto run = [](uint32_t seed, bool restarts) {
    std::mt19937 random(seed);
    const auto below = [&](int n) { return static_cast<int>(random() % static_cast<uint32_t>(n)); };
    Journal journal;
    journal.go_live(few());
    std::string told;
    int second = 1000;
    for (int i = 0; i < 60; ++i) {
      if (restarts && i % 7 == 0) journal.restart();
      for (const std::string& each : journal.wait_until(second)) told += each + "\n";
      journal.signal(second - below(400), {static_cast<RuleIndex>(below(2))}, static_cast<uint32_t>(1 + below(3)));
      for (const Alert& alert : journal.alerts()) {
        if (alert.signal == Alert::kNoSignal) told += Journal::told(alert) + "\n";
      }
      second += below(5) == 0 ? below(900) : below(20);
    }
    for (const std::string& each : journal.wait_until(second + 2000)) told += each + "\n";
    CHECK(journal.core().counters(0).groups == 0);
    CHECK(journal.ticks() < 60 * 3);
    return told + std::to_string(journal.digest());
  };
  size_t bytes = 0;
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    const std::string told = run(seed, false);
    bytes += told.size();
    CHECK(run(seed, false) == told);
    CHECK(run(seed, true) == told);
  }
  CHECK(bytes > 2000);
}

TEST_CASE("a close that names no resident is refused for a server, with the rule and what to write") {
  Pack pack = few();
  CHECK(fits_live(pack, *define(pack)).has_value());
  pack.correlations[0].group_by = {"peer.number"};
  const Result<void> refused = fits_live(pack, *define(pack));
  REQUIRE(!refused.has_value());
  CHECK(refused.error().message.find(quoted("many")) != std::string::npos);
  CHECK(refused.error().message.find("add resident.number to its group-by") != std::string::npos);

  Correlation& above = pack.correlations.emplace_back();  // tells of it, so it must name one in its place
  above.info.id = "above";
  above.rules = {{"many", {}}};
  above.group_by = {"peer.number"};
  above.timespan = std::chrono::hours(1);
  above.bounds = {{BoundOp::kGte, "2", {}}};
  CHECK(fits_live(pack, *define(pack)).error().message.find(quoted("above")) != std::string::npos);
  pack.correlations[0].group_by = {"resident.number"};
  pack.correlations[1].group_by = {"resident.number"};
  CHECK(fits_live(pack, *define(pack)).has_value());
}

TEST_CASE("a correlator's snapshot that is cut short is refused") {
  Journal journal;
  journal.go_live(few());
  journal.signal(100, {1});
  const std::string whole = journal.snapshot();
  CHECK(Correlator::restore(whole).has_value());
  for (size_t size = 0; size < whole.size(); ++size) CHECK(!Correlator::restore(whole.substr(0, size)).has_value());
  CHECK(!Correlator::restore(whole + "x").has_value());
}

TEST_CASE("a replay of the same events has the same digest") {
  const auto run = [] {
    Journal journal;
    journal.go_live(pack_of("1"));
    for (int i = 0; i < 200; ++i) {
      journal.signal(i * 7 % 50 + i, {static_cast<RuleIndex>(i % 2)}, static_cast<uint32_t>(1 + i % 3));
      if (i == 100) journal.go_live(pack_of("1", true));
    }
    return journal.digest();
  };
  CHECK(run() == run());
}

TEST_CASE("a pack's correlations that are damaged are refused, at whatever byte they end") {
  const std::string text = to_text(*define(pack_of("1")));
  REQUIRE(definitions_from(text).has_value());
  for (size_t size = 1; size < text.size(); ++size) CHECK(!definitions_from(text.substr(0, size)).has_value());
  CHECK(to_text(*definitions_from(text)) == text);
}

TEST_CASE("at the cap the group with the oldest event makes room, counted") {
  Core core(*define(pack_of("1")), {1, 2}, Core::Mode::kArrival, 2);
  class Peer : public Fields {
   public:
    std::string name;
    std::optional<std::string_view> text(uint32_t) const override { return name; }
  } peer;
  std::vector<Conclusion> out;
  uint64_t sequence = 0;
  const Role role{0, 0};
  const auto add = [&](const std::string& name, Ms at) {
    peer.name = name;
    core.add(at, ++sequence, {&role, 1}, peer, out);
  };
  add("a", 1000);
  add("b", 2000);
  add("a", 3000);
  add("c", 4000);  // b goes
  add("a", 5000);
  CHECK(out.size() == 1);
  CHECK(core.counters(0).evicted == 1);
  CHECK(core.counters(0).groups == 2);
}

}  // namespace
}  // namespace quanzu::rules
