// The server's use of correlation: packs go live, feeds lag, the journal is replayed.
#include "rules/correlate/correlator.h"

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

  void go_live(const Pack& pack) { apply(PackLive{PackVersion(++version_), "h", {}, to_text(*define(pack))}); }
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
  uint64_t digest() const { return correlator_.digest(); }
  const Core& core() const { return correlator_.core(); }

 private:
  std::vector<RuleIndex> apply(EventBody body) {
    std::vector<Alert> alerts;
    REQUIRE(correlator_.apply(Event{Sequence(1), now_, std::move(body)}, alerts).has_value());
    std::vector<RuleIndex> out;
    for (const Alert& alert : alerts) out.push_back(alert.rule);
    return out;
  }

  Correlator correlator_;
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
