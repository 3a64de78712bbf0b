// A correlation that goes on from a snapshot concludes as one that never stopped, whatever its type and wherever it was cut.
#include <random>

#include "rules/correlate/core.h"
#include "tests/catch.h"
#include "tests/conformance/correlation_support.h"

namespace quanzu::rules {
namespace {

class World {
 public:
  explicit World(uint32_t seed) : random_(seed) {}
  int below(int n) { return static_cast<int>(random_() % static_cast<uint32_t>(n)); }

  // One of each type, by the seed; some decided at the close, some suppressed, some with another on top.
  Definitions definitions(uint32_t seed) {
    std::vector<Correlation> all;
    Correlation& lower = all.emplace_back();
    lower.info.id = "lower";
    lower.type = static_cast<CorrelationType>(seed % 8);
    lower.rules = {{"a", {}}, {"b", {}}};
    lower.group_by = {"u"};
    lower.timespan = std::chrono::seconds(4 + below(8));
    lower.window = Window{below(2) == 0 ? WindowMode::kArrival : WindowMode::kSliding, std::chrono::seconds(below(4))};
    if (lower.type != CorrelationType::kTemporalOrdered) {
      const BoundOp op = below(3) == 0 ? BoundOp::kLte : BoundOp::kGte;
      lower.bounds = {{op, std::to_string(1 + below(lower.type == CorrelationType::kTemporal ? 2 : 4)), {}}};
    }
    if (lower.type >= CorrelationType::kValueCount && lower.type != CorrelationType::kTemporal &&
        lower.type != CorrelationType::kTemporalOrdered) {
      lower.fields = {"v"};
    }
    if (lower.type == CorrelationType::kValuePercentile) lower.percentile = "75";
    if (below(2) == 0) lower.suppress = Suppress{{}, std::chrono::seconds(3)};
    if (below(2) == 0) {
      Correlation& upper = all.emplace_back();
      upper.info.id = "upper";
      upper.rules = {{"lower", {}}};
      upper.group_by = {"u"};
      upper.timespan = std::chrono::seconds(20);
      upper.bounds = {{BoundOp::kGte, "2", {}}};
      upper.generate = true;
    }
    auto defined = define(testing::pack_of(std::move(all)));
    INFO((defined ? "" : defined.error().message));
    REQUIRE(defined.has_value());
    return std::move(*defined);
  }

 private:
  std::mt19937 random_;
};

class GroupAndValue : public Fields {
 public:
  GroupAndValue(const Definitions& all, int group, int value)
      : all_(all), group_(std::to_string(group)), value_(std::to_string(value)) {}
  std::optional<std::string_view> text(uint32_t field) const override {
    return all_.fields[field] == "u" ? group_ : value_;
  }

 private:
  const Definitions& all_;
  std::string group_;
  std::string value_;
};

struct Happened {
  Ms at = 0;
  int rules = 0;  // bits
  int group = 0;
  int value = 0;
};

class Running {
 public:
  explicit Running(Core core) : core_(std::move(core)) {}

  void take(const Happened& event, uint64_t n) {
    greatest_ = std::max(greatest_, event.at);
    core_.advance(greatest_, out_);
    std::vector<Role> roles;
    for (RuleIndex rule = 0; rule < 2; ++rule) {
      if (((event.rules >> rule) & 1) == 0) continue;
      const std::span<const Role> its = core_.roles_of(rule);
      roles.insert(roles.end(), its.begin(), its.end());
    }
    std::sort(roles.begin(), roles.end());
    core_.add(event.at, n, roles, GroupAndValue(core_.definitions(), event.group, event.value), out_);
  }
  // What was concluded since the last call.
  std::string told() {
    std::string out;
    for (const Conclusion& each : out_) {
      out += std::to_string(each.correlation) + "@" + std::to_string(each.at) + "#" +
             (each.sequence ? std::to_string(*each.sequence) : "-") + each.key + "\n";
    }
    out_.clear();
    return out;
  }
  std::string end() {
    core_.advance(kForever, out_);
    return told();
  }
  std::string bytes() const {
    std::string out;
    StateWriter writer(out);
    core_.write(writer);
    return out;
  }
  uint64_t digest() const {
    SipHash hash({0, 0});
    core_.digest(hash);
    return hash.finish();
  }

 private:
  Core core_;
  Ms greatest_ = -kForever;
  std::vector<Conclusion> out_;
};

Result<Core> read(std::string_view bytes) {
  StateReader reader(bytes);
  Result<Core> core = Core::read(reader);
  if (core && !reader.at_end()) return fail(Code::kInternal, "more than a snapshot");
  return core;
}

std::vector<Happened> events(World& world, size_t count) {
  std::vector<Happened> out;
  Ms at = 100'000;
  while (out.size() < count) {
    at += world.below(1500);
    out.push_back({at - world.below(3000), world.below(4), world.below(12), world.below(6) - 1});
  }
  return out;
}

constexpr size_t kFewGroups = 6;  // so that some are evicted

TEST_CASE("what goes on from a snapshot concludes as if it had never stopped") {
  std::array<size_t, 8> told{};
  for (uint32_t seed = 1; seed <= 240; ++seed) {
    World world(seed);
    const Core::Mode mode = seed % 3 == 0 ? Core::Mode::kArrival : Core::Mode::kAsWritten;
    Running whole(Core(world.definitions(seed), {seed, 2}, mode, seed % 2 == 0 ? kFewGroups : kMaxGroups));
    const std::vector<Happened> all = events(world, 160);
    const size_t cut = static_cast<size_t>(world.below(160));
    for (size_t i = 0; i < cut; ++i) whole.take(all[i], i);
    whole.told();
    INFO("seed " << seed << " cut at " << cut);
    const std::string bytes = whole.bytes();
    Result<Core> copied = read(bytes);
    REQUIRE(copied.has_value());
    Running copy(std::move(*copied));
    CHECK(copy.bytes() == bytes);
    CHECK(copy.digest() == whole.digest());
    for (size_t i = cut; i < all.size(); ++i) {
      whole.take(all[i], i);
      copy.take(all[i], i);
      const std::string expected = whole.told();
      told[seed % 8] += expected.size();
      REQUIRE(copy.told() == expected);
    }
    REQUIRE(copy.digest() == whole.digest());
    REQUIRE(copy.end() == whole.end());
    REQUIRE(copy.digest() == whole.digest());
  }
  for (size_t type = 0; type < told.size(); ++type) {
    INFO("type " << type);
    CHECK(told[type] > 0);
  }
}

TEST_CASE("a snapshot that is cut short or changed is refused, or harmless") {
  size_t refused = 0;
  for (uint32_t seed = 1; seed <= 40; ++seed) {
    World world(seed);
    Running whole(Core(world.definitions(seed), {seed, 2}, Core::Mode::kAsWritten));
    const std::vector<Happened> all = events(world, 60);
    for (size_t i = 0; i < 40; ++i) whole.take(all[i], i);
    const std::string bytes = whole.bytes();
    for (size_t size = 0; size < bytes.size(); size += 7) CHECK(!read(bytes.substr(0, size)).has_value());
    for (int change = 0; change < 60; ++change) {
      std::string changed = bytes;
      changed[static_cast<size_t>(world.below(static_cast<int>(bytes.size())))] = static_cast<char>(world.below(256));
      Result<Core> core = read(changed);
      refused += core ? 0 : 1;
      if (!core) continue;
      Running goes_on(std::move(*core));  // it may conclude anything, but it does
      for (size_t i = 40; i < all.size(); ++i) goes_on.take(all[i], i);
      goes_on.end();
    }
  }
  CHECK(refused > 300);
}

}  // namespace
}  // namespace quanzu::rules
