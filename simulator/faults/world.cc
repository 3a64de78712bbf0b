#include "simulator/faults/world.h"

#include <algorithm>

#include "adapters/runtime/projection.h"
#include "adapters/store/snapshot.h"
#include "adapters/store/verify.h"
#include "simulator/faults/audit.h"
#include "simulator/faults/clerk.h"
#include "simulator/faults/machine.h"
#include "simulator/faults/mood.h"
#include "simulator/faults/sender.h"

namespace quanzu::simulator {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Instant kBegin = from_ms(1'795'485'600'000);  // 2026-11-24T02:00:00Z
constexpr std::string_view kFeed = "telecom";
constexpr size_t kMostSignals = 600;  // of a stream
constexpr uint64_t kCalmRounds = 4000;

User account(const std::string& name, Role role) {
  return User{{}, name, role, false, accounts::hash_token(name), "-", "-"};
}

class World {
 public:
  World(uint64_t seed, const FaultPacks& packs, const fs::path& folder);
  ~World() { machine_.reset(); }

  FaultReport run();

 private:
  // What happens.
  void step();
  void step_machine();
  void step_people();
  void arm_disk();
  void lie();
  void pass_time(Duration by);
  void step_clock();
  void calm();
  void settle();
  void move_everything();

  // The server's lives.
  void ensure_running();
  void end_machine(bool power);
  void stop_machine();
  void damage_snapshot();
  void check_recovered();
  void check_leases();
  void verify();
  void audit();

  Instant system() const { return kBegin + elapsed_ + offset_; }
  Sender::Connect connect() {
    return [this] { return machine_ == nullptr ? nullptr : machine_->connect(); };
  }
  Clerk::Ask ask() {
    return [this](Command command, api::Reply reply) {
      if (machine_ == nullptr) return false;
      machine_->command(std::move(command), std::move(reply));
      return true;
    };
  }

  Random random_;
  const Mood mood_;
  const FaultPacks& packs_;
  Judge judge_;
  Disk disk_;
  Machine::Settings settings_;
  StateAfter states_;
  Duration elapsed_{};
  Duration offset_{};  // of the system's clock from the true time
  std::vector<Sender> senders_;
  std::vector<Duration> skews_;  // of the senders' clocks
  ClaimBook book_{judge_};
  std::vector<Clerk> clerks_;
  bool lied_ = false;  // in this life
  std::unique_ptr<Machine> machine_;
  FaultReport report_;
};

World::World(uint64_t seed, const FaultPacks& packs, const fs::path& folder)
    : random_(seed), mood_(mood_of(random_)), packs_(packs) {
  report_.seed = seed;
  settings_.data = folder / ("seed-" + std::to_string(seed));
  settings_.genesis = seed;
  settings_.snapshot_every = static_cast<uint64_t>(random_.between(10, 80));
  settings_.most_matching = static_cast<size_t>(random_.between(1, 4));
  settings_.inbox_bytes = random_.chance(300) ? 2000 : 1 << 20;
  settings_.users.push_back(account(std::string(kFeed), Role::kFeed));
  const auto clerks = static_cast<size_t>(random_.between(1, 3));
  for (size_t n = 0; n < clerks; ++n) {
    settings_.users.push_back(account("clerk-" + std::to_string(n), Role::kOperator));
    clerks_.emplace_back(n, UserId(static_cast<uint32_t>(n) + 2), random_.fork(n), book_, judge_);
  }
  const auto streams = static_cast<size_t>(random_.between(1, 4));
  for (size_t n = 0; n < streams; ++n) {
    senders_.emplace_back("s" + std::to_string(n), std::string(kFeed), random_.fork(100 + n), judge_);
    skews_.emplace_back(random_.chance(300) ? minutes(random_.between(1, 20)) : minutes(0));
  }
  std::error_code ignored;
  fs::remove_all(settings_.data, ignored);
  disk_.between_steps([this] {
    if (machine_ == nullptr || !random_.chance(300)) return;
    machine_->poll();
    machine_->deliver(random_, 2000);
    for (Sender& each : senders_) each.read();
  });
}

FaultReport World::run() {
  for (uint64_t n = 0; n < mood_.steps && judge_.content(); ++n) step();
  if (judge_.content()) calm();
  if (judge_.content()) settle();
  if (judge_.content()) audit();
  machine_.reset();
  report_.wrong = judge_.first();
  for (const Sender& each : senders_) report_.signals += each.made().size();
  for (const Clerk& each : clerks_) report_.answers += each.answers();
  std::error_code ignored;
  if (report_.wrong.empty()) fs::remove_all(settings_.data, ignored);
  return report_;
}

// ---- what happens

void World::step() {
  ensure_running();
  if (machine_ == nullptr) return;
  pass_time(milliseconds(random_.below(200)));
  if (mood_.clock && random_.chance(20)) step_clock();
  if (random_.chance(15)) pass_time(seconds(random_.between(10, 200)));
  step_people();
  arm_disk();
  for (uint64_t n = random_.below(6); n > 0 && !disk_.ended(); --n) step_machine();
  if (disk_.ended()) return end_machine(mood_.power && random_.chance(500));
  if (machine_->failed()) {
    machine_->poll();
    machine_->deliver(random_, 2000);
    return end_machine(mood_.power && random_.chance(500));
  }
  if (random_.chance(mood_.end_chance)) {
    if (random_.chance(200)) return stop_machine();
    end_machine(mood_.power && random_.chance(500));
  }
}

void World::step_people() {
  for (size_t n = 0; n < senders_.size(); ++n) {
    Sender& sender = senders_[n];
    const bool quiet = mood_.idle && n + 1 == senders_.size() && !random_.chance(10);
    if (!quiet && random_.chance(300)) {
      for (uint64_t more = random_.below(12); more > 0 && sender.made().size() < kMostSignals; --more) {
        sender.make(kBegin + elapsed_ - skews_[n] - milliseconds(random_.below(3000)));
      }
    }
    if (random_.chance(500)) sender.act(connect());
  }
  for (Clerk& each : clerks_) {
    if (random_.chance(200)) each.act(ask());
  }
}

void World::step_machine() {
  switch (random_.below(10)) {
    case 0:
    case 1:
      machine_->poll();
      return machine_->deliver(random_, 3000);
    case 2:
      return machine_->begin_match();
    case 3:
      return machine_->end_match(random_.below(settings_.most_matching));
    case 4:
    case 5:
      machine_->serve();
      return check_leases();
    case 6:
      return machine_->close_block();
    case 7:
      if (mood_.lies && random_.chance(20)) return lie();
      return machine_->commit();
    case 8:
      if (random_.chance(300)) return machine_->checkpoint();
      if (random_.chance(300)) return machine_->follow();
      return;
    default:
      if (mood_.packs && random_.chance(100)) machine_->go_live(random_.below(kFaultPacks));
      return;
  }
}

// A commit whose flush does not reach the disk; everybody hears of it, then the power goes.
void World::lie() {
  disk_.arm(DiskFault::kLostFlush, 1);
  machine_->commit();
  lied_ = disk_.hit();
  disk_.disarm();
  if (!lied_) return;
  for (int n = 0; n < 3; ++n) {
    machine_->poll();
    machine_->deliver(random_, 10'000);
    for (Sender& each : senders_) each.read();
  }
  disk_.end();
}

void World::arm_disk() {
  if (!random_.chance(mood_.disk_chance)) return;
  disk_.arm(random_.pick(mood_.disk), 1 + random_.below(30));
}

void World::pass_time(Duration by) {
  elapsed_ += by;
  if (machine_ != nullptr) machine_->pass_time(elapsed_);
}

// Forth by up to an hour, or back to a minute behind the true time.
void World::step_clock() {
  offset_ = random_.chance(500) ? seconds(random_.between(-60, 0)) : seconds(random_.between(0, 3600));
}

// ---- the server's lives

void World::ensure_running() {
  while (machine_ == nullptr && judge_.content()) {
    ++report_.starts;
    const bool armed = !mood_.disk.empty() && random_.chance(150);
    if (armed) disk_.arm(random_.pick(mood_.disk), 1 + random_.below(12));
    Result<std::unique_ptr<Machine>> started = Machine::start(
        settings_, disk_, packs_, [this] { return system(); }, states_, judge_);
    if (started) machine_ = std::move(*started);
    const bool failed = armed && disk_.hit();
    disk_.disarm();
    if (!started && !failed) return judge_.wrong("the server does not start: " + started.error().message);
    if (started && !disk_.ended()) return check_recovered();
    end_machine(mood_.power && random_.chance(500));
  }
}

void World::end_machine(bool power) {
  disk_.disarm();
  disk_.end();
  machine_.reset();
  for (Clerk& each : clerks_) each.no_answer();
  if (power || lied_) disk_.cut_power(random_);
  report_.power_cuts += power;
  disk_.start();
  if (mood_.snapshots && random_.chance(300)) damage_snapshot();
}

// All that it has taken is committed, then it goes.
void World::stop_machine() {
  for (int n = 0; n < 3 && !machine_->failed() && !disk_.ended(); ++n) {
    machine_->close_block();
    machine_->commit();
  }
  if (machine_->failed() || disk_.ended()) return end_machine(false);
  machine_->poll();
  machine_.reset();
  for (Clerk& each : clerks_) each.no_answer();
  if (disk_.ended()) end_machine(mood_.power);
  disk_.disarm();
}

void World::damage_snapshot() {
  const std::vector<fs::path> found = store::find_snapshots(settings_.data);
  if (found.empty()) return;
  const fs::path& file = random_.pick(found);
  std::error_code ignored;
  const uintmax_t size = fs::file_size(file, ignored);
  fs::resize_file(file, random_.below(size), ignored);
}

void World::check_recovered() {
  const Engine& engine = machine_->engine();
  for (Sender& each : senders_) {
    const Stream* stream = engine.find_stream(kFeed, each.stream());
    const uint64_t kept = stream == nullptr ? 0 : stream->next_seq - 1;
    if (lied_) each.forget_acks_after(kept);
    if (kept < each.acked()) {
      judge_.wrong("stream " + each.stream() + ": up to " + std::to_string(each.acked()) + " was acked, up to " +
                   std::to_string(kept) + " is there after a recovery");
    }
  }
  for (Clerk& each : clerks_) {
    if (lied_) each.forget();
  }
  if (lied_) book_.forget();
  report_.lies += std::exchange(lied_, false);
  check_told_cases(engine, clerks_, judge_);
  verify();
}

// Right after something was served: what was due by then is over.
void World::check_leases() {
  const std::string held = overdue_lease(machine_->engine());
  if (!held.empty()) judge_.wrong(held);
}

void World::verify() {
  Result<std::unique_ptr<store::Reader>> reader = machine_->store().reader();
  if (!reader) return judge_.wrong("the store gives no reader: " + reader.error().message);
  const Result<store::VerifyReport> verified =
      store::verify(**reader, [](const Engine& engine, const Effects& effects, std::vector<store::Row>& rows) {
        runtime::project_event(engine, effects, rows);
      });
  if (!verified) return judge_.wrong("verify cannot read: " + verified.error().message);
  if (!verified->ok) judge_.wrong("verify: " + verified->first_difference);
  report_.blocks = verified->blocks;
  report_.digest = verified->journal_digest + "-" + verified->state_digest;
}

// ---- the end

// Nothing fails any more: everything that was made gets through.
void World::calm() {
  disk_.disarm();
  const auto idle = [this] {
    const bool sent = std::all_of(senders_.begin(), senders_.end(), [](const Sender& each) { return each.done(); });
    return sent && machine_ != nullptr && !machine_->busy();
  };
  if (disk_.ended() && machine_ != nullptr) end_machine(mood_.power);
  for (uint64_t n = 0; n < kCalmRounds && judge_.content(); ++n) {
    if (machine_ != nullptr && machine_->failed()) end_machine(mood_.power);
    ensure_running();
    if (machine_ == nullptr) continue;
    if (idle()) return;
    pass_time(milliseconds(100));
    for (Sender& each : senders_) each.go_on(connect());
    move_everything();
  }
  if (judge_.content()) judge_.wrong("not everything gets through though nothing fails any more");
}

void World::move_everything() {
  machine_->poll();
  machine_->deliver(random_, 100'000);
  machine_->poll();
  while (machine_->matching() < settings_.most_matching) {
    const size_t before = machine_->matching();
    machine_->begin_match();
    if (machine_->matching() == before) break;
  }
  while (machine_->matching() > 0) machine_->end_match(0);
  for (int n = 0; n < 20; ++n) machine_->serve();
  machine_->close_block();
  machine_->commit();
}

// The feeds are silent: windows close with the clock, leases end.
void World::settle() {
  for (int n = 0; n < 60; ++n) {
    pass_time(seconds(31));
    if (n == 40)
      offset_ = std::max<Duration>(offset_, Duration()) + minutes(60);  // also where the clock had stepped back
    move_everything();
    check_leases();
  }
  const std::string waiting = waiting_window(machine_->pipeline());
  if (!waiting.empty()) judge_.wrong(waiting);
}

void World::audit() {
  check_told_cases(machine_->engine(), clerks_, judge_);
  verify();
  Result<std::unique_ptr<store::Reader>> reader = machine_->store().reader();
  if (!reader) return judge_.wrong("the store gives no reader: " + reader.error().message);
  const Result<void> read = audit_signals(**reader, machine_->engine(), kFeed, senders_, judge_);
  if (!read) judge_.wrong("the journal cannot be read: " + read.error().message);
}

}  // namespace

FaultReport run_faults(uint64_t seed, const FaultPacks& packs, const fs::path& folder) {
  return World(seed, packs, folder).run();
}

fs::path fault_folder() {
  std::error_code error;
  const fs::path memory = "/dev/shm";
  return fs::is_directory(memory, error) ? memory : fs::temp_directory_path();
}

}  // namespace quanzu::simulator
