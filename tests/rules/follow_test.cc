// rules/author/follow: what a correlation saw in each event, beside the alerts that the correlator itself raised.
#include "rules/author/follow.h"

#include "tests/catch.h"
#include "tests/rules/load_text.h"

namespace quanzu::rules {
namespace {

constexpr std::string_view kRules =
    "title: A\nname: a\nlogsource: {product: quanzu}\ndetection: {s: {peer.name: a}, condition: s}\n---\n"
    "title: B\nname: b\nlogsource: {product: quanzu}\ndetection: {s: {peer.name: b}, condition: s}\n---\n"
    "title: C\nname: c\ncorrelation: {";

struct Event {
  int minute;
  std::string peer;
  std::string payee = "x";  // peer.account; empty: none
};

class Played {
 public:
  Played(const std::string& correlation, std::vector<Event> events) : events_(std::move(events)) {
    Pack pack = testing::load_text(std::string(kRules) + correlation + "}\n");
    INFO(testing::all_problems(pack));
    REQUIRE(pack.ok());
    program_ = *Program::compile(std::move(pack));
    for (const Event& event : events_) {
      TimedSignal& one = signals_.emplace_back();
      one.signal.kind = Kind::kTransfer;
      one.has_time = event.minute >= 0;
      one.signal.at = Instant(std::chrono::minutes(event.minute));
      one.signal.set(Field::kPeerName, event.peer);
      if (!event.payee.empty()) one.signal.set(Field::kPeerAccount, event.payee);
    }
    const Result<Followed> done = follow(*program_, 0, signals_);
    REQUIRE(done.has_value());
    followed = *done;
  }
  // "held" of each event's first group, with a mark where it raised an alert; "-" without a group.
  std::vector<std::string> held() const {
    std::vector<std::string> out;
    for (const FollowedEvent& event : followed.events) {
      out.push_back(event.groups.empty() ? "-" : event.groups[0].held + (event.groups[0].alert ? "!" : ""));
    }
    return out;
  }

  Followed followed;

 private:
  std::vector<Event> events_;
  std::shared_ptr<const Program> program_;
  std::vector<TimedSignal> signals_;
};

using Held = std::vector<std::string>;

TEST_CASE("a count of events is told as it grows, and begins anew after an alert", "[author]") {
  const Played played("type: event_count, rules: [a], group-by: [peer.account], timespan: 10m, condition: {gte: 2}",
                      {{0, "a"}, {11, "a"}, {12, "b"}, {13, "a", "y"}, {21, "a"}, {22, "a"}});
  CHECK(played.followed.needs == "gte 2 events within 600 s");
  CHECK_FALSE(played.followed.at_close);
  CHECK(played.held() == Held{"1 event", "1 event", "-", "1 event", "2 events!", "1 event"});
  CHECK(played.followed.events[0].groups[0].group == GroupValues{{"peer.account", "x"}});
}

TEST_CASE("an event that can't count says why", "[author]") {
  const Played played("type: event_count, rules: [a], group-by: [peer.account], timespan: 10m, condition: {gte: 2}",
                      {{5, "a"}, {5, "a", ""}, {-1, "a"}, {4, "a"}, {6, "a"}});
  CHECK(played.held() == Held{"1 event", "-", "-", "-", "2 events!"});
  CHECK(played.followed.events[1].lacks == std::vector<std::string>{"peer.account"});
  CHECK_FALSE(played.followed.events[2].at.has_value());
  CHECK(played.followed.events[3].late);
}

TEST_CASE("different values, rules and steps are told as what they are", "[author]") {
  CHECK(Played("type: value_count, rules: [a], timespan: 10m, condition: {field: peer.account, gte: 2}",
               {{0, "a"}, {1, "a"}, {2, "a", "y"}})
            .held() == Held{"1 different value", "1 different value", "2 different values!"});
  CHECK(Played("type: temporal, rules: [a, b], timespan: 10m", {{0, "b"}, {11, "b"}, {12, "a"}}).held() ==
        Held{"1 of 2 rules; missing: a", "1 of 2 rules; missing: a", "2 of 2 rules!"});
  CHECK(Played("type: temporal_ordered, rules: [a, b], timespan: 10m", {{0, "b"}, {1, "a"}, {2, "b"}}).held() ==
        Held{"0 steps of 2", "1 step of 2", "2 steps of 2!"});
}

TEST_CASE("what closes is told with its window", "[author]") {
  const Played played("type: event_count, rules: [a], timespan: 10m, condition: {lt: 3}", {{0, "a"}, {1, "a"}});
  CHECK(played.followed.at_close);
  CHECK(played.held() == Held{"1 event", "2 events"});
  REQUIRE(played.followed.closes.size() == 1);
  CHECK(played.followed.closes[0].at == Instant(std::chrono::minutes(10)));
}

TEST_CASE("an alert of a chain counts for the correlation above it", "[author]") {
  const Played played(
      "type: event_count, rules: [d], group-by: [peer.account], timespan: 1h, condition: {gte: 2}}\n---\n"
      "title: D\nname: d\ncorrelation: {type: event_count, rules: [a], group-by: [peer.account], timespan: 10m, "
      "condition: {gte: 2}",
      {{0, "a"}, {1, "a"}, {2, "a"}, {3, "a"}});
  CHECK(played.held() == Held{"-", "1 event", "-", "2 events!"});
}

}  // namespace
}  // namespace quanzu::rules
