#include "simulator/world/lures.h"

#include <algorithm>

#include "simulator/texts.h"
#include "simulator/world/chance.h"

namespace quanzu::simulator {
namespace {

using std::chrono::minutes;

constexpr Duration kHandsOff = minutes(60);  // how long after a stage the criminal keeps a victim busy; assumed

std::string one_of(const std::vector<std::string>& own, std::span<const std::string_view> usual, Random& random) {
  return fill(own.empty() ? random.pick(usual) : std::string_view(random.pick(own)), random);
}

std::string caller(const CampaignPlan& plan, Random& random) {
  if (random.chance(plan.abroad)) return "00852" + std::to_string(20'000'000 + random.below(70'000'000));
  return "170" + std::to_string(10'000'000 + random.below(90'000'000));
}

}  // namespace

bool Lure::in_hand(Instant now) const {
  const auto busy = [now](Instant stage) { return stage != kNever && now >= stage && now < stage + kHandsOff; };
  return cut == kNever && paid == kNever && (busy(grooming) || busy(screen));
}

bool Lure::over(Instant now) const {
  for (const Instant stage : {hook, grooming, screen, pays}) {
    if (stage != kNever && stage > now) return false;
  }
  return true;
}

Lures::Lures(const Scenario& scenario, uint64_t seed) : scenario_(scenario), seed_(seed) {
  for (uint32_t index = 0; index < scenario.campaigns.size(); ++index) {
    const CampaignPlan& plan = scenario.campaigns[index];
    for (uint32_t day = plan.from_day; day < std::min(plan.to_day, scenario.days); ++day) {
      for (uint32_t number = 0; number < plan.per_day; ++number) begin(plan, index, day, number);
    }
  }
  for (uint32_t i = 0; i < lures_.size(); ++i) by_resident_.emplace_back(lures_[i].resident, i);
  std::sort(by_resident_.begin(), by_resident_.end());
  for (const auto& [resident, lure] : by_resident_) sorted_lures_.push_back(lure);
}

std::span<const uint32_t> Lures::of_resident(uint32_t resident) const {
  const auto first = std::lower_bound(by_resident_.begin(), by_resident_.end(), std::pair(resident, uint32_t{0}));
  const auto last = std::lower_bound(first, by_resident_.end(), std::pair(resident + 1, uint32_t{0}));
  return std::span(sorted_lures_)
      .subspan(static_cast<size_t>(first - by_resident_.begin()), static_cast<size_t>(last - first));
}

void Lures::begin(const CampaignPlan& plan, uint32_t plan_index, uint32_t day, uint32_t number) {
  Random random = chance_of(seed_, Draw::kCampaign, {plan_index, day, number});
  Random always = chance_of(seed_, Draw::kCampaign, {plan_index});
  Campaign campaign;
  campaign.plan = &plan;
  campaign.peer = caller(plan, plan.one_caller ? always : random);
  campaign.account = "6222" + std::to_string(1'000'000'000 + random.below(9'000'000'000));
  campaign.peer_number = peer_number(campaign.peer);
  campaign.account_number = Number(campaign.account);
  campaigns_.push_back(campaign);
  const uint32_t open = (plan.hours.to + 24 - plan.hours.from - 1) % 24 + 1;
  const Instant midnight =
      std::chrono::floor<std::chrono::days>(scenario_.start + std::chrono::hours(8)) - Duration(std::chrono::hours(8));
  Instant at = midnight + std::chrono::days(day) + std::chrono::hours(plan.hours.from) +
               Duration(random.between(0, int64_t{open} * 3'600'000));
  at = std::max(at, scenario_.start);
  for (uint32_t i = 0; i < plan.victims; ++i) {
    const Instant hook = at + Duration(random.between(0, int64_t{plan.spread_minutes} * 60'000));
    lures_.push_back(lure_of(campaign, i, hook));
  }
}

// Every draw is made whatever the others come to, so that a changed probability leaves everybody else's fate alone.
Lure Lures::lure_of(const Campaign& campaign, uint32_t number, Instant hook) const {
  const CampaignPlan& plan = *campaign.plan;
  const auto index = static_cast<uint32_t>(campaigns_.size() - 1);
  Random random = chance_of(seed_, Draw::kLure, {index, number});
  Lure out;
  out.campaign = index;
  out.resident = static_cast<uint32_t>(random.below(scenario_.residents));
  out.hook = hook;
  const bool groomed = random.chance(plan.grooming.per_mille);
  const bool shares = random.chance(plan.screen.per_mille);
  const bool pays = random.chance(plan.transfer.per_mille);
  const bool named = random.chance(plan.instruction);
  const Instant grooming = hook + minutes(1) + around(minutes(plan.grooming.minutes), random);
  const Instant screen = grooming + minutes(1) + around(minutes(plan.screen.minutes), random);
  const Instant transfer = screen + minutes(1) + around(minutes(plan.transfer.minutes), random);
  const Level level = static_cast<Level>(2 + random.below(3));
  out.fen = random.between(plan.amount[0], plan.amount[1]) * 100;
  if (groomed) out.grooming = grooming;
  if (groomed && shares) out.screen = screen;
  if (groomed && shares && pays) out.pays = transfer;
  if (groomed && named) out.instruction = grooming + minutes(1);
  out.instruction_level = plan.instruction_level.value_or(level);
  return out;
}

Random Lures::chance(const Lure& lure, uint64_t stage) const {
  return chance_of(seed_, Draw::kLure, {lure.campaign, lure.resident, stage});
}

void Lures::sms(const Lure& lure, Draft& into) const {
  const Campaign& campaign = campaign_of(lure);
  Random random = chance(lure, 1);
  into.begin(Kind::kSms, lure.hook, resident_number(lure.resident));
  into.set(Field::kPeerNumber, campaign.peer);
  into.set(Field::kDirection, "in");
  into.set(Field::kText, one_of(campaign.plan->texts, hook_texts(campaign.plan->type), random));
}

void Lures::call(const Lure& lure, Draft& into) const {
  const Campaign& campaign = campaign_of(lure);
  Random random = chance(lure, 2);
  into.begin(Kind::kCall, lure.grooming, resident_number(lure.resident));
  into.set(Field::kPeerNumber, campaign.peer);
  into.set(Field::kDirection, "in");
  into.set(Field::kState, "ended");
  into.set(Field::kDurationS, random.between(120, 3600));
  into.set(Field::kText, one_of(campaign.plan->calls, fraud_calls(campaign.plan->type), random));
}

void Lures::screen(const Lure& lure, Draft& into) const {
  Random random = chance(lure, 3);
  into.begin(Kind::kApp, lure.screen, resident_number(lure.resident));
  into.set(Field::kAppPackage, "com.meeting.share" + std::to_string(random.below(9)));
  into.set(Field::kAppName, "视频会议");
  into.set(Field::kAppAction, random.chance(700) ? "share_screen" : "remote_control");
}

void Lures::transfer(const Lure& lure, Draft& into) const {
  into.begin(Kind::kTransfer, lure.pays, resident_number(lure.resident));
  into.set(Field::kPeerAccount, campaign_of(lure).account);
  into.set(Field::kAmountFen, lure.fen);
  into.set(Field::kTransferChannel, "bank");
  into.set(Field::kTransferState, "attempt");
}

}  // namespace quanzu::simulator
