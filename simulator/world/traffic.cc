#include "simulator/world/traffic.h"

#include <numeric>

#include "simulator/texts.h"
#include "simulator/world/chance.h"

namespace quanzu::simulator {
namespace {

constexpr uint32_t kAhead = 8;  // hours that may wait to be taken: enough to keep the workers busy, little to hold

// How a day's signals spread over its hours at +08:00, in parts of their sum. Assumed.
constexpr std::array<uint32_t, 24> kByHour = {8,  4,  3,  2,  2,  4,  12, 30, 50, 62, 64, 66,
                                              64, 55, 56, 60, 60, 62, 64, 66, 64, 56, 40, 20};

uint32_t hour_of_day(Instant at) {
  const auto local = (at + std::chrono::hours(8)).time_since_epoch();
  return static_cast<uint32_t>(std::chrono::duration_cast<std::chrono::hours>(local).count() % 24);
}

std::string digits(std::string_view prefix, uint64_t low, uint64_t high, Random& random) {
  return std::string(prefix) + std::to_string(low + random.below(high - low));
}

// The mix is the demonstration town's (docs/simulator.md).
void lawful(Draft& draft, Instant at, uint32_t residents, Random& random) {
  const auto index = static_cast<uint32_t>(random.below(residents));
  const std::string number = resident_number(index);
  const std::string known = "138" + std::to_string(10'000'000 + uint64_t{index} * 7919 % 90'000'000);
  const uint64_t habit = random.below(100);
  if (habit < 45) {
    draft.begin(Kind::kSms, at, number);
    draft.set(Field::kPeerNumber, random.chance(400) ? known : digits("1069", 100'000, 1'000'000, random));
    draft.set(Field::kDirection, "in");
    draft.set(Field::kText, fill(random.pick(lawful_texts()), random));
  } else if (habit < 70) {
    draft.begin(Kind::kCall, at, number);
    draft.set(Field::kPeerNumber, known);
    draft.set(Field::kDirection, random.chance(500) ? "in" : "out");
    draft.set(Field::kState, "ended");
    draft.set(Field::kDurationS, random.between(5, 600));
    if (random.chance(200)) draft.set(Field::kText, fill(random.pick(lawful_calls()), random));
  } else if (habit < 90) {
    draft.begin(Kind::kUrl, at, number);
    draft.set(Field::kUrl, digits("https://news.example.cn/", 0, 1'000'000, random));
    draft.set(Field::kUrlHost, "news.example.cn");
    draft.set(Field::kUrlScheme, "https");
  } else if (habit < 97) {
    draft.begin(Kind::kApp, at, number);
    draft.set(Field::kAppPackage, digits("cn.example.app", 0, 200, random));
    draft.set(Field::kAppAction, "run");
  } else {
    draft.begin(Kind::kTransfer, at, number);
    draft.set(Field::kAmountFen, random.between(100, 300'000));
    draft.set(Field::kPeerAccount, digits("6217", 1'000'000'000, 9'999'999'999, random));
    draft.set(Field::kTransferChannel, "bank");
    draft.set(Field::kTransferState, "done");
  }
}

}  // namespace

Traffic::Traffic(const Scenario& scenario, uint64_t seed, const rules::Program& program, size_t workers)
    : scenario_(scenario), seed_(seed), program_(program), hours_(scenario.days * 24) {
  for (size_t i = 0; i < workers; ++i) workers_.emplace_back([this] { work(); });
}

Traffic::~Traffic() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

TrafficHour Traffic::next() {
  ENSURE(taken_ < hours_, "a scenario's traffic ends with its days");
  if (workers_.empty()) return make(taken_++, scanner_);
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return ready_.contains(taken_); });
  TrafficHour out = std::move(ready_.extract(taken_++).mapped());
  lock.unlock();
  changed_.notify_all();
  return out;
}

void Traffic::work() {
  rules::Scanner scanner;
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || begun_ == hours_ || begun_ < taken_ + kAhead; });
    if (stopping_ || begun_ == hours_) return;
    const uint32_t hour = begun_++;
    lock.unlock();
    TrafficHour made = make(hour, scanner);
    lock.lock();
    ready_.emplace(hour, std::move(made));
    changed_.notify_all();
  }
}

TrafficHour Traffic::make(uint32_t hour, rules::Scanner& scanner) const {
  const Instant begin = scenario_.start + std::chrono::hours(hour);
  const uint64_t parts = std::accumulate(kByHour.begin(), kByHour.end(), uint64_t{0});
  const uint64_t a_day = uint64_t{scenario_.residents} * scenario_.signals_per_resident_day;
  const uint64_t mean_count = a_day * kByHour[hour_of_day(begin)] / parts;
  TrafficHour out;
  if (mean_count == 0) return out;
  Random random = chance_of(seed_, Draw::kTraffic, {hour});
  constexpr int64_t kHourUs = 3'600'000'000;
  const int64_t mean_us = std::max<int64_t>(1, kHourUs / static_cast<int64_t>(mean_count));
  Draft draft;
  Signal signal;
  std::vector<RuleIndex> rules;
  for (int64_t us = random.between(0, 2 * mean_us); us < kHourUs; us += random.between(1, 2 * mean_us)) {
    lawful(draft, begin + Duration(us / 1000), scenario_.residents, random);
    draft.view(signal);
    rules.clear();
    scanner.scan(program_, signal, rules);
    ++out.count;
    out.matched += !rules.empty();
    if (rules.empty() && !speaks_for_itself(draft.kind())) {
      ++out.trailing;
      continue;
    }
    out.spelled.push_back({draft, rules, out.trailing});
    out.trailing = 0;
  }
  return out;
}

}  // namespace quanzu::simulator
