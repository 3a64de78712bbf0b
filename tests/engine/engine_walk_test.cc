// Random walks: people, signals and time do whatever comes to mind, and after every step the engine must be in order.
#include <algorithm>
#include <map>
#include <random>

#include "tests/catch.h"
#include "tests/engine/script.h"

namespace quanzu::tests {
namespace {

class Walk {
 public:
  explicit Walk(uint32_t seed) : random_(seed) {
    for (const char* name : {"li", "wang", "zhao"}) users_.push_back(script_.add_user(name, Role::kOperator));
    users_.push_back(script_.add_user("chen", Role::kSupervisor));
    std::vector<RuleInfo> rules;
    for (int i = 0; i < 8; ++i) {
      RuleInfo rule;
      rule.id = "rule" + std::to_string(i);
      rule.version = "1";
      rule.fraud_type = static_cast<FraudType>(i % 4);  // kNone among them
      rule.stage = static_cast<Stage>(i % 4);
      rule.weight = Millipoints(15'000 + 7'300 * i);
      rule.half_life = std::chrono::hours(24 * i);
      rules.push_back(rule);
    }
    REQUIRE(script_.apply(PackLive{PackVersion(1), "h", rules, {}, {}}));
  }

  void restart() { script_.restart(); }

  void step() {
    const std::string before = script_.engine().state_digest();
    const size_t accepted = script_.accepted();
    const Result<Applied> applied = act();
    if (!applied || *applied == Applied::kUnchanged) {
      fault(script_.accepted() != accepted, "what changed nothing is in the journal");
      fault(script_.engine().state_digest() != before, "what was refused changed the state");
      ++(applied ? unchanged_ : refused_);
    } else {
      ++changed_;
    }
    check_tasks();
    check_cases();
  }

  // Everything that waits, in the order of its keys, is what the queue gives; critical before all else.
  void check_queue_order() {
    const Engine& engine = script_.engine();
    std::vector<QueueKey> keys;
    for_each_task([&](const Case& of, const Task& task) {
      if (task.state == TaskState::kWaiting && task.not_before <= script_.now()) {
        keys.push_back(Queue::key_of(of, task, engine.playbook()));
      }
    });
    std::sort(keys.begin(), keys.end());
    CHECK(engine.queue().size() == keys.size());
    std::vector<bool> seen(1 << 16);
    bool below = false;
    for (const QueueKey& key : keys) {
      const auto next = engine.queue().first({}, [&](TaskId id) { return !seen[id.value()]; });
      if (next != key.task) return fault(true, "the queue gives another task than the least key");
      seen[next->value()] = true;
      const Case& of = *engine.case_of(*next);
      const bool critical = of.level == Level::kCritical && of.find_task(*next)->type != TaskType::kFollowUp;
      fault(critical && below, "a critical task stands behind another");
      below = below || !critical;
    }
  }

  void check_replay() { CHECK(script_.replayed_digest() == script_.engine().state_digest()); }
  size_t changed() const { return changed_; }
  size_t refused() const { return refused_; }
  const Counters& counters() const { return script_.engine().counters(); }

 private:
  size_t any(size_t below) { return random_() % below; }  // not the library's distributions: they differ
  UserId user() { return users_[any(users_.size())]; }
  Number resident() { return Number("8613900000" + std::to_string(100 + any(6))); }
  Number peer() { return any(4) == 0 ? Number() : Number("8617000000" + std::to_string(100 + any(3))); }
  CaseId some_case() { return CaseId(1 + any(script_.engine().case_count() + 1)); }
  TaskId some_task() {
    std::vector<TaskId> tasks{TaskId(9999)};
    for_each_task([&](const Case&, const Task& task) {
      if (task.live() || any(8) == 0) tasks.push_back(task.id);
    });
    return tasks[any(tasks.size())];
  }

  Result<Applied> act() {
    switch (any(14)) {
      case 0:
      case 1:
        return script_.send(signal());
      case 2:
        return script_.send(instruction());
      case 3:
      case 4:
        return script_.as(user(), ClaimNext{any(3) == 0 ? std::vector{TaskType::kVisit} : std::vector<TaskType>()});
      case 5:
        return script_.as(user(), ClaimTask{some_task(), 0});
      case 6:
        return any(2) == 0 ? script_.as(user(), RenewLease{some_task()}) : script_.as(user(), ReleaseTask{some_task()});
      case 7:
      case 8:
      case 9:
        return attempt();
      case 10:
        return close();
      case 11:
        return afterwards();
      case 12:
        return by_hand();
      default:
        return pass();
    }
  }

  Result<Applied> pass() {
    const std::array<Duration, 6> spans = {std::chrono::seconds(20), std::chrono::seconds(90), std::chrono::minutes(5),
                                           std::chrono::hours(1),    std::chrono::hours(30),   std::chrono::days(12)};
    script_.pass(spans[any(spans.size())]);
    const Result<Applied> ticked = script_.apply(Tick());
    CHECK(script_.engine().next_due() > script_.now());  // a tick does all that is due
    return ticked;
  }

  SentSignal signal() {
    SentSignal sent;
    sent.kind = any(5) == 0 ? Kind::kTransfer : Kind::kSms;
    sent.resident = resident();
    sent.peer = peer();
    sent.at = script_.now() - std::chrono::minutes(any(90));
    sent.strings.emplace_back(Field::kText, "text " + std::to_string(any(100)));
    if (sent.kind == Kind::kTransfer)
      sent.strings.emplace_back(Field::kTransferState, any(2) == 0 ? "attempt" : "done");
    for (RuleIndex rule = 0; rule < 8; ++rule) {
      if (any(6) == 0) sent.rules.push_back(rule);
    }
    return sent;
  }

  SentSignal instruction() {
    SentSignal sent;
    sent.kind = Kind::kInstruction;
    sent.resident = resident();
    sent.strings = {{Field::kInstructionId, std::to_string(any(40))},
                    {Field::kLevel, std::string(level_name(static_cast<Level>(1 + any(4))))},
                    {Field::kFraudType, std::string(fraud_type_name(static_cast<FraudType>(any(3))))}};
    sent.numbers.emplace_back(Field::kIssuedAt, to_ms(script_.now() - std::chrono::minutes(any(300))));
    return sent;
  }

  Result<Applied> attempt() {
    const TaskId task = some_task();
    const Case* of = script_.engine().case_of(task);
    const UserId owner = of == nullptr ? UserId() : of->find_task(task)->owner;
    const auto& outcomes = script_.engine().playbook().attempt_outcomes;
    RecordAttempt request;
    request.task = task;
    request.version = of == nullptr || any(3) != 0 ? 0 : of->version - any(2);
    request.result = any(3) == 0 ? "reached" : outcomes[any(outcomes.size())].name;
    request.identity = static_cast<Identity>(any(4));
    request.line_cut = any(2) == 0;
    return script_.as(owner && any(5) != 0 ? owner : user(), request);
  }

  Result<Applied> close() {
    const auto& reasons = script_.engine().playbook().closing_reasons;
    CloseCase request;
    request.case_id = some_case();
    request.reason = reasons[any(reasons.size())].name;
    request.proof = any(2) == 0 ? "seen" : "";
    request.second_person = any(2) == 0 ? "chen" : "";
    return script_.as(user(), request);
  }

  Result<Applied> afterwards() {
    const std::array<std::string, 4> points = {"24h", "7d", "30d", "2h"};
    RecordFollowUp follow_up;
    follow_up.case_id = some_case();
    follow_up.point = points[any(points.size())];
    follow_up.verdict = static_cast<Verdict>(any(3));
    DecideTruth decide{some_case(), static_cast<Truth>(any(4)), {any(2) == 0 ? "loss" : "named_proof_of_false"}};
    const std::array<std::pair<const char*, const char*>, 4> fields = {
        {{"fraud_type", "loan"}, {"closing.reason", "dissuaded"}, {"lost_at", ""}, {"loss_fen", "100"}}};
    const auto& [field, value] = fields[any(fields.size())];
    switch (any(3)) {
      case 0:
        return script_.as(user(), follow_up);
      case 1:
        return script_.as(user(), decide);
      default:
        return script_.as(user(), CorrectCase{some_case(), field, value, "wrong"});
    }
  }

  Result<Applied> by_hand() {
    if (any(2) == 0) return script_.as(user(), SignInstruction{InstructionId(1 + any(20))});
    if (any(2) == 0) return script_.as(user(), FeedBackInstruction{InstructionId(1 + any(20)), "done", "met"});
    OpenCase open;
    if (any(2) == 0) {
      open.number = resident();
    } else {
      open.place = "hall " + std::to_string(any(3));
    }
    open.level = static_cast<Level>(1 + any(4));
    return script_.as(user(), open, std::to_string(any(30)), std::to_string(any(2)));
  }

  template <class Each>
  void for_each_task(const Each& each) const {
    for (size_t i = 1; i <= script_.engine().case_count(); ++i) {
      const Case& of = *script_.engine().find_case(CaseId(i));
      for (const Task& task : of.tasks) each(of, task);
    }
  }

  void fault(bool wrong, const std::string& what) {
    if (wrong) FAIL_CHECK(what);
  }

  void check_tasks() {
    for_each_task([&](const Case& of, const Task& task) {
      const std::string name = "task " + std::to_string(task.id.value());
      const bool ready = task.state == TaskState::kWaiting && task.not_before <= script_.now();
      fault(script_.engine().queue().holds(task.id) != ready, name + " waits, or doesn't, and the queue differs");
      fault(task.held() != bool(task.owner), name + " is held by nobody, or has an owner who does not hold it");
      fault(task.held() && task.lease_until <= script_.now(), name + " is held beyond its lease");
      fault(task.due_at == Instant(), name + " is never due");
      fault(task.live() && !of.is_open() && !outlives_closing(task.type), name + " goes on after the closing");
    });
  }

  void check_cases() {
    for (size_t i = 1; i <= script_.engine().case_count(); ++i) {
      const Case& of = *script_.engine().find_case(CaseId(i));
      const std::string name = "case " + std::to_string(i);
      int32_t points = 0;
      for (const Reason& reason : of.reasons) points += reason.points;
      fault(points != of.score, name + ": the reasons don't add up to the score");
      fault(of.is_open() == of.closing.has_value(), name + " is open and closed");
      if (!of.is_open()) continue;
      const bool in_work = std::any_of(of.tasks.begin(), of.tasks.end(),
                                       [](const Task& task) { return task.live() && !outlives_closing(task.type); });
      fault(!in_work, name + " is open and nobody is asked to do anything");
      auto& [reopened, level] = levels_[of.id];
      fault(of.level < level && of.reopened == reopened, name + " fell while it was open");
      reopened = of.reopened;
      level = of.level;
    }
  }

  std::mt19937 random_;
  Script script_;
  std::vector<UserId> users_;
  std::map<CaseId, std::pair<uint32_t, Level>> levels_;
  size_t changed_ = 0;
  size_t refused_ = 0;
  size_t unchanged_ = 0;
};

TEST_CASE("whatever happens, tasks, queue and cases are in order, and a replay gives the same", "[engine][walk]") {
  Counters all;
  for (uint32_t seed = 1; seed <= 12; ++seed) {
    INFO("seed " << seed);
    Walk walk(seed);
    for (int i = 0; i < 300; ++i) {
      walk.step();
      if (i % 20 == 0) walk.check_queue_order();
    }
    walk.check_queue_order();
    walk.check_replay();
    CHECK(walk.changed() > 100);
    CHECK(walk.refused() > 30);
    all.cases_reopened += walk.counters().cases_reopened;
    all.cases_closed += walk.counters().cases_closed;
    all.leases_lost += walk.counters().leases_lost;
    all.tasks_done += walk.counters().tasks_done;
    all.instruction_repeats += walk.counters().instruction_repeats;
  }
  // The walks went everywhere.
  CHECK(all.cases_closed > 50);
  CHECK(all.cases_reopened > 10);
  CHECK(all.leases_lost > 50);
  CHECK(all.tasks_done > 20);
  CHECK(all.instruction_repeats > 20);
}

TEST_CASE("an engine that goes on from a snapshot at any step does what one that never stopped does",
          "[engine][walk]") {
  for (uint32_t seed = 21; seed <= 28; ++seed) {
    INFO("seed " << seed);
    Walk walk(seed);
    for (int i = 0; i < 250; ++i) {
      walk.step();
      if (i % 3 == 0) walk.restart();
    }
    walk.check_queue_order();
    walk.check_replay();
  }
}

TEST_CASE("an engine's snapshot that is cut short or changed is refused, or harmless", "[engine]") {
  Script script;
  const UserId user = script.add_user("li", Role::kOperator);
  for (const char* place : {"hall 1", "hall 2"}) {
    OpenCase open;
    open.place = place;
    open.level = Level::kHigh;
    REQUIRE(script.as(user, open, place));
  }
  REQUIRE(script.as(user, ClaimNext{}));
  const std::string bytes = script.engine().snapshot();
  size_t refused = 0;
  for (size_t at = 0; at < bytes.size(); ++at) {
    CHECK_FALSE(Engine::restore(bytes.substr(0, at), Playbook::defaults()));
    for (const int change : {1, 0x55, 0xff}) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ change);
      const Result<Engine> restored = Engine::restore(changed, Playbook::defaults());
      refused += restored ? 0 : 1;
      if (restored) restored->state_digest();
    }
  }
  CHECK(refused > bytes.size());
}

}  // namespace
}  // namespace quanzu::tests
