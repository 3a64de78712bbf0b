#include "adapters/api/render.h"

#include "adapters/api/ids.h"
#include "adapters/store/backup.h"
#include "rules/text/utf8.h"

namespace quanzu::api {
namespace {

namespace json = boost::json;

json::value time_or_null(Instant at) {
  if (at == Instant() || at == kNever) return nullptr;
  return json::value(format_rfc3339(at));
}
json::value time_or_null(const std::optional<Instant>& at) {
  return at ? time_or_null(*at) : json::value(nullptr);
}
json::value fen_or_null(const std::optional<Fen>& fen) {
  return fen ? json::value(fen->value()) : json::value(nullptr);
}
json::value number_or_null(const std::optional<double>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}

// What a feed sent may be no UTF-8; JSON must be.
std::string as_utf8(std::string_view received) {
  std::string text;
  rules::repair_utf8(received, text);
  return text;
}

std::string name_of(const Engine& engine, UserId id) {
  const User* user = engine.find_user(id);
  return user == nullptr ? std::string() : user->name;
}

json::object render_subject(const Engine& engine, const Case& of) {
  json::object subject;
  const Resident* resident = of.resident ? engine.find_resident(of.resident) : nullptr;
  subject["resident_id"] = resident == nullptr ? json::value(nullptr) : json::value(id_text(resident->id));
  subject["place"] = of.place.empty() ? json::value(nullptr) : json::value(of.place);
  // The registry's names arrive with its import; until then a person is known by a masked number alone.
  subject["name"] = resident == nullptr ? std::string() : masked(resident->number);
  subject["area"] = resident == nullptr ? std::string() : resident->area;
  subject["birth_year"] =
      resident == nullptr || resident->birth_year == 0 ? json::value(nullptr) : json::value(resident->birth_year);
  return subject;
}

json::object render_reason(const Engine& engine, const Reason& of) {
  const RuleInfo* rule = of.rule ? engine.find_rule(of.rule) : nullptr;
  json::object reason;
  reason["text"] = as_utf8(of.text);
  reason["points"] = of.points;
  reason["rule"] = rule == nullptr ? std::string() : rule->id;
  reason["rule_version"] = rule == nullptr ? std::string() : rule->version;
  reason["label"] = rule != nullptr && of.label.empty() ? rule->title : as_utf8(of.label);
  reason["at"] = time_or_null(of.at);
  reason["peer"] = masked(of.peer);
  reason["spans"] = json::array();  // found when the case is read: the rules that match may have been reloaded since
  return reason;
}

json::object render_attempt(const Engine& engine, const Attempt& of) {
  json::object attempt;
  attempt["task_id"] = id_text(of.task);
  attempt["channel"] = std::string(task_type_name(of.channel));
  attempt["result"] = of.result;
  attempt["in_person"] = of.in_person;
  attempt["identity"] = of.identity == Identity::kNone ? std::string() : std::string(identity_name(of.identity));
  attempt["line_cut"] = of.line_cut;
  attempt["stopped_by"] = of.stopped_by;
  attempt["note"] = of.note;
  attempt["by"] = name_of(engine, of.by);
  attempt["at"] = time_or_null(of.at);
  return attempt;
}

json::object render_follow_up(const Engine& engine, const FollowUp& of) {
  json::object follow_up;
  follow_up["point"] = of.point;
  follow_up["due_at"] = time_or_null(of.due_at);
  follow_up["recorded"] = of.recorded;
  follow_up["verdict"] = of.recorded ? std::string(verdict_name(of.verdict)) : std::string();
  follow_up["loss_fen"] = fen_or_null(of.loss);
  follow_up["lost_at"] = time_or_null(of.lost_at);
  follow_up["source"] = of.source;
  follow_up["by"] = name_of(engine, of.by);
  follow_up["at"] = time_or_null(of.at);
  return follow_up;
}

json::object render_closing(const Engine& engine, const Closing& of) {
  json::object closing;
  closing["reason"] = of.reason;
  closing["proof"] = of.proof;
  closing["by"] = name_of(engine, of.by);
  closing["second_person"] = name_of(engine, of.second_person);
  closing["at"] = time_or_null(of.at);
  return closing;
}

json::value render_truth(const Engine& engine, const std::vector<TruthDecision>& decisions) {
  if (decisions.empty()) return nullptr;
  const TruthDecision& last = decisions.back();
  json::object truth;
  truth["truth"] = std::string(truth_name(last.truth));
  json::array criteria;
  for (const std::string& criterion : last.criteria) criteria.emplace_back(criterion);
  truth["criteria"] = std::move(criteria);
  truth["by"] = name_of(engine, last.by);
  truth["at"] = time_or_null(last.at);
  truth["decisions"] = decisions.size();
  return truth;
}

json::object render_correction(const Engine& engine, const Correction& of) {
  json::object correction;
  correction["field"] = of.field;
  correction["before"] = of.before;
  correction["after"] = of.after;
  correction["why"] = of.why;
  correction["by"] = name_of(engine, of.by);
  correction["at"] = time_or_null(of.at);
  return correction;
}

// In words, from the case alone. The place in the queue changes with every other case, so it has no part in a
// document.
std::string why(const Case& of, const Task& task) {
  std::string text = std::string(level_name(of.level)) + ", " + std::to_string(of.score) + " points";
  if (!task.point.empty()) text += ", follow-up at " + task.point;
  if (task.attempts > 0) text += ", attempt " + std::to_string(task.attempts + 1);
  if (task.due_at != Instant() && task.due_at != kNever) text += ", due " + format_rfc3339(task.due_at);
  return text;
}

}  // namespace

std::string masked(const Number& number) {
  std::string_view digits = number.view();
  if (digits.starts_with("86") && digits.size() >= 12) digits.remove_prefix(2);
  const bool service = digits.size() <= 6 || digits.starts_with("106");
  if (service) return std::string(digits);
  const size_t tail = digits.size() >= 11 ? 4 : 2;
  return std::string(digits.substr(0, 3)) + "****" + std::string(digits.substr(digits.size() - tail));
}

json::object render_task(const Engine& engine, const Case& of, const Task& task) {
  json::object out;
  out["task_id"] = id_text(task.id);
  out["case_id"] = id_text(of.id);
  out["type"] = std::string(task_type_name(task.type));
  out["state"] = std::string(task_state_name(task.state));
  out["owner"] = name_of(engine, task.owner);
  out["lease_until"] = task.owner ? time_or_null(task.lease_until) : json::value(nullptr);
  out["due_at"] = time_or_null(task.due_at);
  out["not_before"] = time_or_null(task.not_before);
  out["attempts"] = task.attempts;
  out["point"] = task.point;
  out["instruction_id"] = task.instruction ? json::value(id_text(task.instruction)) : json::value(nullptr);
  out["why"] = why(of, task);
  out["requirements"] = json::array();  // language, skill and role come with the roster
  return out;
}

json::object render_case(const Engine& engine, const Case& of) {
  json::object out;
  out["case_id"] = id_text(of.id);
  out["version"] = of.version;
  out["kind"] = of.kind;
  out["state"] = std::string(case_state_name(of.state));
  out["level"] = std::string(level_name(of.level));
  out["score"] = of.score;
  out["fraud_type"] = std::string(fraud_type_name(of.fraud_type));
  out["stage"] = std::string(stage_name(of.stage));
  out["area"] = std::string(engine.area_of(of.resident));
  out["subject"] = render_subject(engine, of);
  json::array reasons, tasks, attempts, instructions, follow_ups, corrections, past_closings;
  for (const Reason& each : of.reasons) reasons.emplace_back(render_reason(engine, each));
  for (const Task& each : of.tasks) tasks.emplace_back(render_task(engine, of, each));
  for (const Attempt& each : of.attempts) attempts.emplace_back(render_attempt(engine, each));
  for (InstructionId each : of.instructions) instructions.emplace_back(id_text(each));
  for (const FollowUp& each : of.follow_ups) follow_ups.emplace_back(render_follow_up(engine, each));
  for (const Correction& each : of.corrections) corrections.emplace_back(render_correction(engine, each));
  for (const Closing& each : of.past_closings) past_closings.emplace_back(render_closing(engine, each));
  out["reasons"] = std::move(reasons);
  out["tasks"] = std::move(tasks);
  out["attempts"] = std::move(attempts);
  out["instructions"] = std::move(instructions);
  out["t0"] = time_or_null(of.t0);
  out["opened_at"] = time_or_null(of.opened_at);
  out["due_at"] = time_or_null(of.due_at());
  out["lead"] = name_of(engine, of.lead);
  out["closing"] = of.closing ? json::value(render_closing(engine, *of.closing)) : json::value(nullptr);
  out["past_closings"] = std::move(past_closings);
  out["truth"] = render_truth(engine, of.truth);
  out["follow_ups"] = std::move(follow_ups);
  out["corrections"] = std::move(corrections);
  out["reached_at"] = time_or_null(of.reached_at);
  out["lost_at"] = time_or_null(of.lost_at);
  out["loss_fen"] = fen_or_null(of.loss);
  out["reopened"] = of.reopened;
  return out;
}

json::object render_instruction(const Engine& engine, const Instruction& of) {
  json::object out;
  out["instruction_id"] = id_text(of.id);
  out["upstream_id"] = as_utf8(of.upstream_id);
  out["unit"] = as_utf8(of.unit);
  out["action"] = of.action;
  out["fraud_type"] = std::string(fraud_type_name(of.fraud_type));
  out["level"] = std::string(level_name(of.level));
  out["resident_id"] = of.resident ? json::value(id_text(of.resident)) : json::value(nullptr);
  const Resident* resident = of.resident ? engine.find_resident(of.resident) : nullptr;
  out["name"] = resident == nullptr ? std::string() : masked(resident->number);
  out["area"] = resident == nullptr ? std::string() : resident->area;
  out["case_id"] = of.case_id ? json::value(id_text(of.case_id)) : json::value(nullptr);
  out["text"] = as_utf8(of.text);
  out["state"] = std::string(instruction_state_name(of.state));
  out["overdue"] = of.overdue;
  out["issued_at"] = time_or_null(of.issued_at);
  out["received_at"] = time_or_null(of.received_at);
  out["sign_due"] = time_or_null(of.sign_due);
  out["feedback_due"] = time_or_null(of.feedback_due);
  out["signed_by"] = name_of(engine, of.signed_by);
  out["signed_at"] = time_or_null(of.signed_at);
  out["feedback"] = of.feedback;
  out["feedback_action"] = of.feedback_action;
  out["fed_back_by"] = name_of(engine, of.fed_back_by);
  out["fed_back_at"] = time_or_null(of.fed_back_at);
  return out;
}

json::object render_measure(const Measure& of) {
  json::object out, group;
  for (const auto& [key, value] : of.group) group[key] = value;
  json::array excluded;
  for (const Excluded& each : of.excluded) {
    excluded.emplace_back(json::object{{"reason", each.reason}, {"count", each.count}});
  }
  out["name"] = of.name;
  out["group"] = std::move(group);
  out["numerator"] = of.numerator;
  out["denominator"] = of.denominator;
  out["value"] = number_or_null(of.value);
  out["low"] = number_or_null(of.low);
  out["high"] = number_or_null(of.high);
  out["bound_low"] = number_or_null(of.bound_low);
  out["bound_high"] = number_or_null(of.bound_high);
  out["immature"] = of.immature;
  out["small"] = of.small;
  out["excluded"] = std::move(excluded);
  out["definition"] = of.definition;
  return out;
}

json::object render_backup(const store::BackupReport& of) {
  return {{"file", of.file},
          {"blocks", of.blocks},
          {"sequence", of.sequence.value()},
          {"bytes", of.bytes},
          {"snapshot", of.snapshot}};
}

}  // namespace quanzu::api
