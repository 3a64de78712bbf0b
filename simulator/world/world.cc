#include "simulator/world/world.h"

#include <algorithm>
#include <chrono>

#include "simulator/world/chance.h"
#include "simulator/world/judge.h"
#include "simulator/world/traffic.h"

namespace quanzu::simulator {
namespace {

const std::string kStreet = "street";
const std::string kCentre = "centre";  // instructions come by a way of their own: an outage of the feed leaves it alone
constexpr Duration kDay = std::chrono::hours(24);
constexpr Duration kAfter = 10 * kDay;  // past the horizon: the last verdicts come in

enum class LureStage : uint8_t { kHook, kGrooming, kScreen, kTransfer };

class World {
 public:
  World(const Scenario& scenario, const runtime::SharedPacks& packs, const WorldOptions& options)
      : scenario_(scenario),
        options_(options),
        program_(*packs->program),
        clockwork_(packs, options.seed, scenario.start),
        lures_(scenario, options.seed),
        desk_(scenario, options.seed, clockwork_, lures_),
        traffic_(scenario, options.seed, *packs->program, options.workers),
        traffic_end_(scenario.start + scenario.days * kDay) {}

  Outcome run() {
    const auto began = std::chrono::steady_clock::now();
    const Duration horizon = clockwork_.engine().playbook().horizon;
    end_ = options_.aftermath ? traffic_end_ + horizon + kAfter : traffic_end_;
    prepare();
    while (step()) {
    }
    clockwork_.skip(kStreet, unmatched_, end_);
    clockwork_.flush();
    clockwork_.tick(end_);
    count_alerts();
    Outcome out = outcome();
    out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return out;
  }

 private:
  void prepare() {
    out_.by_day.resize(scenario_.days);
    desk_.begin(scenario_.start, end_);
    for (uint32_t i = 0; i < lures_.all().size(); ++i) plan_stages(i);
    for (const Outage& outage : scenario_.outages) clockwork_.at(scenario_.start + outage.to, What::kFeedUp, 0);
    const uint64_t strays = uint64_t{scenario_.stray_instructions} * scenario_.days;
    if (strays > 0) {
      Random random = chance_of(options_.seed, Draw::kStray, {});
      const Duration mean = kDay / scenario_.stray_instructions;
      Instant at = scenario_.start;
      for (uint64_t n = 0; (at += exponential(mean, random)) < traffic_end_; ++n) clockwork_.at(at, What::kStray, n);
    }
  }

  // A fate's stages come whatever becomes of it; what a warning has ended, shows when they are due.
  void plan_stages(uint32_t index) {
    const Lure& lure = lures_.all()[index];
    const auto plan = [&](Instant at, LureStage stage) {
      if (at != kNever) clockwork_.at(at, What::kStage, index, static_cast<uint32_t>(stage));
    };
    plan(lure.hook, LureStage::kHook);
    plan(lure.grooming, LureStage::kGrooming);
    plan(lure.screen, LureStage::kScreen);
    plan(lure.pays, LureStage::kTransfer);
    if (lure.instruction != kNever) clockwork_.at(lure.instruction, What::kInstruction, index);
  }

  // The next thing of the world; false where nothing is left.
  bool step() {
    const Instant signal = next_signal();
    const Instant appointment = clockwork_.next_appointment();
    const Instant due = clockwork_.next_due();
    const Instant full = clockwork_.flush_due();
    const Instant now = std::min({signal, appointment, due, full});
    if (now >= end_) return false;
    if (full <= now) {
      clockwork_.flush();
    } else if (due <= now) {
      clockwork_.flush();
      clockwork_.tick(now);
    } else if (signal <= appointment) {
      take_signal();
    } else {
      keep(clockwork_.take_appointment());
    }
    after(now);
    return true;
  }

  void after(Instant now) {
    count_alerts();
    for (const CaseId id : clockwork_.take_closed()) {
      Random random = chance_of(options_.seed, Draw::kTruth, {id.value()});
      clockwork_.at(now + kDay + Duration(random.between(0, 4 * kDay.count())), What::kReview, id.value());
    }
    desk_.dispatch(now);
  }

  Instant next_signal() {
    while (at_ == hour_.spelled.size()) {
      unmatched_ += std::exchange(hour_.trailing, 0);
      if (hours_taken_ == traffic_.hours()) return kNever;
      hour_ = traffic_.next();
      at_ = 0;
      out_.by_day[hours_taken_++ / 24].signals += hour_.count;
      out_.lawful += hour_.count;
      out_.lawful_matched += hour_.matched;
      if (!hour_.spelled.empty()) hour_.spelled.front().skipped += std::exchange(unmatched_, 0);
      if (options_.progress) options_.progress(hours_taken_, out_.lawful);
    }
    return hour_.spelled[at_].draft.at();
  }

  void take_signal() {
    Spelled& spelled = hour_.spelled[at_++];
    const Instant now = spelled.draft.at();
    deliver(std::move(spelled), now);
  }

  void deliver(Spelled&& spelled, Instant now) {
    if (down(now)) {
      held_.push_back(std::move(spelled));
    } else {
      clockwork_.signal(kStreet, std::move(spelled), now);
    }
  }

  bool down(Instant now) const {
    const Duration since = now - scenario_.start;
    return std::any_of(scenario_.outages.begin(), scenario_.outages.end(),
                       [since](const Outage& outage) { return since >= outage.from && since < outage.to; });
  }

  void keep(const Appointment& appointment) {
    const Instant now = appointment.at;
    switch (appointment.what) {
      case What::kStage:
        return stage(static_cast<uint32_t>(appointment.of), static_cast<LureStage>(appointment.step), now);
      case What::kInstruction:
        return instruct(lures_.all()[appointment.of], appointment.of, now);
      case What::kStray:
        return stray(appointment.of, now);
      case What::kPerson:
        return desk_.go_on(static_cast<uint32_t>(appointment.of), now);
      case What::kShift:
        return;  // those who come are asked after every event
      case What::kReview:
        return desk_.review(CaseId(appointment.of), now);
      case What::kFeedUp:
        for (Spelled& spelled : held_) clockwork_.signal(kStreet, std::move(spelled), now);
        held_.clear();
    }
  }

  void stage(uint32_t index, LureStage stage, Instant now) {
    Lure& lure = lures_.all()[index];
    if (lure.cut <= now) return;
    Spelled spelled;
    switch (stage) {
      case LureStage::kHook:
        lures_.sms(lure, spelled.draft);
        break;
      case LureStage::kGrooming:
        lures_.call(lure, spelled.draft);
        break;
      case LureStage::kScreen:
        lures_.screen(lure, spelled.draft);
        break;
      case LureStage::kTransfer:
        lures_.transfer(lure, spelled.draft);
        lure.paid = now;
    }
    spelled.draft.view(signal_);
    scanner_.scan(program_, signal_, spelled.rules);
    deliver(std::move(spelled), now);
  }

  void instruct(const Lure& lure, uint64_t number, Instant now) {
    if (lure.cut <= now) return;
    const Campaign& campaign = lures_.campaign_of(lure);
    instruction("L" + std::to_string(number), lure.resident, lure.instruction_level,
                fraud_type_name(campaign.plan->type), campaign.peer, now);
  }

  void stray(uint64_t number, Instant now) {
    Random random = chance_of(options_.seed, Draw::kStray, {number + 1});
    const auto resident = static_cast<uint32_t>(random.below(scenario_.residents));
    instruction("S" + std::to_string(number), resident, scenario_.stray_level.value_or(Level::kMedium),
                fraud_type_name(FraudType::kLoan), {}, now);
  }

  void instruction(const std::string& id, uint32_t resident, Level level, std::string_view type,
                   const std::string& peer, Instant now) {
    Spelled spelled;
    Draft& draft = spelled.draft;
    draft.begin(Kind::kInstruction, now, resident_number(resident));
    if (!peer.empty()) draft.set(Field::kPeerNumber, peer);
    draft.set(Field::kInstructionId, id);
    draft.set(Field::kInstructionUnit, "市反诈中心");
    draft.set(Field::kLevel, level_name(level));
    draft.set(Field::kFraudType, type);
    draft.set(Field::kRequiredAction, "contact");
    draft.set(Field::kText, "请核实并劝阻");
    draft.set(Field::kIssuedAt, to_ms(now));
    clockwork_.signal(kCentre, std::move(spelled), now);
  }

  void count_alerts() {
    for (const AlertRaised& alert : clockwork_.take_alerts()) {
      const Engine& engine = clockwork_.engine();
      const auto lures = lures_.of_resident(resident_index(engine.find_resident(alert.resident)->number));
      const bool victim =
          std::any_of(lures.begin(), lures.end(), [&](uint32_t i) { return lures_.all()[i].hook <= alert.at; });
      RuleValue& rule = rules_[alert.rule];
      ++rule.alerts;
      rule.about_victims += victim;
      const auto day = static_cast<size_t>((engine.now() - scenario_.start) / kDay);
      if (day < out_.by_day.size()) ++out_.by_day[day].alerts;
    }
  }

  Outcome outcome() {
    out_.title = scenario_.title;
    out_.seed = options_.seed;
    out_.start = scenario_.start;
    out_.days = scenario_.days;
    out_.residents = scenario_.residents;
    out_.events = clockwork_.events();
    judge({scenario_, clockwork_, lures_, desk_, end_}, out_);
    for (auto& [id, rule] : rules_) {
      rule.id = clockwork_.engine().find_rule(id)->id;
      out_.rules.push_back(rule);
    }
    std::stable_sort(out_.rules.begin(), out_.rules.end(),
                     [](const RuleValue& a, const RuleValue& b) { return a.alerts > b.alerts; });
    for (size_t team = 0; team < scenario_.teams.size(); ++team) {
      const TeamPlan& plan = scenario_.teams[team];
      const uint32_t hours = (plan.hours.to + 24 - plan.hours.from - 1) % 24 + 1;
      const double days = std::chrono::duration<double>(end_ - scenario_.start) / std::chrono::duration<double>(kDay);
      const double paid = 3600.0 * hours * plan.seats * days;
      out_.busy.push_back(paid > 0 ? desk_.busy_seconds(team) / paid : 0);
    }
    out_.journal_digest = clockwork_.digest();
    out_.state_digest = clockwork_.state_digest();
    return std::move(out_);
  }

  const Scenario& scenario_;
  const WorldOptions& options_;
  const rules::Program& program_;
  rules::Scanner scanner_;
  Signal signal_;
  Clockwork clockwork_;
  Lures lures_;
  Desk desk_;
  Traffic traffic_;
  Instant traffic_end_;
  Instant end_{};
  TrafficHour hour_;
  size_t at_ = 0;
  uint32_t hours_taken_ = 0;
  uint64_t unmatched_ = 0;     // since the last signal that was spelled out
  std::vector<Spelled> held_;  // of an outage
  std::map<RuleId, RuleValue> rules_;
  Outcome out_;
};

}  // namespace

Outcome run_world(const Scenario& scenario, const runtime::SharedPacks& packs, const WorldOptions& options) {
  return World(scenario, packs, options).run();
}

}  // namespace quanzu::simulator
