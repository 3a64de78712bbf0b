#include "simulator/backtest.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <future>
#include <numeric>
#include <thread>
#include <unordered_set>

#include "adapters/feed/batch.h"
#include "adapters/feed/validate.h"
#include "adapters/runtime/match_workers.h"
#include "adapters/runtime/offline.h"

namespace quanzu::simulator {
namespace {

using Clock = std::chrono::steady_clock;

constexpr PackVersion kOnly{1};
constexpr size_t kSlab = 64;  // batches that are matched at once: enough for every worker, little to hold

double seconds_since(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

// One pack with the state that follows from it.
class World {
 public:
  World(runtime::SharedPacks packs, const Genesis& genesis, Instant now) : packs_(std::move(packs)) {
    apply(genesis, now);
    apply(runtime::pack_live(kOnly, *packs_, packs_->hash()), now);
  }

  const rules::Program& program() const { return *packs_->program; }
  const Engine& engine() const { return pipeline_.engine(); }

  // A stream's id; the same in every world, since all open them in the same order.
  StreamId open(const HistoryBatch& batch) {
    if (engine().find_stream(batch.feed, batch.stream) == nullptr) {
      apply(StreamOpened{batch.feed, batch.stream}, engine().now());
    }
    return engine().find_stream(batch.feed, batch.stream)->id;
  }

  void take(const SignalBatch& batch, Instant now) {
    for (Instant due = pipeline_.next_due(); due <= now; due = pipeline_.next_due()) {
      apply(Tick{}, std::max(due, engine().now()));
    }
    apply(batch, now);
  }

  WorldReport report(const Truths& truths) const {
    WorldReport out;
    out.rules = packs_->live.rules.size();
    out.alerts = engine().counters().alerts;
    for (const auto& [rule, count] : alerts_) out.alerts_by_rule[engine().find_rule(rule)->id] += count;
    std::unordered_set<uint64_t> seen;
    each_case([&](const Case& of) {
      ++out.cases[of.level];
      for (const Task& task : of.tasks) ++out.tasks[task.type];
      if (!of.resident || !seen.insert(of.resident.value()).second) return;
      ++out.residents;
      const Truth truth = truth_of(of, truths);
      out.confirmed += truth == Truth::kConfirmed;
      out.refuted += truth == Truth::kRefuted;
    });
    return out;
  }

  // Residents with a case here and none there: each once, by the highest of their cases.
  std::vector<Woken> beyond(const World* other, const Truths& truths) const {
    std::map<uint64_t, const Case*> chosen;
    each_case([&](const Case& of) {
      if (!of.resident || (other != nullptr && other->has_case(engine().find_resident(of.resident)->number))) return;
      const Case*& best = chosen[of.resident.value()];
      if (best == nullptr || std::pair(best->level, best->score) < std::pair(of.level, of.score)) best = &of;
    });
    std::vector<Woken> out;
    for (const auto& [resident, of] : chosen) out.push_back(describe(*of, truths));
    std::stable_sort(out.begin(), out.end(), [](const Woken& a, const Woken& b) {
      return a.level != b.level ? a.level > b.level : a.at < b.at;
    });
    return out;
  }

 private:
  void apply(EventBody body, Instant now) {
    effects_.clear();
    const Event event{pipeline_.next_sequence(), now, std::move(body)};
    ENSURE(pipeline_.apply(event, effects_).has_value(), "no event of a backtest is refused");
    for (const AlertRaised& each : effects_.alerts) ++alerts_[each.rule];
  }

  void each_case(const auto& on_case) const {
    for (uint64_t id = 1; id <= engine().case_count(); ++id) on_case(*engine().find_case(CaseId(id)));
  }

  bool has_case(const Number& resident) const {
    const Resident* known = engine().find_resident(resident);
    return known != nullptr && !known->cases.empty();
  }

  Truth truth_of(const Case& of, const Truths& truths) const {
    const auto known = truths.find(engine().find_resident(of.resident)->number);
    return known == truths.end() ? Truth::kUnlabelled : known->second;
  }

  Woken describe(const Case& of, const Truths& truths) const {
    Woken out{engine().find_resident(of.resident)->number,
              of.fraud_type,
              of.level,
              of.score,
              of.opened_at,
              truth_of(of, truths),
              {}};
    for (const Reason& reason : of.reasons) {
      const RuleInfo* rule = reason.rule ? engine().find_rule(reason.rule) : nullptr;
      out.reasons.push_back(
          {rule == nullptr ? "" : rule->id, rule == nullptr ? reason.label : rule->title, reason.points});
    }
    return out;
  }

  const runtime::SharedPacks packs_;
  rules::Pipeline pipeline_;
  Effects effects_;
  std::map<RuleId, uint64_t> alerts_;
};

// A batch on its way: decoded and matched by a worker, then applied in order.
struct Work {
  HistoryBatch batch;
  std::vector<Signal> signals{};  // usable ones
  std::vector<uint64_t> seqs{};
  Instant latest_at{};
  std::array<feed::Matches, 2> matches{};  // by world

  void decode();
};

// The judgement of then holds: what was accepted is not too old or too new today.
void Work::decode() {
  feed::Limits limits;
  limits.ahead = limits.behind = std::chrono::years(100);
  signals.clear();
  seqs.clear();
  latest_at = Instant();
  for (std::string_view left = batch.bytes; !left.empty();) {
    const feed::Frame frame = feed::next_frame(left, left.size());
    if (frame.status != feed::FrameStatus::kComplete) break;
    left.remove_prefix(frame.size);
    Signal signal;
    feed::SignalHead head;
    if (!feed::decode_signal(frame.body, head, signal)) continue;
    if (std::binary_search(batch.rejected.begin(), batch.rejected.end(), head.seq)) continue;
    if (!head.at_ms && batch.now == Instant()) continue;  // a file's row that doesn't say when
    const Instant receipt = batch.now == Instant() ? from_ms(*head.at_ms) : batch.now;
    if (feed::validate(head, receipt, limits, signal)) continue;
    signal.feed = batch.feed;
    latest_at = std::max(latest_at, signal.at);
    signals.push_back(signal);
    seqs.push_back(head.seq);
  }
}

class Backtest {
 public:
  Backtest(const runtime::SharedPacks& with, const runtime::SharedPacks& against, const BacktestOptions& options)
      : options_(options), packs_{with, against}, workers_(std::max<size_t>(options.workers, 1)) {}

  Result<void> take(HistoryBatch&& batch) {
    if (batch.now != Instant() && (batch.now < options_.from || batch.now >= options_.to)) return {};
    if (batch.bytes.empty() && batch.rejected.size() < batch.count) {
      report_.gone += batch.count;
      return {};
    }
    next_.push_back(Work{.batch = std::move(batch)});
    if (next_.size() >= kSlab) hand_over();
    return {};
  }

  BacktestReport finish(const Truths& truths) {
    hand_over();
    wait();
    for (const auto& [resident, truth] : truths) report_.confirmed += truth == Truth::kConfirmed;
    if (worlds_.empty()) return std::move(report_);
    const World* against = packs_[1] == nullptr ? nullptr : &worlds_[1];
    report_.with = worlds_[0].report(truths);
    report_.with.seconds = seconds_of(0);
    report_.gained = worlds_[0].beyond(against, truths);
    if (against != nullptr) {
      report_.against = against->report(truths);
      report_.against->seconds = seconds_of(1);
      report_.lost = against->beyond(&worlds_[0], truths);
    }
    return std::move(report_);
  }

 private:
  // The scratch of one thread.
  struct Worker {
    std::array<rules::Scanner, 2> scanners;
    std::array<double, 2> seconds{};
  };

  // The slab that is full is matched and applied while the next one is read.
  void hand_over() {
    wait();
    current_.swap(next_);
    next_.clear();
    if (!current_.empty()) running_ = std::async(std::launch::async, [this] { process(); });
  }
  void wait() {
    if (running_.valid()) running_.get();
  }

  void process() {
    if (worlds_.empty()) begin();
    std::atomic<size_t> at{0};
    std::vector<std::jthread> threads;
    for (Worker& worker : workers_) {
      threads.emplace_back([this, &at, &worker] {
        for (size_t i = at++; i < current_.size(); i = at++) match(worker, current_[i]);
      });
    }
    threads.clear();  // joins
    for (Work& work : current_) apply(work);
    if (options_.progress) options_.progress(report_.signals + report_.unusable);
  }

  void begin() {
    const Genesis genesis = runtime::make_genesis();
    for (const runtime::SharedPacks& packs : packs_) {
      if (packs != nullptr) worlds_.emplace_back(packs, genesis, current_.front().batch.now);
    }
  }

  void match(Worker& worker, Work& work) const {
    work.decode();
    for (size_t w = 0; w < worlds_.size(); ++w) {
      const auto began = Clock::now();
      runtime::match_all(worker.scanners[w], worlds_[w].program(), work.signals, work.matches[w]);
      worker.seconds[w] += seconds_since(began);
    }
  }

  void apply(Work& work) {
    const HistoryBatch& batch = work.batch;
    report_.signals += work.signals.size();
    report_.unusable += batch.count - work.signals.size();
    const Instant now = std::max({batch.now == Instant() ? work.latest_at : batch.now, worlds_.front().engine().now()});
    if (report_.first == Instant()) report_.first = now;
    report_.last = now;
    for (size_t w = 0; w < worlds_.size(); ++w) {
      World& world = worlds_[w];
      feed::spell_out(work.signals, work.seqs, work.matches[w], spelled_out_);
      const StreamId stream = world.open(batch);
      // A batch that begins after --from has a gap before it, and a restart of a stream is none of ours.
      const uint64_t first_seq = world.engine().find_stream(stream)->next_seq;
      for (MatchedSignal& each : spelled_out_) each.seq = each.seq - batch.first_seq + first_seq;
      world.take(SignalBatch{stream, first_seq, batch.count, work.latest_at, kOnly, spelled_out_, {}}, now);
    }
  }

  double seconds_of(size_t world) const {
    return std::accumulate(workers_.begin(), workers_.end(), 0.0,
                           [world](double sum, const Worker& each) { return sum + each.seconds[world]; });
  }

  const BacktestOptions& options_;
  const std::array<runtime::SharedPacks, 2> packs_;  // the second may be null
  std::vector<Worker> workers_;
  std::deque<World> worlds_;  // they never move
  std::vector<Work> next_;
  std::vector<Work> current_;
  std::future<void> running_;
  std::vector<MatchedSignal> spelled_out_;
  BacktestReport report_;
};

}  // namespace

double minutes_of(TaskType type) {
  switch (type) {
    case TaskType::kCall:
      return 6;
    case TaskType::kMessage:
      return 1;
    case TaskType::kVisit:
      return 45;
    case TaskType::kFamily:
      return 8;
    case TaskType::kStopPayment:
      return 20;
    case TaskType::kLineBlock:
    case TaskType::kFeedback:
    case TaskType::kFollowUp:
      return 3;
  }
  return 0;
}

uint64_t WorldReport::case_count() const {
  uint64_t count = 0;
  for (const auto& [level, cases_of] : cases) count += cases_of;
  return count;
}

double WorldReport::operator_hours() const {
  double minutes = 0;
  for (const auto& [type, count] : tasks) minutes += minutes_of(type) * static_cast<double>(count);
  return minutes / 60;
}

Result<BacktestReport> backtest(History& history, const runtime::SharedPacks& with, const runtime::SharedPacks& against,
                                const BacktestOptions& options) {
  const auto began = Clock::now();
  Backtest run(with, against, options);
  const Result<void> read = history.read([&run](HistoryBatch&& batch) { return run.take(std::move(batch)); });
  BacktestReport report = run.finish(history.truths());
  if (!read) return Failure(read.error());
  report.seconds = seconds_since(began);
  return report;
}

}  // namespace quanzu::simulator
