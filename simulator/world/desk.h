// The staff: operators and field workers in teams with hours, seats, skill and speed, who claim what waits, call, visit,
// persuade, close, feed back and follow up; and the people whom they reach, who answer, refuse, disbelieve, feign, or stop.
// Each does one thing at a time and then has an appointment. Owned by the world's thread.
#pragma once
#include <deque>
#include <vector>

#include "simulator/world/chance.h"
#include "simulator/world/clockwork.h"
#include "simulator/world/lures.h"

namespace quanzu::simulator {

class Desk {
 public:
  Desk(const Scenario& scenario, uint64_t seed, Clockwork& clockwork, Lures& lures);

  // Everybody at the start, with the shifts that begin until then.
  void begin(Instant start, Instant end);
  // Whoever is free and on duty takes what waits.
  void dispatch(Instant now);
  void go_on(uint32_t person, Instant now);
  // A reviewer decides the truth of a closed case, or comes back where it was opened again.
  void review(CaseId id, Instant now);

  // The lures that a case is about: of its resident, begun by then, by a peer of the case or of its type.
  std::vector<uint32_t> lures_of(const Case& of, Instant now) const;
  uint64_t attempts() const { return attempts_; }
  double busy_seconds(size_t team) const { return busy_[team]; }

 private:
  enum class Doing : uint8_t { kNothing, kDialling, kTalking, kTravelling, kAtDoor, kFeedback, kFollowUp, kPause };
  struct Person {
    UserId user;
    size_t team = 0;
    Doing doing = Doing::kNothing;
    TaskId task;
    CaseId case_id;
    Instant done{};  // travelling: when they are there
    Instant since{};
  };

  bool claim(Person& person, uint32_t index, Instant now);
  void begin_task(Person& person, uint32_t index, const Task& task, Instant now);
  void answer(Person& person, uint32_t index, Instant now);
  void arrive(Person& person, uint32_t index, Instant now);
  void start_talk(Person& person, uint32_t index, Doing doing, Instant now);
  void end_talk(Person& person, uint32_t index, Instant now);
  void persuade(Person& person, const Case& of, const std::vector<uint32_t>& about, Instant now);
  void feed_back(Person& person, Instant now);
  void follow_up(Person& person, Instant now);
  void sign(const Person& person, const Case& of, Instant now);
  bool record(Person& person, std::string result, Identity identity, bool line_cut, Instant now);
  void close(const Person& person, const Case& of, std::string reason, Instant now);
  void give_up(const Case& of, Instant now);
  void rest(Person& person, uint32_t index, Instant now);
  Duration pace(const Person& person, const std::array<uint32_t, 2>& range, const Case& of, uint64_t salt) const;
  // By resident, how many cases they had, and how many attempts of the channel there were: the same in every world of a seed.
  Random chance(Draw draw, const Case& of, TaskType channel) const;
  uint64_t case_number(const Case& of) const;
  uint32_t resident_of(const Case& of) const;

  const Scenario& scenario_;
  const uint64_t seed_;
  Clockwork& clockwork_;
  Lures& lures_;
  std::vector<Person> people_;
  std::vector<std::deque<uint32_t>> idle_;  // by team, who waits longest first
  std::vector<double> busy_;
  UserId supervisor_;
  UserId reviewer_;
  uint64_t attempts_ = 0;
};

}  // namespace quanzu::simulator
