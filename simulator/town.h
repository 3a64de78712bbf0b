// A seeded town: residents with habits, lawful traffic, and campaigns of the ten fraud types as stage machines (hook,
// grooming, app or screen, transfer), with instructions from above about some of the victims. Gives signals in the order of
// time, the same for the same seed on any machine. Knows the server by the feed protocol's messages alone.
// Every probability is in TownOptions and docs/simulator.md, with its source or the word "assumed".
#pragma once
#include <memory>
#include <queue>
#include <vector>

#include "adapters/feed/feed.pb.h"
#include "engine/fraud_type.h"
#include "engine/time.h"
#include "simulator/random.h"

namespace quanzu::simulator {

struct TownOptions {
  uint64_t seed = 1;
  uint32_t residents = 2000;
  Instant start{};
  uint32_t signals_per_resident_day = 60;  // lawful: SMS, calls, pages, apps, transfers; assumed
  uint32_t campaigns_per_day = 96;         // over the town; assumed
  uint32_t victims_per_campaign = 12;      // who get its hook; assumed
  uint32_t goes_on_per_mille = 350;        // of those at a stage, who reach the next; assumed
  uint32_t instruction_per_mille = 300;    // of those who are groomed, whom the centre names to the street; assumed
};

struct TimedSignal {
  Instant at{};
  feed::v1::Signal signal;  // without a sequence number: the stream gives it
};

class Town {
 public:
  explicit Town(const TownOptions& options);

  // The next in time; never ends. `into` is reused.
  void next(TimedSignal& into);

 private:
  struct Resident {
    std::string number;
    std::string friend_number;  // whom they call and who writes to them
  };
  struct Campaign {
    FraudType type;
    std::string peer;    // rotates by campaign
    std::string domain;
    std::string account;
  };
  enum class Step : uint8_t { kHook, kGroom, kScreen, kTransfer };
  struct Planned {
    Instant at{};
    uint64_t order = 0;  // ties: first planned, first sent
    uint32_t victim = 0;
    uint32_t campaign = 0;
    Step step = Step::kHook;
    bool instruction = false;
    friend bool operator>(const Planned& a, const Planned& b) {
      return a.at != b.at ? a.at > b.at : a.order > b.order;
    }
  };

  void start_campaign();
  void plan(Instant at, uint32_t campaign, uint32_t victim, Step step, bool instruction = false);
  void lawful(TimedSignal& into);
  void fraudulent(const Planned& planned, TimedSignal& into);
  void instruct(const Planned& planned, TimedSignal& into);
  void go_on(const Planned& planned);
  std::string mobile();

  TownOptions options_;
  Random random_;
  std::vector<Resident> residents_;
  std::vector<Campaign> campaigns_;
  std::priority_queue<Planned, std::vector<Planned>, std::greater<>> planned_;
  Instant next_lawful_{};
  Instant next_campaign_{};
  uint64_t order_ = 0;
  uint64_t instructions_ = 0;
};

}  // namespace quanzu::simulator
