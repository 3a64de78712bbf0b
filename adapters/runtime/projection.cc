#include "adapters/runtime/projection.h"

#include "adapters/api/ids.h"
#include "adapters/api/render.h"

namespace quanzu::runtime {
namespace {

namespace json = boost::json;
using store::Row;
using store::Table;
using store::Value;

int64_t as_int(uint64_t value) {
  return static_cast<int64_t>(value);
}
template <class Id>
int64_t as_int(Id id) requires requires {
  id.value();
}
{ return static_cast<int64_t>(id.value()); }
template <class Id>
Value or_null(Id id) {
  return id ? Value(as_int(id)) : Value();
}
Value or_null(const std::optional<Instant>& at) {
  return at && *at != kNever ? Value(to_ms(*at)) : Value();
}
std::string word(std::string_view text) {
  return std::string(text);
}

std::string name_of(const Engine& engine, UserId id) {
  const User* user = engine.find_user(id);
  return user == nullptr ? std::string() : user->name;
}

void project_case(const Engine& engine, CaseId id, std::vector<Row>& rows) {
  const Case& of = *engine.find_case(id);
  const std::string area(engine.area_of(of.resident));
  rows.push_back(
      {Table::kCases,
       {as_int(of.id), as_int(of.version), of.kind, word(case_state_name(of.state)), word(level_name(of.level)),
        int64_t{of.score}, word(fraud_type_name(of.fraud_type)), area, or_null(of.resident), to_ms(of.opened_at),
        or_null(std::optional(of.due_at())), name_of(engine, of.lead),
        of.closing ? name_of(engine, of.closing->by) : std::string(),
        of.closing ? or_null(std::optional(of.closing->at)) : Value(), json::serialize(api::render_case(engine, of))}});
  const Exposure seen = exposure_of(of, area, engine.playbook());
  rows.push_back(
      {Table::kExposures,
       {as_int(seen.id), or_null(seen.resident), word(fraud_type_name(seen.fraud_type)), word(level_name(seen.level)),
        seen.area, to_ms(seen.t0), or_null(seen.lost_at), or_null(seen.reached_at), or_null(seen.contacted_at),
        word(truth_name(seen.truth)), int64_t{seen.no_loss_at_horizon}, seen.excluded, int64_t{seen.closed}}});
}

void project_instruction(const Engine& engine, InstructionId id, std::vector<Row>& rows) {
  const Instruction& of = *engine.find_instruction(id);
  rows.push_back({Table::kInstructions,
                  {as_int(of.id), of.upstream_id, word(instruction_state_name(of.state)), to_ms(of.issued_at),
                   or_null(of.case_id), json::serialize(api::render_instruction(engine, of))}});
}

void project_resident(const Engine& engine, ResidentId id, std::vector<Row>& rows) {
  const Resident& of = *engine.find_resident(id);
  json::array cases;
  for (const CaseId each : of.cases) cases.emplace_back(api::id_text(each));
  const json::object doc{
      {"cases", std::move(cases)}, {"evidence", of.evidence.size()}, {"evidence_dropped", of.evidence_dropped}};
  rows.push_back(
      {Table::kResidents,
       {as_int(of.id), word(of.number.view()), of.area, of.birth_year == 0 ? Value() : Value(int64_t{of.birth_year}),
        int64_t{of.provisional}, json::serialize(doc)}});
}

void project_user(const Engine& engine, UserId id, std::vector<Row>& rows) {
  const User& of = *engine.find_user(id);
  rows.push_back({Table::kUsers,
                  {as_int(of.id), of.name, word(role_name(of.role)), int64_t{of.disabled}, of.token_hash,
                   of.password_hash, of.totp_secret}});
}

void project_stream(const Engine& engine, StreamId id, std::vector<Row>& rows) {
  const Stream& of = *engine.find_stream(id);
  rows.push_back({Table::kStreams,
                  {as_int(of.id), of.feed, of.stream, as_int(of.next_seq), as_int(of.accepted), as_int(of.rejected),
                   to_ms(of.latest_at)}});
}

void project_pack(const Engine& engine, PackVersion version, std::vector<Row>& rows) {
  const LivePack& of = *engine.find_pack(version);
  json::monotonic_resource memory;  // ten thousand rules while signals wait
  json::array rules(&memory);
  rules.reserve(of.rules.size());
  for (const RuleId id : of.rules) {
    const RuleInfo& rule = *engine.find_rule(id);
    json::object& shown = rules.emplace_back(json::object_kind).get_object();
    shown.reserve(7);
    shown["rule"] = rule.id;
    shown["version"] = rule.version;
    shown["title"] = rule.title;
    shown["fraud_type"] = fraud_type_name(rule.fraud_type);
    shown["stage"] = stage_name(rule.stage);
    shown["weight"] = rule.weight.value();
    shown["max_alerts_per_day"] = rule.max_alerts_per_day;
  }
  rows.push_back({Table::kPacks, {as_int(of.version), of.hash, json::serialize(rules)}});
}

void project_rule(const Engine& engine, const std::string& rule, std::vector<Row>& rows) {
  const RuleState& of = *engine.rule_limits().find(rule);
  rows.push_back({Table::kRules,
                  {of.rule, word(of.on ? "on" : "off"), of.why, or_null(of.by),
                   of.day == Instant() ? Value() : Value(to_ms(of.day)), as_int(of.alerts), as_int(of.held_back)}});
}

void project_alerts(const Engine& engine, const std::vector<AlertRaised>& alerts, std::vector<Row>& rows) {
  Sequence event;
  int64_t ordinal = 0;
  for (const AlertRaised& each : alerts) {
    ordinal = each.sequence == event ? ordinal + 1 : 0;
    event = each.sequence;
    const RuleInfo& rule = *engine.find_rule(each.rule);
    rows.push_back({Table::kAlerts,
                    {as_int(each.sequence), ordinal, as_int(each.stream), as_int(each.seq), rule.id, rule.version,
                     or_null(each.resident), to_ms(each.at)}});
  }
}

}  // namespace

void project(const Engine& engine, const Effects& effects, std::vector<Row>& rows) {
  rows.push_back({Table::kMeta, {"store_id", engine.store_id()}});
  rows.push_back({Table::kMeta, {"sequence", std::to_string(engine.last_sequence().value())}});
  for (const CaseId id : effects.cases) project_case(engine, id, rows);
  for (const InstructionId id : effects.instructions) project_instruction(engine, id, rows);
  for (const ResidentId id : effects.residents) project_resident(engine, id, rows);
  for (const UserId id : effects.users) project_user(engine, id, rows);
  for (const StreamId id : effects.streams) project_stream(engine, id, rows);
  for (const PackVersion version : effects.packs) project_pack(engine, version, rows);
  for (const std::string& rule : effects.rules) project_rule(engine, rule, rows);
  project_alerts(engine, effects.alerts, rows);
  for (const SignalRejected& each : effects.rejects) {
    rows.push_back(
        {Table::kRejects,
         {as_int(each.stream), as_int(each.seq), each.reason, each.detail, each.payload, to_ms(each.received_at)}});
  }
  for (const OutreachDue& each : effects.outreach) {
    rows.push_back(
        {Table::kOutbox, {as_int(each.id), as_int(each.case_id), each.channel, each.template_name, to_ms(each.at)}});
  }
}

std::string render_reply(const Engine& engine, const CommandDone& done) {
  json::object reply;
  if (done.instruction_id) {
    reply["instruction"] = api::render_instruction(engine, *engine.find_instruction(done.instruction_id));
  }
  if (done.case_id) {
    const Case& of = *engine.find_case(done.case_id);
    reply["case"] = api::render_case(engine, of);
    if (const Task* task = done.task_id ? of.find_task(done.task_id) : nullptr) {
      reply["task"] = api::render_task(engine, of, *task);
    }
  }
  if (done.clock_advance != Duration::zero()) reply["now"] = format_rfc3339(engine.now());
  return json::serialize(reply);
}

void project_reply(const Engine& engine, const CommandDone& done, std::string reply, std::vector<Row>& rows) {
  if (done.idempotency_key.empty()) return;
  rows.push_back(
      {Table::kReplies,
       {as_int(done.user), done.idempotency_key, done.body_hash, as_int(engine.last_sequence()), std::move(reply)}});
}

void project_event(const Engine& engine, const Effects& effects, std::vector<Row>& rows) {
  Effects once = effects;
  once.compact();
  project(engine, once, rows);
  if (effects.done) project_reply(engine, *effects.done, render_reply(engine, *effects.done), rows);
}

}  // namespace quanzu::runtime
