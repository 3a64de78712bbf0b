// A small desk for the engine's tests: three people, three rules, one resident whose case is opened as asked.
#pragma once
#include "tests/catch.h"
#include "tests/engine/script.h"

namespace quanzu::tests {

class Desk : public Script {
 public:
  Desk() {
    li = add_user("li", Role::kOperator);
    wang = add_user("wang", Role::kOperator);
    chen = add_user("chen", Role::kSupervisor);
    go_live({rule("loan", FraudType::kLoan, Stage::kHook, 55), rule("screen", FraudType::kLoan, Stage::kScreen, 10),
             rule("police", FraudType::kImpersonatePolice, Stage::kHook, 55),
             rule("strong", FraudType::kLoan, Stage::kHook, 95), rule("high", FraudType::kLoan, Stage::kHook, 75)});
  }

  static RuleInfo rule(const std::string& id, FraudType type, Stage stage, int points,
                       const std::string& version = "1") {
    RuleInfo made;
    made.id = id;
    made.version = version;
    made.fraud_type = type;
    made.stage = stage;
    made.weight = Millipoints(points * 1000);
    made.half_life = std::chrono::days(30);
    return made;
  }
  void go_live(std::vector<RuleInfo> rules) {
    const PackVersion next(engine().live_pack().value() + 1);
    REQUIRE(apply(PackLive{next, "h", std::move(rules), {}, {}}));
  }

  static constexpr RuleIndex kLoan = 0, kScreen = 1, kPolice = 2, kStrong = 3, kHigh = 4;
  SentSignal signal(std::vector<RuleIndex> rules, const char* peer = "8617000000001") const {
    SentSignal sent;
    sent.resident = resident;
    sent.peer = Number(peer);
    sent.rules = std::move(rules);
    return sent;
  }
  const Case& opened(std::vector<RuleIndex> rules) {
    REQUIRE(send(signal(std::move(rules))));
    return latest();
  }
  const Case& latest() const { return *engine().find_case(CaseId(engine().case_count())); }
  const Task& task(TaskType type) const {
    for (const Task& each : latest().tasks) {
      if (each.type == type && each.live()) return each;
    }
    FAIL("no such task is alive");
    return latest().tasks.front();
  }

  // Takes the call (or visit) and records an attempt on it.
  void attempt(const std::string& result, Identity identity = Identity::kNone, bool line_cut = false,
               TaskType type = TaskType::kCall) {
    const TaskId id = task(type).id;
    if (!task(type).held()) REQUIRE(as(li, ClaimTask{id, 0}));
    RecordAttempt request;
    request.task = id;
    request.result = result;
    request.identity = identity;
    request.line_cut = line_cut;
    REQUIRE(as(task(type).owner, request));
  }

  Result<Applied> close(UserId by, const std::string& reason, const std::string& proof = {},
                        const std::string& second = {}) {
    return as(by, CloseCase{latest().id, 0, reason, proof, second});
  }

  UserId li, wang, chen;
  Number resident{"8613900001111"};
};

// That it was refused with this code and with these words, and that nothing changed.
inline void check_refused(Script& script, const Result<Applied>& result, Code code, const std::string& words) {
  REQUIRE_FALSE(result);
  INFO(result.error().message);
  CHECK(code_name(result.error().code) == code_name(code));
  CHECK(result.error().message.find(words) != std::string::npos);
  CHECK(script.replayed_digest() == script.engine().state_digest());
}

}  // namespace quanzu::tests
