#include "simulator/world/desk.h"

#include <algorithm>

namespace quanzu::simulator {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration kRenew = seconds(80);  // a lease lasts 90
constexpr Duration kLookAgain = minutes(5);
constexpr size_t kMostAttempts = 15;  // then a supervisor closes it as exhausted; assumed
constexpr std::string_view kSupervisor = "supervisor";

}  // namespace

Desk::Desk(const Scenario& scenario, uint64_t seed, Clockwork& clockwork, Lures& lures)
    : scenario_(scenario), seed_(seed), clockwork_(clockwork), lures_(lures) {}

void Desk::begin(Instant start, Instant end) {
  supervisor_ = clockwork_.add_user(std::string(kSupervisor), Role::kSupervisor, start);
  reviewer_ = clockwork_.add_user("reviewer", Role::kSupervisor, start);
  idle_.resize(scenario_.teams.size());
  busy_.resize(scenario_.teams.size());
  for (size_t team = 0; team < scenario_.teams.size(); ++team) {
    const TeamPlan& plan = scenario_.teams[team];
    for (uint32_t seat = 0; seat < plan.seats; ++seat) {
      const auto index = static_cast<uint32_t>(people_.size());
      Person person;
      person.user = clockwork_.add_user(plan.name + "-" + std::to_string(seat + 1), plan.role, start);
      person.team = team;
      people_.push_back(person);
      idle_[team].push_back(index);
    }
    if (plan.hours.from == 0 && plan.hours.to == 24) continue;
    const Instant midnight =
        std::chrono::floor<std::chrono::days>(start + std::chrono::hours(8)) - Duration(std::chrono::hours(8));
    for (Instant at = midnight + std::chrono::hours(plan.hours.from); at < end; at += std::chrono::days(1)) {
      if (at >= start) clockwork_.at(at, What::kShift, team);
    }
  }
}

void Desk::dispatch(Instant now) {
  const Queue& queue = clockwork_.engine().queue();
  if (queue.size() == 0) return;
  for (size_t team = 0; team < idle_.size(); ++team) {
    const TeamPlan& plan = scenario_.teams[team];
    const auto waits = [&] {
      return std::any_of(plan.does.begin(), plan.does.end(), [&](TaskType type) { return queue.size(type) > 0; });
    };
    while (!idle_[team].empty() && waits() && plan.hours.hold(now)) {
      const uint32_t index = idle_[team].front();
      idle_[team].pop_front();
      Person& person = people_[index];
      if (claim(person, index, now)) continue;
      person.doing = Doing::kPause;  // what waits is for somebody else
      clockwork_.at(now + kLookAgain, What::kPerson, index);
    }
  }
}

bool Desk::claim(Person& person, uint32_t index, Instant now) {
  const Result<CommandDone> done = clockwork_.command(person.user, ClaimNext{scenario_.teams[person.team].does}, now);
  if (!done || !done->task_id) return false;
  person.task = done->task_id;
  person.case_id = done->case_id;
  person.since = now;
  const Case& of = *clockwork_.engine().find_case(person.case_id);
  sign(person, of, now);
  begin_task(person, index, *of.find_task(person.task), now);
  return true;
}

void Desk::begin_task(Person& person, uint32_t index, const Task& task, Instant now) {
  const Case& of = *clockwork_.engine().find_case(person.case_id);
  Duration wait{};
  switch (task.type) {
    case TaskType::kCall:
      person.doing = Doing::kDialling;
      wait = std::min(pace(person, scenario_.work.dial, of, 1), kRenew);
      break;
    case TaskType::kVisit:
      person.doing = Doing::kTravelling;
      person.done = now + pace(person, scenario_.work.travel, of, 2);
      wait = std::min(person.done - now, kRenew);
      break;
    case TaskType::kFeedback:
      person.doing = Doing::kFeedback;
      wait = std::min(pace(person, {30, 75}, of, 3), kRenew);
      break;
    default:
      person.doing = Doing::kFollowUp;
      wait = std::min(pace(person, {30, 75}, of, 4), kRenew);
  }
  clockwork_.at(now + wait, What::kPerson, index);
}

void Desk::go_on(uint32_t index, Instant now) {
  Person& person = people_[index];
  switch (person.doing) {
    case Doing::kDialling:
      return answer(person, index, now);
    case Doing::kTravelling:
      if (now >= person.done) return arrive(person, index, now);
      if (!clockwork_.command(person.user, RenewLease{person.task}, now)) return rest(person, index, now);
      return clockwork_.at(std::min(person.done, now + kRenew), What::kPerson, index);
    case Doing::kTalking:
    case Doing::kAtDoor:
      end_talk(person, index, now);
      return rest(person, index, now);
    case Doing::kFeedback:
      feed_back(person, now);
      return rest(person, index, now);
    case Doing::kFollowUp:
      follow_up(person, now);
      return rest(person, index, now);
    case Doing::kPause:
    case Doing::kNothing:
      person.doing = Doing::kNothing;
      idle_[person.team].push_back(index);
  }
}

// The telephone rings: who takes it, and do they listen?
void Desk::answer(Person& person, uint32_t index, Instant now) {
  const Case& of = *clockwork_.engine().find_case(person.case_id);
  const PeoplePlan& plan = scenario_.people;
  Random random = chance(Draw::kAnswer, of, TaskType::kCall);
  const bool day = Hours{8, 22}.hold(now);
  const bool answers = random.chance(day ? plan.answers_day : plan.answers_night);
  const bool refuses = random.chance(plan.refuses);
  const bool forwarded = random.chance(plan.forwarded);
  const bool on_the_line = random.chance(plan.in_call);
  const std::vector<uint32_t> about = lures_of(of, now);
  const bool in_hand =
      std::any_of(about.begin(), about.end(), [&](uint32_t lure) { return lures_.all()[lure].in_hand(now); });
  std::string result;
  if (in_hand && on_the_line) {
    result = "busy_with_suspect";
  } else if (!answers) {
    result = "no_answer";
  } else if (forwarded && !about.empty()) {
    result = "forwarded";
  } else if (refuses) {
    result = "refused";
  }
  if (result.empty()) return start_talk(person, index, Doing::kTalking, now);
  record(person, result, Identity::kNone, false, now);
  give_up(of, now);
  rest(person, index, now);
}

void Desk::arrive(Person& person, uint32_t index, Instant now) {
  const Case& of = *clockwork_.engine().find_case(person.case_id);
  Random random = chance(Draw::kAnswer, of, TaskType::kVisit);
  if (random.chance(scenario_.people.home)) return start_talk(person, index, Doing::kAtDoor, now);
  record(person, "no_one", Identity::kNone, false, now);
  give_up(of, now);
  rest(person, index, now);
}

void Desk::start_talk(Person& person, uint32_t index, Doing doing, Instant now) {
  const Case& of = *clockwork_.engine().find_case(person.case_id);
  const bool door = doing == Doing::kAtDoor;
  const Duration talk =
      scenario_.work.exponential_talk ? pace(person, {}, of, 6) : pace(person, scenario_.work.talk, of, 5);
  if (!record(person, door ? "met" : "reached", door ? Identity::kFaceToFace : Identity::kQuestion, false, now)) {
    return rest(person, index, now);
  }
  person.doing = doing;
  clockwork_.at(now + std::min<Duration>(talk, minutes(19)), What::kPerson, index);
}

void Desk::end_talk(Person& person, uint32_t, Instant now) {
  const Case& of = *clockwork_.engine().find_case(person.case_id);
  const std::vector<uint32_t> about = lures_of(of, now);
  const bool door = person.doing == Doing::kAtDoor;
  const std::string reached = door ? "met" : "reached";
  const Identity identity = door ? Identity::kFaceToFace : Identity::kCalledBack;
  const auto lure = [&](uint32_t index) -> const Lure& { return lures_.all()[index]; };
  Random random = chance(Draw::kTalk, of, door ? TaskType::kVisit : TaskType::kCall);
  const bool mislabels = random.chance(scenario_.truth.mislabelled);
  const bool tells = random.chance(scenario_.people.tells_loss);
  const uint32_t skill = scenario_.teams[person.team].skill + (door ? scenario_.people.visit_helps : 0);
  const bool believes = random.chance(std::min<uint32_t>(skill, 1000));
  if (about.empty()) {
    if (record(person, reached, identity, true, now)) close(person, of, mislabels ? "dissuaded" : "false_alarm", now);
    return;
  }
  Instant paid = kNever;
  for (const uint32_t each : about) paid = std::min(paid, lure(each).paid);
  if (paid != kNever && tells) {
    if (record(person, reached, identity, true, now))
      close(person, of, paid < of.t0 ? "lost_before_warning" : "stop_payment", now);
    return;
  }
  const bool over = std::all_of(about.begin(), about.end(), [&](uint32_t each) { return lure(each).over(now); });
  if (over && paid == kNever) {
    if (record(person, reached, identity, true, now)) close(person, of, "self_recognised", now);
    return;
  }
  if (believes) return persuade(person, of, about, now);
  record(person, door ? "door_refused" : "disbelieves", Identity::kQuestion, false, now);
  give_up(of, now);
}

// Some only seem to be: they say yes and pay all the same.
void Desk::persuade(Person& person, const Case& of, const std::vector<uint32_t>& about, Instant now) {
  const bool door = person.doing == Doing::kAtDoor;
  Random random = chance(Draw::kTruth, of, door ? TaskType::kVisit : TaskType::kCall);
  const bool feigns = random.chance(scenario_.people.feigns);
  if (!record(person, door ? "met" : "reached", door ? Identity::kFaceToFace : Identity::kCalledBack, true, now))
    return;
  close(person, of, "dissuaded", now);
  if (feigns) return;
  for (const uint32_t each : about) lures_.all()[each].cut = std::min(lures_.all()[each].cut, now);
}

void Desk::sign(const Person& person, const Case& of, Instant now) {
  const std::vector<InstructionId> instructions = of.instructions;
  for (const InstructionId id : instructions) {
    const Instruction& instruction = *clockwork_.engine().find_instruction(id);
    if (!instruction.signed_by) clockwork_.command(person.user, SignInstruction{id}, now);
  }
}

void Desk::feed_back(Person& person, Instant now) {
  const std::vector<InstructionId> instructions = clockwork_.engine().find_case(person.case_id)->instructions;
  for (const InstructionId id : instructions) {
    clockwork_.command(person.user, FeedBackInstruction{id, "contacted by telephone and advised", "contacted"}, now);
  }
}

// Whether the resident's verdict ever comes is a matter of the case, not of the day: who can't be reached stays unknown.
void Desk::follow_up(Person& person, Instant now) {
  const Case& of = *clockwork_.engine().find_case(person.case_id);
  const Task* task = of.find_task(person.task);
  if (task == nullptr) return;
  Instant paid = kNever;
  int64_t fen = 0;
  for (const uint32_t each : lures_of(of, now)) {
    const Lure& lure = lures_.all()[each];
    if (lure.paid > now) continue;
    paid = std::min(paid, lure.paid);
    fen += lure.fen;
  }
  const bool lost = paid != kNever;
  Random random = chance_of(seed_, Draw::kVerdict, {resident_of(of), case_number(of)});
  const bool missing = random.chance(lost ? scenario_.truth.missing_after_loss : scenario_.truth.missing);
  RecordFollowUp verdict;
  verdict.case_id = of.id;
  verdict.point = task->point;
  verdict.source = lost ? "police_report" : "resident";
  verdict.verdict = missing ? Verdict::kUnknown : lost ? Verdict::kLoss : Verdict::kNoLoss;
  if (verdict.verdict == Verdict::kLoss) {
    verdict.loss = Fen(fen);
    verdict.lost_at = paid;
  }
  clockwork_.command(person.user, std::move(verdict), now);
}

bool Desk::record(Person& person, std::string result, Identity identity, bool line_cut, Instant now) {
  RecordAttempt attempt;
  attempt.task = person.task;
  attempt.result = std::move(result);
  attempt.identity = identity;
  attempt.line_cut = line_cut;
  if (line_cut) attempt.stopped_by = scenario_.teams[person.team].role == Role::kFieldWorker ? "visitor" : "operator";
  ++attempts_;
  return clockwork_.command(person.user, std::move(attempt), now).has_value();
}

void Desk::close(const Person& person, const Case& of, std::string reason, Instant now) {
  CloseCase request;
  request.case_id = of.id;
  if (reason == "false_alarm") request.proof = "the sender is known to the resident and confirmed it";
  if (reason == "false_alarm" && of.level >= Level::kHigh) request.second_person = kSupervisor;
  request.reason = std::move(reason);
  clockwork_.command(person.user, std::move(request), now);
}

void Desk::give_up(const Case& of, Instant now) {
  if (!of.is_open() || of.attempts.size() < kMostAttempts) return;
  CloseCase request;
  request.case_id = of.id;
  request.reason = "exhausted";
  clockwork_.command(supervisor_, std::move(request), now);
}

void Desk::rest(Person& person, uint32_t index, Instant now) {
  const Case& of = *clockwork_.engine().find_case(person.case_id);
  const bool short_work = person.doing == Doing::kFeedback || person.doing == Doing::kFollowUp;
  person.doing = Doing::kPause;
  const Duration wrap = short_work ? Duration(0) : pace(person, scenario_.work.wrap, of, 7);
  busy_[person.team] += std::chrono::duration<double>(now + wrap - person.since).count();
  clockwork_.at(now + wrap, What::kPerson, index);
}

void Desk::review(CaseId id, Instant now) {
  const Case& of = *clockwork_.engine().find_case(id);
  if (of.is_open()) return;  // its next closing makes another appointment
  Random random = chance_of(seed_, Draw::kTruth, {resident_of(of), case_number(of)});
  DecideTruth decision;
  decision.case_id = id;
  if (!random.chance(scenario_.truth.decided)) {
    decision.truth = Truth::kUndetermined;
    decision.criteria = {"none"};
  } else if (lures_of(of, now).empty()) {
    decision.truth = Truth::kRefuted;
    decision.criteria = {"named_proof_of_false"};
  } else {
    decision.truth = Truth::kConfirmed;
    decision.criteria = {"content_confirmed_by_resident", "independent_proof"};
  }
  clockwork_.command(reviewer_, std::move(decision), now);
}

std::vector<uint32_t> Desk::lures_of(const Case& of, Instant now) const {
  std::vector<uint32_t> out;
  if (!of.resident) return out;
  for (const uint32_t index : lures_.of_resident(resident_of(of))) {
    const Lure& lure = lures_.all()[index];
    const Campaign& campaign = lures_.campaign_of(lure);
    const bool peer = of.has_peer(campaign.peer_number) || of.has_peer(campaign.account_number);
    const bool type = of.fraud_type == FraudType::kNone || of.fraud_type == campaign.plan->type;
    if (lure.hook <= now && (peer || type)) out.push_back(index);
  }
  return out;
}

Duration Desk::pace(const Person& person, const std::array<uint32_t, 2>& range, const Case& of, uint64_t salt) const {
  Random random = chance_of(seed_, Draw::kPace, {resident_of(of), case_number(of), of.attempts.size(), salt});
  const bool talk = salt == 6;
  const Duration took =
      talk ? exponential(seconds(*scenario_.work.exponential_talk), random) : seconds_between(range, random);
  return took * 1000 / scenario_.teams[person.team].speed;
}

Random Desk::chance(Draw draw, const Case& of, TaskType channel) const {
  const auto attempts = std::count_if(of.attempts.begin(), of.attempts.end(),
                                      [&](const Attempt& each) { return each.channel == channel; });
  return chance_of(seed_, draw,
                   {resident_of(of), case_number(of), static_cast<uint64_t>(channel), static_cast<uint64_t>(attempts)});
}

uint64_t Desk::case_number(const Case& of) const {
  const std::vector<CaseId>& cases = clockwork_.engine().find_resident(of.resident)->cases;
  return static_cast<uint64_t>(std::find(cases.begin(), cases.end(), of.id) - cases.begin());
}

uint32_t Desk::resident_of(const Case& of) const {
  return resident_index(clockwork_.engine().find_resident(of.resident)->number);
}

}  // namespace quanzu::simulator
