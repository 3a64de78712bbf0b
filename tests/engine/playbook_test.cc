#include "engine/playbook.h"

#include <rapidcheck.h>

#include "tests/catch.h"

using namespace quanzu;
using namespace std::chrono_literals;

namespace {

const Playbook kPlaybook = Playbook::defaults();

Level after(int points, Level present) {
  return kPlaybook.level_after(Millipoints(points * 1000), present);
}

const Clocks& clocks(Level level) {
  return kPlaybook.clocks[static_cast<size_t>(level)];
}

}  // namespace

TEST_CASE("levels begin at 40, 50, 70 and 90 points") {
  struct At {
    int millipoints;
    Level level;
  };
  const At at = GENERATE(values<At>({{-5'000, Level::kNone},
                                     {39'999, Level::kNone},
                                     {40'000, Level::kLow},
                                     {49'999, Level::kLow},
                                     {50'000, Level::kMedium},
                                     {69'999, Level::kMedium},
                                     {70'000, Level::kHigh},
                                     {89'999, Level::kHigh},
                                     {90'000, Level::kCritical},
                                     {500'000, Level::kCritical}}));
  CHECK(kPlaybook.level_of(Millipoints(at.millipoints)) == at.level);
}

TEST_CASE("a level is raised at once and left only five points below where it begins") {
  CHECK(after(95, Level::kNone) == Level::kCritical);
  CHECK(after(85, Level::kCritical) == Level::kCritical);
  CHECK(after(84, Level::kCritical) == Level::kHigh);
  CHECK(after(84, Level::kHigh) == Level::kHigh);
  CHECK(after(65, Level::kHigh) == Level::kHigh);
  CHECK(after(64, Level::kHigh) == Level::kMedium);
  CHECK(after(35, Level::kLow) == Level::kLow);
  CHECK(after(34, Level::kLow) == Level::kNone);
  CHECK(after(0, Level::kCritical) == Level::kNone);
  CHECK(after(67, Level::kCritical) == Level::kHigh);  // as if it had come down slowly
}

TEST_CASE("a score that falls in one leap ends at the level of one that falls slowly") {
  REQUIRE(rc::check("level_after is independent of how often one looks", [] {
    const int high = *rc::gen::inRange(0, 120'000);
    const int low = *rc::gen::inRange(0, high + 1);
    const Level start = kPlaybook.level_of(Millipoints(high));
    Level level = start;
    for (int score = high; score > low; score -= 500) level = kPlaybook.level_after(Millipoints(score), level);
    level = kPlaybook.level_after(Millipoints(low), level);
    RC_ASSERT(level == kPlaybook.level_after(Millipoints(low), start));
  }));
}

TEST_CASE("the assumed clocks of each level") {
  CHECK(clocks(Level::kCritical).sign == 5min);
  CHECK(clocks(Level::kCritical).call == 3min);
  CHECK(clocks(Level::kCritical).visit == 30min);
  CHECK(clocks(Level::kHigh).sign == 15min);
  CHECK(clocks(Level::kHigh).call == 15min);
  CHECK(clocks(Level::kHigh).visit == 4h);
  CHECK(clocks(Level::kMedium).call == 24h);
  CHECK(clocks(Level::kMedium).visit == 0h);
  CHECK(clocks(Level::kLow).message == 24h);
  for (const Level level : {Level::kLow, Level::kMedium, Level::kHigh, Level::kCritical}) {
    CHECK(clocks(level).feedback > clocks(level).call);
  }
}

TEST_CASE("every task that a level opens has a clock") {
  for (size_t level = 1; level < kLevelCount; ++level) {
    for (const TaskType type : kPlaybook.tasks[level]) {
      if (type == TaskType::kCall) CHECK(kPlaybook.clocks[level].call > 0h);
      if (type == TaskType::kVisit) CHECK(kPlaybook.clocks[level].visit > 0h);
    }
    CHECK_FALSE(kPlaybook.tasks[level].empty());
  }
}

TEST_CASE("the results of a call and of a visit, each in its own channel") {
  for (const char* name :
       {"reached", "no_answer", "busy", "busy_with_suspect", "refused", "disbelieves", "feigned_agreement",
        "powered_off", "forwarded", "wrong_speaker", "family_reached", "callback_asked", "bad_number"}) {
    INFO(name);
    CHECK(kPlaybook.find_attempt_outcome(TaskType::kCall, name) != nullptr);
    CHECK(kPlaybook.find_attempt_outcome(TaskType::kVisit, name) == nullptr);
  }
  for (const char* name : {"met", "no_one", "door_refused", "found_elsewhere", "moved", "aggressive", "not_safe"}) {
    INFO(name);
    CHECK(kPlaybook.find_attempt_outcome(TaskType::kVisit, name) != nullptr);
    CHECK(kPlaybook.find_attempt_outcome(TaskType::kCall, name) == nullptr);
  }
  CHECK(kPlaybook.attempt_outcomes.size() == 20);
}

TEST_CASE("only who spoke with the resident reached them in person") {
  for (const AttemptOutcome& outcome : kPlaybook.attempt_outcomes) {
    const bool spoke = outcome.name == "reached" || outcome.name == "disbelieves" ||
                       outcome.name == "feigned_agreement" || outcome.name == "met" ||
                       outcome.name == "found_elsewhere";
    INFO(outcome.name);
    CHECK(outcome.in_person == spoke);
    CHECK_FALSE((outcome.ends_task && outcome.keeps_lease));
  }
  const AttemptOutcome* suspect = kPlaybook.find_attempt_outcome(TaskType::kCall, "busy_with_suspect");
  CHECK(suspect->raises);
  CHECK(suspect->opens == std::vector<TaskType>{TaskType::kVisit});
}

TEST_CASE("the closing reasons and what each must show") {
  const ClosingReason* dissuaded = kPlaybook.find_closing_reason("dissuaded");
  REQUIRE(dissuaded != nullptr);
  CHECK(dissuaded->counts == Counts::kSuccess);
  CHECK(dissuaded->needs_in_person);
  CHECK(dissuaded->needs_line_cut);
  CHECK(dissuaded->follow_up);
  const ClosingReason* false_alarm = kPlaybook.find_closing_reason("false_alarm");
  REQUIRE(false_alarm != nullptr);
  CHECK(false_alarm->needs_proof);
  CHECK(false_alarm->second_person_from == Level::kHigh);
  CHECK(kPlaybook.find_closing_reason("exhausted")->supervisor_only);
  CHECK(kPlaybook.find_closing_reason("stop_payment")->lost);
  CHECK(kPlaybook.find_closing_reason("lost_before_warning")->excluded);
  CHECK(kPlaybook.find_closing_reason("lost_before_warning")->lost);
  CHECK(kPlaybook.find_closing_reason("transferred_away")->excluded);
  CHECK(kPlaybook.find_closing_reason("self_recognised")->follow_up);
  CHECK(kPlaybook.find_closing_reason("wrong_user") != nullptr);
  CHECK(kPlaybook.find_closing_reason("not_reached") == nullptr);
  CHECK(kPlaybook.closing_reasons.size() == 8);
}

TEST_CASE("follow-ups at 30 minutes and 2 hours are for critical, the others for all") {
  CHECK(kPlaybook.find_follow_up("30min")->from == Level::kCritical);
  CHECK(kPlaybook.find_follow_up("2h")->after == 2h);
  CHECK(kPlaybook.find_follow_up("24h")->from == Level::kLow);
  CHECK(kPlaybook.find_follow_up("7d")->after == 7 * 24h);
  CHECK(kPlaybook.find_follow_up("30d")->after == kPlaybook.horizon);
  CHECK(kPlaybook.find_follow_up("1y") == nullptr);
}

TEST_CASE("lease, talk and retries") {
  CHECK(kPlaybook.lease == 90s);
  CHECK(kPlaybook.talk == 20min);
  REQUIRE_FALSE(kPlaybook.retry.empty());
  CHECK(kPlaybook.retry.front() == 5min);
  CHECK(std::is_sorted(kPlaybook.retry.begin(), kPlaybook.retry.end()));
  CHECK(kPlaybook.repeat_window == 24h);
}
