// Every refusal of Close, and what is learned of a case after it.
#include "tests/engine/desk.h"

namespace quanzu::tests {
namespace {

TEST_CASE("a success needs the resident in person, the line cut, and says which is missing", "[engine][closing]") {
  Desk desk;
  desk.opened({Desk::kLoan});
  check_refused(desk, desk.close(desk.li, "dissuaded"), Code::kFailedPrecondition, "the resident in person");
  desk.attempt("no_answer", Identity::kCalledBack, true);  // nobody was there: the line can't have been cut by it
  check_refused(desk, desk.close(desk.li, "dissuaded"), Code::kFailedPrecondition, "the resident in person");
  desk.attempt("reached");
  check_refused(desk, desk.close(desk.li, "dissuaded"), Code::kFailedPrecondition, "the line cut");
  desk.attempt("reached", Identity::kNone, true);
  CHECK(desk.close(desk.li, "dissuaded"));
  CHECK(desk.latest().state == CaseState::kFollowingUp);
}

TEST_CASE("a success needs a strong identity by level, by type and by stage", "[engine][closing]") {
  const std::vector<std::vector<RuleIndex>> strong = {{Desk::kStrong}, {Desk::kPolice}, {Desk::kLoan, Desk::kScreen}};
  for (const auto& rules : strong) {
    Desk desk;
    desk.opened(rules);
    desk.attempt("reached", Identity::kQuestion, true);
    check_refused(desk, desk.close(desk.li, "dissuaded"), Code::kFailedPrecondition, "I2 or I3");
    desk.attempt("reached", Identity::kCalledBack, false);
    CHECK(desk.close(desk.li, "dissuaded"));
  }
}

TEST_CASE("a false alarm needs a proof, and from high on a supervisor who is somebody else", "[engine][closing]") {
  Desk medium;
  medium.opened({Desk::kLoan});
  check_refused(medium, medium.close(medium.li, "false_alarm"), Code::kFailedPrecondition, "a proof");
  CHECK(medium.close(medium.li, "false_alarm", "the bank's own message"));

  Desk desk;
  desk.opened({Desk::kHigh});
  desk.add_user("deng", Role::kSupervisor);
  const auto refused = [&](UserId by, const std::string& second, const std::string& words) {
    check_refused(desk, desk.close(by, "false_alarm", "seen", second), Code::kFailedPrecondition, words);
  };
  refused(desk.li, "", "needs a second person");
  refused(desk.li, "nobody", "no user here");
  refused(desk.li, "wang", "not a supervisor");
  refused(desk.chen, "chen", "somebody else");
  REQUIRE(desk.apply(UserDisabled{"deng", true}));
  refused(desk.li, "deng", "disabled");
  REQUIRE(desk.apply(UserDisabled{"deng", false}));
  CHECK(desk.close(desk.li, "false_alarm", "seen", "deng"));
  CHECK(desk.latest().closing->second_person == desk.engine().find_user("deng")->id);
}

TEST_CASE("only a supervisor gives up, and unknown reasons are answered with the known ones", "[engine][closing]") {
  Desk desk;
  desk.opened({Desk::kLoan});
  check_refused(desk, desk.close(desk.li, "exhausted"), Code::kFailedPrecondition, "a supervisor");
  check_refused(desk, desk.close(desk.li, "tired"), Code::kInvalidArgument, "dissuaded, stop_payment");
  check_refused(desk, desk.as(desk.li, CloseCase{CaseId(7), 0, "wrong_user", {}, {}}), Code::kNotFound, "case 7");
  check_refused(desk, desk.as(desk.li, CloseCase{CaseId(1), 99, "wrong_user", {}, {}}), Code::kAborted,
                "version 1 now");
  CHECK(desk.close(desk.chen, "exhausted"));
  check_refused(desk, desk.close(desk.chen, "exhausted"), Code::kFailedPrecondition, "closed already");
}

TEST_CASE("closing ends the tasks and takes them from whoever holds them", "[engine][closing]") {
  Desk desk;
  desk.opened({Desk::kStrong});
  REQUIRE(desk.as(desk.wang, ClaimTask{desk.task(TaskType::kVisit).id, 0}));
  REQUIRE(desk.close(desk.li, "wrong_user"));
  for (const Task& task : desk.latest().tasks) {
    CHECK(task.state == TaskState::kCancelled);
    CHECK_FALSE(task.owner);
  }
  CHECK(desk.latest().state == CaseState::kClosed);  // a reason without follow-ups
  CHECK(desk.engine().queue().size() == 0);
  CHECK(desk.engine().next_due() == kNever);  // no lease, no clock is left behind
}

TEST_CASE("a critical case is followed up after 30 minutes and two hours too", "[engine][closing]") {
  Desk desk;
  desk.opened({Desk::kStrong});
  desk.attempt("reached", Identity::kCalledBack, true);
  REQUIRE(desk.close(desk.li, "dissuaded"));
  std::string points;
  for (const FollowUp& each : desk.latest().follow_ups) points += each.point + " ";
  CHECK(points == "30min 2h 24h 7d 30d ");
  CHECK(desk.engine().next_due() == desk.now() + std::chrono::minutes(30));
}

TEST_CASE("a loss at closing is dated to it unless the reason says that it came before", "[engine][closing]") {
  Desk paid;
  paid.opened({Desk::kLoan});
  REQUIRE(paid.close(paid.li, "stop_payment"));
  CHECK(paid.latest().lost_at == paid.now());
  CHECK(paid.latest().settled_truth() == Truth::kConfirmed);
  Desk before;
  before.opened({Desk::kLoan});
  REQUIRE(before.close(before.li, "lost_before_warning"));
  CHECK_FALSE(before.latest().lost_at);
}

TEST_CASE("a follow-up's loss needs a past time, and only a loss has an amount", "[engine][closing]") {
  Desk desk;
  desk.opened({Desk::kLoan});
  desk.attempt("reached", Identity::kNone, true);
  REQUIRE(desk.close(desk.li, "dissuaded"));
  RecordFollowUp request;
  request.case_id = desk.latest().id;
  request.point = "24h";
  request.verdict = Verdict::kNoLoss;
  request.loss = Fen(5);
  check_refused(desk, desk.as(desk.wang, request), Code::kInvalidArgument, "only the verdict loss");
  request.verdict = Verdict::kLoss;
  request.lost_at = desk.now() + std::chrono::seconds(1);
  check_refused(desk, desk.as(desk.wang, request), Code::kInvalidArgument, "future");
  request.lost_at.reset();
  request.loss = Fen(-5);
  check_refused(desk, desk.as(desk.wang, request), Code::kInvalidArgument, "negative");
  request.loss = Fen(500);
  desk.pass(std::chrono::hours(1));
  REQUIRE(desk.as(desk.wang, request));
  CHECK(desk.latest().lost_at == desk.now());
  CHECK(desk.latest().loss == Fen(500));
}

TEST_CASE("truth needs its criteria, known by name", "[engine][closing]") {
  Desk desk;
  desk.opened({Desk::kLoan});
  const CaseId id = desk.latest().id;
  const auto decide = [&](UserId by, Truth truth, std::vector<std::string> criteria) {
    return desk.as(by, DecideTruth{id, truth, std::move(criteria)});
  };
  check_refused(desk, decide(desk.chen, Truth::kConfirmed, {"loss"}), Code::kFailedPrecondition, "the case is open");
  desk.attempt("reached", Identity::kNone, true);
  REQUIRE(desk.close(desk.li, "dissuaded"));
  check_refused(desk, decide(desk.li, Truth::kConfirmed, {"loss"}), Code::kFailedPrecondition, "who closed");
  check_refused(desk, decide(desk.chen, Truth::kUnlabelled, {"loss"}), Code::kInvalidArgument, "confirmed, refuted");
  check_refused(desk, decide(desk.chen, Truth::kConfirmed, {}), Code::kInvalidArgument, "name the criteria");
  check_refused(desk, decide(desk.chen, Truth::kConfirmed, {"guess"}), Code::kInvalidArgument, "independent_proof");
  check_refused(desk, decide(desk.chen, Truth::kConfirmed, {"independent_proof"}), Code::kFailedPrecondition,
                "content_confirmed_by_resident");
  check_refused(desk, decide(desk.chen, Truth::kRefuted, {"none"}), Code::kFailedPrecondition, "named_proof_of_false");
  CHECK(decide(desk.chen, Truth::kUndetermined, {"none"}));
  CHECK(decide(desk.chen, Truth::kConfirmed, {"content_confirmed_by_resident", "independent_proof"}));
  CHECK(desk.latest().truth.size() == 2);  // appended, not replaced
  CHECK(desk.latest().settled_truth() == Truth::kConfirmed);
}

TEST_CASE("a correction keeps before and after, and passes the checks that closing has", "[engine][closing]") {
  Desk desk;
  desk.opened({Desk::kLoan});
  const CaseId id = desk.latest().id;
  const auto correct = [&](const char* field, const char* value, const char* why = "the bank wrote") {
    return desk.as(desk.wang, CorrectCase{id, field, value, why});
  };
  check_refused(desk, correct("closing.reason", "dissuaded"), Code::kFailedPrecondition, "the case is open");
  check_refused(desk, correct("fraud_type", "loan", ""), Code::kInvalidArgument, "say why");
  check_refused(desk, correct("fraud_type", "theft"), Code::kInvalidArgument, "theft");
  check_refused(desk, correct("level", "low"), Code::kInvalidArgument, "closing.reason, lost_at and loss_fen");
  check_refused(desk, correct("lost_at", "yesterday"), Code::kInvalidArgument, "yesterday");
  check_refused(desk, correct("loss_fen", "1.5"), Code::kInvalidArgument, "whole fen");
  REQUIRE(desk.close(desk.li, "wrong_user"));
  check_refused(desk, correct("closing.reason", "dissuaded"), Code::kFailedPrecondition, "in person");
  REQUIRE(correct("closing.reason", "stop_payment"));
  CHECK(desk.latest().state == CaseState::kFollowingUp);  // the new reason is followed up
  CHECK(desk.latest().lost_at == desk.latest().closing->at);
  REQUIRE(correct("loss_fen", "12300"));
  REQUIRE(correct("loss_fen", "45600"));
  const Correction& last = desk.latest().corrections.back();
  CHECK(last.before == "12300");
  CHECK(last.after == "45600");
  CHECK(last.by == desk.wang);
  REQUIRE(correct("lost_at", ""));
  CHECK_FALSE(desk.latest().lost_at);
}

}  // namespace
}  // namespace quanzu::tests
