#include "simulator/town.h"

#include <array>

#include "simulator/texts.h"

namespace quanzu::simulator {
namespace {

using feed::v1::Signal;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration kDay = std::chrono::hours(24);

// kind as the protocol numbers it (adapters/feed/feed.proto)
enum : uint32_t { kSms = 0, kCall = 1, kUrl = 2, kApp = 3, kTransfer = 4, kInstruction = 6 };

void begin(Signal& signal, uint32_t kind, Instant at, const std::string& resident) {
  signal.Clear();
  signal.set_kind(kind);
  signal.set_at_ms(to_ms(at));
  signal.set_resident_number(resident);
}

// Exponential waiting times would need a logarithm, whose last bits differ between libraries: a triangular spread keeps
// the mean and the ordering, which is all that the town needs.
Duration around(Duration mean, Random& random) {
  return Duration(random.between(0, mean.count()) + random.between(0, mean.count()));
}

}  // namespace

Town::Town(const TownOptions& options) : options_(options), random_(options.seed) {
  residents_.resize(options.residents);
  for (Resident& resident : residents_) resident = {mobile(), mobile()};
  next_lawful_ = options.start;
  next_campaign_ = options.start + seconds(30);
}

std::string Town::mobile() {
  static constexpr std::array<const char*, 6> kPrefixes = {"138", "139", "150", "158", "186", "177"};
  return kPrefixes[random_.below(kPrefixes.size())] + std::to_string(10000000 + random_.below(90000000));
}

void Town::next(TimedSignal& into) {
  while (next_campaign_ <= next_lawful_) start_campaign();
  if (!planned_.empty() && planned_.top().at <= next_lawful_) {
    const Planned planned = planned_.top();
    planned_.pop();
    into.at = planned.at;
    if (planned.instruction) return instruct(planned, into);
    fraudulent(planned, into);
    go_on(planned);
    return;
  }
  into.at = next_lawful_;
  lawful(into);
  const uint64_t a_day = uint64_t{options_.residents} * options_.signals_per_resident_day;
  next_lawful_ += around(Duration(kDay.count() / static_cast<int64_t>(a_day)), random_);
}

void Town::start_campaign() {
  const auto type = static_cast<FraudType>(1 + random_.below(kFraudTypeCount - 1));
  const bool abroad = random_.chance(400);
  Campaign campaign{type, abroad ? "00852" + std::to_string(20000000 + random_.below(70000000)) : mobile(),
                    fill("{d}", random_), "6222" + std::to_string(1000000000 + random_.below(9000000000))};
  campaigns_.push_back(campaign);
  for (uint32_t i = 0; i < options_.victims_per_campaign; ++i) {
    const auto victim = static_cast<uint32_t>(random_.below(residents_.size()));
    plan(next_campaign_ + around(minutes(10), random_), static_cast<uint32_t>(campaigns_.size() - 1), victim, Step::kHook);
  }
  next_campaign_ += around(kDay / options_.campaigns_per_day, random_);
}

void Town::plan(Instant at, uint32_t campaign, uint32_t victim, Step step, bool instruction) {
  planned_.push(Planned{at, ++order_, victim, campaign, step, instruction});
}

void Town::go_on(const Planned& planned) {
  if (planned.step == Step::kTransfer || !random_.chance(options_.goes_on_per_mille)) return;
  const auto next = static_cast<Step>(static_cast<uint8_t>(planned.step) + 1);
  const Instant at = planned.at + minutes(2) + around(minutes(20), random_);
  plan(at, planned.campaign, planned.victim, next);
  if (next == Step::kGroom && random_.chance(options_.instruction_per_mille)) {
    plan(at + minutes(1), planned.campaign, planned.victim, next, true);
  }
}

void Town::lawful(TimedSignal& into) {
  Signal& signal = into.signal;
  const Resident& resident = residents_[random_.below(residents_.size())];
  const uint64_t habit = random_.below(100);
  if (habit < 45) {
    begin(signal, kSms, into.at, resident.number);
    signal.set_peer_number(random_.chance(400) ? resident.friend_number : "1069" + std::to_string(random_.below(1000000)));
    signal.set_direction("in");
    signal.set_text(fill(random_.pick(lawful_texts()), random_));
  } else if (habit < 70) {
    begin(signal, kCall, into.at, resident.number);
    signal.set_peer_number(resident.friend_number);
    signal.set_direction(random_.chance(500) ? "in" : "out");
    signal.set_state("ended");
    signal.set_duration_s(random_.between(5, 600));
    if (random_.chance(200)) signal.set_text(fill(random_.pick(lawful_calls()), random_));
  } else if (habit < 90) {
    begin(signal, kUrl, into.at, resident.number);
    signal.set_url("https://news.example.cn/" + std::to_string(random_.below(1000000)));
    signal.set_url_host("news.example.cn");
    signal.set_url_scheme("https");
  } else if (habit < 97) {
    begin(signal, kApp, into.at, resident.number);
    signal.set_app_package("cn.example.app" + std::to_string(random_.below(200)));
    signal.set_app_action("run");
  } else {
    begin(signal, kTransfer, into.at, resident.number);
    signal.set_amount_fen(random_.between(100, 300000));
    signal.set_peer_account("6217" + std::to_string(1000000000 + random_.below(9000000000)));
    signal.set_transfer_channel("bank");
    signal.set_transfer_state("done");
  }
}

void Town::fraudulent(const Planned& planned, TimedSignal& into) {
  Signal& signal = into.signal;
  const Campaign& campaign = campaigns_[planned.campaign];
  const std::string& victim = residents_[planned.victim].number;
  switch (planned.step) {
    case Step::kHook:
      begin(signal, kSms, into.at, victim);
      signal.set_peer_number(campaign.peer);
      signal.set_direction("in");
      signal.set_text(fill(random_.pick(hook_texts(campaign.type)), random_));
      break;
    case Step::kGroom:
      begin(signal, kCall, into.at, victim);
      signal.set_peer_number(campaign.peer);
      signal.set_direction("in");
      signal.set_state("ended");
      signal.set_duration_s(random_.between(120, 3600));
      signal.set_text(fill(random_.pick(fraud_calls(campaign.type)), random_));
      break;
    case Step::kScreen:
      begin(signal, kApp, into.at, victim);
      signal.set_app_package("com.meeting.share" + std::to_string(random_.below(9)));
      signal.set_app_name("视频会议");
      signal.set_app_action(random_.chance(700) ? "share_screen" : "remote_control");
      break;
    case Step::kTransfer:
      begin(signal, kTransfer, into.at, victim);
      signal.set_peer_account(campaign.account);
      signal.set_amount_fen(random_.between(50, 2000) * 10000);
      signal.set_transfer_channel("bank");
      signal.set_transfer_state("attempt");
      break;
  }
}

void Town::instruct(const Planned& planned, TimedSignal& into) {
  static constexpr std::array<const char*, 3> kLevels = {"medium", "high", "critical"};
  Signal& signal = into.signal;
  const Campaign& campaign = campaigns_[planned.campaign];
  begin(signal, kInstruction, into.at, residents_[planned.victim].number);
  signal.set_instruction_id("SIM-" + std::to_string(options_.seed) + "-" + std::to_string(++instructions_));
  signal.set_instruction_unit("市反诈中心");
  signal.set_issued_at_ms(to_ms(into.at - minutes(1)));
  signal.set_level(kLevels[random_.below(kLevels.size())]);
  signal.set_fraud_type(std::string(fraud_type_name(campaign.type)));
  signal.set_required_action("contact");
  signal.set_text("请核实并劝阻");
}

}  // namespace quanzu::simulator
