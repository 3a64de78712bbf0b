#include "simulator/world/scenario.h"

#include <algorithm>

#include "rules/lang/scalar.h"
#include "simulator/world/section.h"

namespace quanzu::simulator {
namespace {

using rules::YamlNode;
using rules::YamlType;

constexpr uint32_t kMostDays = 366;
constexpr uint32_t kMostResidents = 10'000'000;
constexpr uint32_t kMostMinutes = 60 * 24 * 60;
constexpr uint32_t kMostYuan = 100'000'000;

std::vector<std::string_view> fraud_types() {
  std::vector<std::string_view> out;
  for (size_t type = 1; type < kFraudTypeCount; ++type) out.push_back(fraud_type_name(static_cast<FraudType>(type)));
  return out;
}

const std::vector<std::string_view> kLevels = {"low", "medium", "high", "critical"};
const std::vector<std::string_view> kWork = {"call", "visit", "feedback", "follow_up"};

class Reader {
 public:
  explicit Reader(rules::Problems& problems) : problems_(problems) {}

  Scenario read(const YamlNode& root) {
    Section section(&root, "a scenario", problems_);
    section.require("title", "title: A quiet month");
    section.require("start", "start: 2026-11-23T00:00:00+08:00");
    section.require("campaigns", "campaigns: [{type: loan}]");
    section.require("staff", "staff: [{team: calls, does: [call], seats: 2}]");
    section.text("title", out_.title);
    read_start(section);
    section.number("days", 1, kMostDays, out_.days);
    uint32_t seed = static_cast<uint32_t>(out_.seed);
    section.number("seed", 0, UINT32_MAX, seed);
    out_.seed = seed;
    read_population(section.find("population"));
    each(section, "campaigns", [this](const YamlNode& node) { read_campaign(node); });
    each(section, "staff", [this](const YamlNode& node) { read_team(node); });
    read_people(section.find("people"));
    read_truth(section.find("truth"));
    read_work(section.find("work"));
    each(section, "outages", [this](const YamlNode& node) { read_outage(node); });
    section.finish();
    return std::move(out_);
  }

 private:
  void each(Section& section, std::string_view key, const std::function<void(const YamlNode&)>& read_one) {
    const YamlNode* node = section.find(key);
    if (node == nullptr) return;
    if (!node->is(YamlType::kList)) return section.error(*node, node->text, std::string(key) + " is a list of maps");
    for (const YamlNode* item : node->items) read_one(*item);
  }

  void read_start(Section& section) {
    const YamlNode* node = section.find("start");
    if (node == nullptr) return;
    const Result<Instant> at = parse_rfc3339(node->text);
    if (at) {
      out_.start = *at;
    } else {
      section.error(*node, node->text, "start is a time with its zone", "2026-11-23T00:00:00+08:00");
    }
  }

  void read_population(const YamlNode* node) {
    Section section(node, "population", problems_);
    section.number("residents", 10, kMostResidents, out_.residents);
    section.number("signals_per_resident_day", 0, 1000, out_.signals_per_resident_day);
    section.number("stray_instructions_per_day", 0, 100'000, out_.stray_instructions);
    section.word("stray_level", kLevels, [this](std::string_view name) { out_.stray_level = find_level(name); });
    section.finish();
  }

  void read_hours(Section& section, Hours& out) {
    std::array<uint32_t, 2> hours{out.from, out.to};
    const YamlNode* node = section.find("hours");
    if (node == nullptr) return;
    // Unlike other pairs a night's first is the greater.
    const bool two = node->is(YamlType::kList) && node->items.size() == 2;
    for (size_t i = 0; two && i < 2; ++i) {
      const rules::Scalar value = rules::type_of(*node->items[i]);
      const bool hour = value.type == rules::ScalarType::kNumber && value.number >= 0 && value.number <= 24;
      if (!hour) return section.error(*node->items[i], node->items[i]->text, "hours are from 0 to 24");
      hours[i] = static_cast<uint32_t>(value.number);
    }
    if (!two) return section.error(*node, node->text, "hours are two: from and to", "[9, 21]");
    if (hours[0] == hours[1]) return section.error(*node, node->text, "hours hold nothing", "[0, 24]");
    out = {hours[0], hours[1]};
  }

  void read_stage(Section& section, std::string_view key, StagePlan& out) {
    const YamlNode* node = section.find(key);
    if (node == nullptr) return;
    Section stage(node, std::string(key), problems_);
    stage.per_mille("per_mille", out.per_mille);
    stage.number("minutes", 1, kMostMinutes, out.minutes);
    stage.finish();
  }

  void read_campaign(const YamlNode& node) {
    Section section(&node, "a campaign", problems_);
    CampaignPlan plan;
    section.require("type", "type: loan");
    section.word("type", fraud_types(), [&](std::string_view name) { plan.type = *find_fraud_type(name); });
    plan.name = fraud_type_name(plan.type);
    section.text("name", plan.name);
    section.number("per_day", 1, 100'000, plan.per_day);
    section.number("victims", 1, kMostResidents, plan.victims);
    section.number("from_day", 0, kMostDays, plan.from_day);
    section.number("to_day", 1, kMostDays, plan.to_day);
    read_hours(section, plan.hours);
    section.number("spread_minutes", 1, kMostMinutes, plan.spread_minutes);
    section.boolean("one_caller", plan.one_caller);
    section.per_mille("abroad_per_mille", plan.abroad);
    read_stage(section, "grooming", plan.grooming);
    read_stage(section, "screen", plan.screen);
    read_stage(section, "transfer", plan.transfer);
    section.per_mille("instruction_per_mille", plan.instruction);
    section.word("instruction_level", kLevels,
                 [&](std::string_view name) { plan.instruction_level = find_level(name); });
    section.pair("amount_yuan", 1, kMostYuan, plan.amount);
    section.texts("texts", plan.texts);
    section.texts("calls", plan.calls);
    if (plan.from_day >= plan.to_day && section.has("to_day")) {
      section.error(node, "to_day", "a campaign ends after it begins: to_day is greater than from_day");
    }
    section.finish();
    out_.campaigns.push_back(std::move(plan));
  }

  void read_team(const YamlNode& node) {
    Section section(&node, "a team", problems_);
    TeamPlan plan;
    section.require("team", "team: calls");
    section.require("does", "does: [call]");
    section.text("team", plan.name);
    section.words("does", kWork, [&](std::string_view name) { plan.does.push_back(*find_task_type(name)); });
    plan.role = plan.does == std::vector{TaskType::kVisit} ? Role::kFieldWorker : Role::kOperator;
    section.number("seats", 0, 10'000, plan.seats);
    read_hours(section, plan.hours);
    section.per_mille("skill_per_mille", plan.skill);
    section.number("speed_per_mille", 10, 10'000, plan.speed);
    section.finish();
    const bool twice = std::any_of(out_.teams.begin(), out_.teams.end(),
                                   [&](const TeamPlan& other) { return other.name == plan.name; });
    if (twice) section.error(node, plan.name, "two teams have this name: accounts are named after it");
    out_.teams.push_back(std::move(plan));
  }

  void read_people(const YamlNode* node) {
    Section section(node, "people", problems_);
    PeoplePlan& plan = out_.people;
    section.per_mille("answers_day_per_mille", plan.answers_day);
    section.per_mille("answers_night_per_mille", plan.answers_night);
    section.per_mille("home_per_mille", plan.home);
    section.per_mille("refuses_per_mille", plan.refuses);
    section.per_mille("in_call_per_mille", plan.in_call);
    section.per_mille("forwarded_per_mille", plan.forwarded);
    section.per_mille("visit_helps_per_mille", plan.visit_helps);
    section.per_mille("feigns_per_mille", plan.feigns);
    section.per_mille("tells_loss_per_mille", plan.tells_loss);
    section.finish();
  }

  void read_truth(const YamlNode* node) {
    Section section(node, "truth", problems_);
    section.per_mille("decided_per_mille", out_.truth.decided);
    section.per_mille("missing_per_mille", out_.truth.missing);
    section.per_mille("missing_after_loss_per_mille", out_.truth.missing_after_loss);
    section.per_mille("mislabelled_per_mille", out_.truth.mislabelled);
    section.finish();
  }

  void read_work(const YamlNode* node) {
    Section section(node, "work", problems_);
    section.pair("dial_s", 0, 80, out_.work.dial);    // a lease lasts 90 s
    section.pair("talk_s", 1, 1100, out_.work.talk);  // an open call 20 minutes
    section.pair("wrap_s", 0, 3600, out_.work.wrap);
    section.pair("travel_s", 0, 14'400, out_.work.travel);
    uint32_t mean = 0;
    section.number("exponential_talk_s", 1, 3600, mean);
    if (mean > 0) out_.work.exponential_talk = mean;
    section.finish();
  }

  void read_outage(const YamlNode& node) {
    Section section(&node, "an outage", problems_);
    Outage outage;
    for (const auto& [key, into] : {std::pair{"from", &outage.from}, std::pair{"to", &outage.to}}) {
      section.require(key, std::string(key) + ": 30h");
      const YamlNode* span = section.find(key);
      if (span == nullptr) continue;
      const Result<Duration> length = rules::parse_timespan(span->text);
      if (length) {
        *into = *length;
      } else {
        section.error(*span, span->text, "a time since the start, as 30h or 4d", "30h");
      }
    }
    section.finish();
    if (outage.from >= outage.to) return section.error(node, "to", "an outage ends after it begins");
    if (!out_.outages.empty() && outage.from < out_.outages.back().to) {
      return section.error(node, "from", "outages come one after the other");
    }
    out_.outages.push_back(outage);
  }

  rules::Problems& problems_;
  Scenario out_;
};

}  // namespace

bool Hours::hold(Instant at) const {
  const auto local = (at + std::chrono::hours(8)).time_since_epoch();
  const auto hour = static_cast<uint32_t>(std::chrono::duration_cast<std::chrono::hours>(local).count() % 24);
  return from < to ? hour >= from && hour < to : hour >= from || hour < to;
}

Scenario parse_scenario(std::string_view bytes, rules::Problems& problems) {
  const std::vector<rules::YamlDocument> documents = rules::parse_yaml(bytes, problems);
  if (documents.size() != 1) {
    problems.error({1, 1}, {}, "a scenario file holds one document, this one has " + std::to_string(documents.size()));
    return {};
  }
  return Reader(problems).read(*documents.front().root);
}

}  // namespace quanzu::simulator
