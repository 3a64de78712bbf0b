// Campaigns and whom they reach, made before the world begins: each lure has a fate of its own (when its stages come, whether
// it ends in a payment, when and how much), which is what happens where nobody warns. What a warning changes is written beside
// it, so for every resident both outcomes are known. Owned by the world's thread.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "simulator/random.h"
#include "simulator/world/draft.h"
#include "simulator/world/scenario.h"

namespace quanzu::simulator {

struct Campaign {
  const CampaignPlan* plan = nullptr;
  std::string peer;
  std::string account;
  Number peer_number;     // canonical
  Number account_number;  // as the engine keeps it
};

struct Lure {
  uint32_t campaign = 0;
  uint32_t resident = 0;
  // The fate: kNever where it does not come to that stage. The transfer is attempted at `pays`, and is then gone.
  Instant hook{};
  Instant grooming = kNever;
  Instant screen = kNever;
  Instant pays = kNever;
  Instant instruction = kNever;
  Level instruction_level = Level::kMedium;
  int64_t fen = 0;
  // What became of it.
  Instant cut = kNever;   // somebody ended it in time
  Instant paid = kNever;  // the money went

  bool would_pay() const { return pays != kNever; }
  // With the criminal on the line, or on the screen.
  bool in_hand(Instant now) const;
  bool over(Instant now) const;  // its fate brings nothing more
};

class Lures {
 public:
  Lures(const Scenario& scenario, uint64_t seed);  // the scenario outlives it

  std::span<Lure> all() { return lures_; }
  std::span<const Lure> all() const { return lures_; }
  const Campaign& campaign_of(const Lure& lure) const { return campaigns_[lure.campaign]; }
  std::span<const uint32_t> of_resident(uint32_t resident) const;
  // A stage's signal as the feed brings it.
  void sms(const Lure& lure, Draft& into) const;
  void call(const Lure& lure, Draft& into) const;
  void screen(const Lure& lure, Draft& into) const;
  void transfer(const Lure& lure, Draft& into) const;

 private:
  void begin(const CampaignPlan& plan, uint32_t plan_index, uint32_t day, uint32_t number);
  Lure lure_of(const Campaign& campaign, uint32_t number, Instant hook) const;
  Random chance(const Lure& lure, uint64_t stage) const;

  const Scenario& scenario_;
  const uint64_t seed_;
  std::vector<Campaign> campaigns_;
  std::vector<Lure> lures_;
  std::vector<std::pair<uint32_t, uint32_t>> by_resident_;  // resident, lure; sorted
  std::vector<uint32_t> sorted_lures_;
};

}  // namespace quanzu::simulator
