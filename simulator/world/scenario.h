// A scenario: a place, its days, people, campaigns, staff, what is learned of truth, and what fails, as one value read from a
// YAML file (simulator/scenarios/). The reader reports every problem with its place; docs/schema/quanzu-scenario.schema.json says the
// same to editors. Every figure that a file leaves out has a default here, named with its source in docs/simulator.md.
// Plain data; any thread.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/fraud_type.h"
#include "engine/playbook.h"
#include "engine/user.h"
#include "rules/lang/problems.h"

namespace quanzu::simulator {

struct Hours {  // of the day at +08:00; from 20 to 8 is a night, from 0 to 24 always
  uint32_t from = 0;
  uint32_t to = 24;
  bool hold(Instant at) const;
};

// Of those at a stage, who reach the next, and how long that takes (mean, triangular).
struct StagePlan {
  uint32_t per_mille = 0;
  uint32_t minutes = 0;
};

struct CampaignPlan {
  std::string name;
  FraudType type = FraudType::kNone;
  uint32_t per_day = 1;   // begun a day
  uint32_t victims = 12;  // who get the hook of each
  uint32_t from_day = 0;
  uint32_t to_day = UINT32_MAX;
  Hours hours{9, 21};
  uint32_t spread_minutes = 20;  // over which its hooks go out
  bool one_caller = false;       // every campaign of the plan by one number; else a number each
  uint32_t abroad = 400;         // per mille of numbers abroad
  StagePlan grooming{350, 22};
  StagePlan screen{350, 22};
  StagePlan transfer{500, 22};
  uint32_t instruction = 300;                      // per mille of the groomed whom the centre names to the street
  std::optional<Level> instruction_level;          // absent: medium, high or critical, a third each
  std::array<uint32_t, 2> amount{5'000, 200'000};  // yuan
  std::vector<std::string> texts;                  // of the hook; empty: of the type (simulator/texts.h)
  std::vector<std::string> calls;                  // transcripts of grooming; empty: of the type
};

struct TeamPlan {
  std::string name;
  Role role = Role::kOperator;
  uint32_t seats = 1;
  Hours hours;
  std::vector<TaskType> does;
  uint32_t skill = 600;   // per mille of those reached who are persuaded by this team
  uint32_t speed = 1000;  // per mille: 500 takes twice as long over everything
};

struct PeoplePlan {
  uint32_t answers_day = 450;  // per mille of calls, 8 to 22
  uint32_t answers_night = 200;
  uint32_t home = 700;         // of visits meet the resident
  uint32_t refuses = 200;      // of those who answer hang up at once
  uint32_t in_call = 600;      // of those being groomed or sharing their screen are on the line with the criminal
  uint32_t forwarded = 50;     // of calls reach somebody who poses as family
  uint32_t visit_helps = 250;  // added to a team's skill where it stands at the door
  uint32_t feigns = 80;        // of those who seem persuaded pay all the same
  uint32_t tells_loss = 700;   // of those who have paid tell who calls
};

struct TruthPlan {
  uint32_t decided = 900;  // per mille of closed cases whose truth a reviewer decides; the rest stay undetermined
  uint32_t missing = 100;  // whose verdicts never come, where no money went
  uint32_t missing_after_loss = 300;  // and where it did
  uint32_t mislabelled = 50;          // lawful cases that are closed as dissuaded
};

struct WorkPlan {                          // how long things take, seconds, uniform between the two
  std::array<uint32_t, 2> dial{15, 45};    // reading and dialling
  std::array<uint32_t, 2> talk{180, 720};  // with somebody who listens
  std::array<uint32_t, 2> wrap{20, 90};    // writing it down
  std::array<uint32_t, 2> travel{600, 2400};
  std::optional<uint32_t> exponential_talk;  // mean; then talk is ignored: for checks against queueing theory
};

struct Outage {  // the feed brings nothing, and all of it at the end
  Duration from{};
  Duration to{};
};

struct Scenario {
  std::string title;
  Instant start{};
  uint32_t days = 7;
  uint64_t seed = 1;
  uint32_t residents = 2000;
  uint32_t signals_per_resident_day = 13;
  uint32_t stray_instructions = 0;  // a day, at random moments, about people who are nobody's victims
  std::optional<Level> stray_level;
  std::vector<CampaignPlan> campaigns;
  std::vector<TeamPlan> teams;
  PeoplePlan people;
  TruthPlan truth;
  WorkPlan work;
  std::vector<Outage> outages;
};

// What can be read is returned all the same; look at problems.errors().
Scenario parse_scenario(std::string_view bytes, rules::Problems& problems);

}  // namespace quanzu::simulator
