// What people ask of tasks and instructions, and the answers that they get.
#include "tests/engine/desk.h"

namespace quanzu::tests {
namespace {

TEST_CASE("claiming where nothing waits changes nothing and is answered with no task", "[engine][commands]") {
  Desk desk;
  const std::string before = desk.engine().state_digest();
  const Sequence sequence = desk.engine().last_sequence();
  const Result<Applied> applied = desk.as(desk.li, ClaimNext{}, "key", "hash");
  REQUIRE(applied);
  CHECK(*applied == Applied::kUnchanged);
  CHECK_FALSE(desk.done().task_id);
  CHECK_FALSE(desk.done().case_id);
  CHECK(desk.engine().last_sequence() == sequence);
  CHECK(desk.engine().state_digest() == before);
  CHECK_FALSE(*desk.engine().is_repeat(desk.li, "key", "hash"));  // and the key is free
}

TEST_CASE("a lost race says who holds the task and the version now", "[engine][commands]") {
  Desk desk;
  desk.opened({Desk::kLoan});
  const TaskId task = desk.task(TaskType::kCall).id;
  REQUIRE(desk.as(desk.li, ClaimTask{task, 1}));
  CHECK(desk.done().task_id == task);
  const Result<Applied> lost = desk.as(desk.wang, ClaimTask{task, 1});
  check_refused(desk, lost, Code::kAborted, "held by li");
  CHECK(lost.error().owner == "li");
  CHECK(lost.error().version == 2);
  RecordAttempt stale{task, 1, "reached", Identity::kNone, false, {}, {}};
  check_refused(desk, desk.as(desk.li, stale), Code::kAborted, "version 2 now");
  check_refused(desk, desk.as(desk.wang, stale), Code::kAborted, "held by li");
  check_refused(desk, desk.as(desk.wang, RenewLease{task}), Code::kAborted, "held by li");
  check_refused(desk, desk.as(desk.wang, ReleaseTask{task}), Code::kAborted, "held by li");
  check_refused(desk, desk.as(desk.wang, ClaimTask{TaskId(99), 0}), Code::kNotFound, "task 99");
}

TEST_CASE("results and stoppers are the playbook's words", "[engine][commands]") {
  Desk desk;
  desk.opened({Desk::kLoan});
  const TaskId task = desk.task(TaskType::kCall).id;
  REQUIRE(desk.as(desk.li, ClaimTask{task, 0}));
  RecordAttempt attempt{task, 0, "met", Identity::kNone, false, {}, {}};
  check_refused(desk, desk.as(desk.li, attempt), Code::kInvalidArgument, "no result of a call: it is one of reached");
  attempt.result = "reached";
  attempt.stopped_by = "luck";
  check_refused(desk, desk.as(desk.li, attempt), Code::kInvalidArgument, "operator, visitor");
  attempt.stopped_by = "bank";
  CHECK(desk.as(desk.li, attempt));
}

TEST_CASE("a repeated command is known by its key until it is forgotten", "[engine][commands]") {
  Desk desk;
  desk.opened({Desk::kStrong});
  REQUIRE(desk.as(desk.li, ClaimNext{}, "k1", "h1"));
  CHECK(*desk.engine().is_repeat(desk.li, "k1", "h1"));
  CHECK_FALSE(*desk.engine().is_repeat(desk.wang, "k1", "h1"));  // a key is its user's
  CHECK_FALSE(desk.engine().is_repeat(desk.li, "k1", "h2"));
  check_refused(desk, desk.as(desk.li, ClaimNext{}, "k1", "h1"), Code::kAlreadyExists, "first reply");
  check_refused(desk, desk.as(desk.li, ClaimNext{}, "k1", "h2"), Code::kAlreadyExists, "another request");
  desk.pass(desk.engine().playbook().idempotency);
  REQUIRE(desk.as(desk.li, ClaimNext{}, "k2", "h2"));
  CHECK_FALSE(*desk.engine().is_repeat(desk.li, "k1", "h1"));
  CHECK(*desk.engine().is_repeat(desk.li, "k2", "h2"));
}

TEST_CASE("who is unknown or disabled is refused", "[engine][commands]") {
  Desk desk;
  desk.opened({Desk::kLoan});
  check_refused(desk, desk.as(UserId(99), ClaimNext{}), Code::kUnauthenticated, "no such user");
  REQUIRE(desk.apply(UserDisabled{"li", true}));
  check_refused(desk, desk.as(desk.li, ClaimNext{}), Code::kPermissionDenied, "li is disabled");
}

TEST_CASE("accounts have unique names, and changes name somebody", "[engine][commands]") {
  Desk desk;
  User twice;
  twice.name = "li";
  check_refused(desk, desk.apply(UserAdded{twice}), Code::kAlreadyExists, "a user li");
  check_refused(desk, desk.apply(UserAdded{User()}), Code::kInvalidArgument, "a name");
  check_refused(desk, desk.apply(UserDisabled{"nobody", true}), Code::kNotFound, "nobody");
  check_refused(desk, desk.apply(UserReset{"nobody", "", "", ""}), Code::kNotFound, "nobody");
  REQUIRE(desk.apply(UserReset{"li", "token", "password", "totp"}));
  CHECK(desk.engine().find_user("li")->token_hash == "token");
}

TEST_CASE("a case by hand has one subject, which is not there already", "[engine][commands]") {
  Desk desk;
  OpenCase open;
  check_refused(desk, desk.as(desk.li, open), Code::kInvalidArgument, "one subject");
  open.number = desk.resident;
  open.place = "hall";
  check_refused(desk, desk.as(desk.li, open), Code::kInvalidArgument, "one subject");
  open.number = Number();
  open.kind = "flood";
  check_refused(desk, desk.as(desk.li, open), Code::kInvalidArgument, "no playbook of kind flood");
  open.kind = "fraud";
  REQUIRE(desk.as(desk.li, open));
  CHECK(desk.latest().level == Level::kMedium);
  CHECK(desk.latest().place == "hall");
  check_refused(desk, desk.as(desk.li, open), Code::kAlreadyExists, "case 1");
  open.place.clear();
  open.resident = ResidentId(5);
  check_refused(desk, desk.as(desk.li, open), Code::kNotFound, "resident 5");
}

TEST_CASE("a case opened by hand without a type takes the type of the evidence that comes", "[engine][commands]") {
  Desk desk;
  OpenCase open;
  open.number = desk.resident;
  REQUIRE(desk.as(desk.li, open));
  REQUIRE(desk.send(desk.signal({Desk::kLoan})));
  CHECK(desk.engine().case_count() == 1);
  CHECK(desk.latest().fraud_type == FraudType::kLoan);
  CHECK(desk.latest().score == 55);
}

TEST_CASE("an outcome that raises goes up one level, adds its tasks and is due by its clock", "[engine][commands]") {
  Desk desk;
  desk.opened({Desk::kHigh});
  desk.attempt("busy_with_suspect");
  CHECK(desk.latest().level == Level::kCritical);
  CHECK(desk.task(TaskType::kCall).due_at == desk.now() + std::chrono::minutes(3));
  CHECK(desk.task(TaskType::kVisit).due_at == desk.now() + std::chrono::minutes(30));
}

TEST_CASE("the retries grow and the last of them repeats", "[engine][commands]") {
  Desk desk;
  desk.opened({Desk::kLoan});
  for (Duration wait :
       {Duration(std::chrono::minutes(5)), Duration(std::chrono::minutes(15)), Duration(std::chrono::hours(1)),
        Duration(std::chrono::hours(4)), Duration(std::chrono::hours(4))}) {
    desk.attempt("no_answer");
    CHECK(desk.task(TaskType::kCall).not_before == desk.now() + wait);
    desk.pass(wait);
  }
}

TEST_CASE("a step that ends an open case's last task begins it again", "[engine][commands]") {
  Desk desk;
  desk.opened({Desk::kLoan});
  desk.attempt("bad_number");  // ends the call and opens a visit
  CHECK_FALSE(desk.task(TaskType::kVisit).held());
  const size_t tasks = desk.latest().tasks.size();
  REQUIRE(desk.as(desk.li, ClaimTask{desk.task(TaskType::kVisit).id, 0}));
  desk.attempt("moved", Identity::kNone, false, TaskType::kVisit);  // ends the visit and opens a call
  CHECK(desk.latest().tasks.size() == tasks + 1);
  desk.attempt("bad_number");
  CHECK(desk.task(TaskType::kVisit).state == TaskState::kWaiting);
}

TEST_CASE("instructions are found, signed once and answered once, in words", "[engine][commands]") {
  Desk desk;
  SentSignal sent = desk.signal({});
  sent.kind = Kind::kInstruction;
  sent.strings = {{Field::kInstructionId, "A-1"}, {Field::kLevel, "high"}, {Field::kFraudType, "loan"}};
  sent.numbers = {{Field::kIssuedAt, to_ms(desk.now() - std::chrono::minutes(20))}};
  REQUIRE(desk.send(sent));
  const InstructionId id(1);
  CHECK(desk.latest().t0 == desk.now() - std::chrono::minutes(20));
  desk.pass(Duration(1));
  CHECK(desk.engine().find_instruction(id)->state == InstructionState::kOverdue);  // sign within 15 min of issue
  check_refused(desk, desk.as(desk.li, SignInstruction{InstructionId(2)}), Code::kNotFound, "instruction 2");
  check_refused(desk, desk.as(desk.li, FeedBackInstruction{InstructionId(2), "x", "met"}), Code::kNotFound, "2");
  check_refused(desk, desk.as(desk.li, FeedBackInstruction{id, "x", "waved"}), Code::kInvalidArgument, "returned");
  check_refused(desk, desk.as(desk.li, FeedBackInstruction{id, "", "met"}), Code::kInvalidArgument, "in words");
  REQUIRE(desk.as(desk.li, FeedBackInstruction{id, "不在本辖区", "returned"}));
  CHECK(desk.engine().find_instruction(id)->state == InstructionState::kReturned);
  CHECK(desk.engine().find_instruction(id)->signed_by == desk.li);
  CHECK(desk.done().instruction_id == id);
}

TEST_CASE("a clock only goes on", "[engine][commands]") {
  Desk desk;
  check_refused(desk, desk.as(desk.chen, AdvanceClock{Duration(0)}), Code::kInvalidArgument, "goes on");
  REQUIRE(desk.as(desk.chen, AdvanceClock{std::chrono::hours(1)}));
  CHECK(desk.done().clock_advance == std::chrono::hours(1));
}

TEST_CASE("every place of a task is told in words", "[engine][commands]") {
  Desk desk;
  desk.opened({Desk::kHigh});
  CHECK(desk.engine().why(desk.task(TaskType::kCall)).find("high; due") == 0);
  REQUIRE(desk.as(desk.li, ClaimTask{desk.task(TaskType::kCall).id, 0}));
  CHECK(desk.engine().why(desk.task(TaskType::kCall)).find("held by li until 2026-11-24T02:01:30Z") == 0);
  desk.attempt("no_answer");
  CHECK(desk.engine().why(desk.task(TaskType::kCall)).find("waits until 2026-11-24T02:05:00Z") == 0);
  desk.opened({Desk::kStrong});
  CHECK(desk.engine().why(desk.task(TaskType::kVisit)).find("critical") == 0);
}

}  // namespace
}  // namespace quanzu::tests
