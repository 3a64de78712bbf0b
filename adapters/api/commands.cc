#include "adapters/api/commands.h"

#include <algorithm>
#include <array>
#include <limits>

namespace quanzu::api {
namespace {

constexpr auto kOptional = Need::kOptional;
constexpr auto kRequired = Need::kRequired;
constexpr int64_t kMaxInteger = int64_t{1} << 53;  // what JSON readers agree on

uint64_t version(Fields& fields) {
  return static_cast<uint64_t>(fields.integer("version", kRequired, 1, kMaxInteger).value_or(0));
}

std::optional<Fen> fen(Fields& fields, std::string_view name) {
  const std::optional<int64_t> amount = fields.integer(name, kOptional, 0, kMaxInteger);
  return amount ? std::optional<Fen>(*amount) : std::nullopt;
}

Result<CommandBody> finished(const Fields& fields, CommandBody command) {
  if (const Result<void> done = fields.finish(); !done) return Failure(done.error());
  return command;
}

}  // namespace

Result<CommandBody> parse_open(Fields& fields) {
  OpenCase command;
  command.resident = fields.id<ResidentId>("resident_id", kOptional);
  const std::string number = fields.text("number", kOptional);
  command.place = fields.text("place", kOptional);
  const int subjects = (command.resident ? 1 : 0) + (number.empty() ? 0 : 1) + (command.place.empty() ? 0 : 1);
  if (subjects != 1) fields.wrong("number", "or resident_id or place: exactly one of them says whom the case is about");
  if (!number.empty()) {
    const Result<Number> parsed = parse_resident_number(number);
    if (parsed) command.number = *parsed;
    if (!parsed) fields.wrong("number", "can't be a resident's: " + parsed.error().message);
  }
  command.kind = fields.text("kind", kRequired);
  command.fraud_type = fields.word<FraudType>("fraud_type", kOptional, find_fraud_type).value_or(FraudType::kNone);
  command.level = fields.word<Level>("level", kOptional, find_level);
  command.text = fields.text("text", kRequired);
  command.source = fields.text("source", kRequired);
  return finished(fields, std::move(command));
}

Result<CommandBody> parse_claim_next(Fields& fields) {
  ClaimNext command;
  for (const std::string& name : fields.texts("types", kOptional)) {
    const std::optional<TaskType> type = find_task_type(name);
    if (!type) fields.wrong("types", "holds '" + name + "', which is no task type");
    if (type) command.types.push_back(*type);
  }
  return finished(fields, std::move(command));
}

Result<CommandBody> parse_claim(Fields& fields) {
  ClaimTask command;
  command.task = fields.id<TaskId>("task_id", kRequired);
  command.version = version(fields);
  return finished(fields, command);
}

Result<CommandBody> parse_renew(Fields& fields) {
  const RenewLease command{fields.id<TaskId>("task_id", kRequired)};
  return finished(fields, command);
}

Result<CommandBody> parse_release(Fields& fields) {
  const ReleaseTask command{fields.id<TaskId>("task_id", kRequired)};
  return finished(fields, command);
}

Result<CommandBody> parse_record_attempt(Fields& fields) {
  RecordAttempt command;
  command.task = fields.id<TaskId>("task_id", kRequired);
  command.version = version(fields);
  command.result = fields.text("result", kRequired);
  command.identity = fields.word<Identity>("identity", kOptional, find_identity).value_or(Identity::kNone);
  command.line_cut = fields.boolean("line_cut").value_or(false);
  command.stopped_by = fields.text("stopped_by", kOptional);
  command.note = fields.text("note", kOptional);
  return finished(fields, std::move(command));
}

Result<CommandBody> parse_close(Fields& fields) {
  CloseCase command;
  command.case_id = fields.id<CaseId>("case_id", kRequired);
  command.version = version(fields);
  command.reason = fields.text("reason", kRequired);
  command.proof = fields.text("proof", kOptional);
  command.second_person = fields.text("second_person", kOptional);
  return finished(fields, std::move(command));
}

Result<CommandBody> parse_follow_up(Fields& fields) {
  RecordFollowUp command;
  command.case_id = fields.id<CaseId>("case_id", kRequired);
  command.version = version(fields);
  command.point = fields.text("point", kRequired);
  command.verdict = fields.word<Verdict>("verdict", kRequired, find_verdict).value_or(Verdict::kUnknown);
  command.loss = fen(fields, "loss_fen");
  command.lost_at = fields.time("lost_at");
  command.source = fields.text("source", kRequired);
  if (command.verdict != Verdict::kLoss && (command.loss || command.lost_at)) {
    fields.wrong(command.loss ? "loss_fen" : "lost_at", "goes with the verdict loss alone");
  }
  return finished(fields, std::move(command));
}

Result<CommandBody> parse_correct(Fields& fields) {
  CorrectCase command;
  command.case_id = fields.id<CaseId>("case_id", kRequired);
  command.field = fields.text("field", kRequired);
  // Money and times may come as they are everywhere else.
  const boost::json::value value = fields.raw("value", kRequired);
  if (value.is_string()) {
    command.value = std::string(value.get_string());
  } else if (value.is_int64()) {
    command.value = std::to_string(value.get_int64());
  } else if (!value.is_null()) {
    fields.wrong("value", "must be a string or a whole number");
  }
  if (command.value.size() > Fields::kMaxText) fields.wrong("value", "is too long");
  command.why = fields.text("why", kRequired);
  return finished(fields, std::move(command));
}

Result<CommandBody> parse_decide(Fields& fields) {
  DecideTruth command;
  command.case_id = fields.id<CaseId>("case_id", kRequired);
  command.truth = fields.word<Truth>("truth", kRequired, find_truth).value_or(Truth::kUnlabelled);
  command.criteria = fields.texts("criteria", kRequired);
  if (command.criteria.empty()) fields.wrong("criteria", "must name at least one; 'none' is one");
  return finished(fields, std::move(command));
}

Result<CommandBody> parse_create_instruction(Fields& fields) {
  constexpr std::array<std::string_view, 4> kActions = {"sign", "contact", "meet", "feed_back"};
  CreateInstruction command;
  command.upstream_id = fields.text("upstream_id", kRequired);
  command.unit = fields.text("unit", kOptional);
  command.action = fields.text("action", kOptional);
  if (!command.action.empty() && std::find(kActions.begin(), kActions.end(), command.action) == kActions.end()) {
    fields.wrong("action", "must be sign, contact, meet or feed_back");
  }
  command.fraud_type = fields.word<FraudType>("fraud_type", kOptional, find_fraud_type).value_or(FraudType::kNone);
  command.level = fields.word<Level>("level", kRequired, find_level).value_or(Level::kMedium);
  const Result<Number> number = parse_resident_number(fields.text("number", kRequired));
  if (number) command.resident = *number;
  if (!number) fields.wrong("number", "can't be a resident's: " + number.error().message);
  const std::string peer = fields.text("peer", kOptional);
  if (!peer.empty()) command.peer = peer_number(peer);
  command.text = fields.text("text", kRequired);
  command.issued_at = fields.time("issued_at");
  return finished(fields, std::move(command));
}

Result<CommandBody> parse_sign(Fields& fields) {
  const SignInstruction command{fields.id<InstructionId>("instruction_id", kRequired)};
  return finished(fields, command);
}

Result<CommandBody> parse_feed_back(Fields& fields) {
  FeedBackInstruction command;
  command.instruction = fields.id<InstructionId>("instruction_id", kRequired);
  command.text = fields.text("text", kRequired);
  command.action = fields.text("action", kRequired);
  return finished(fields, std::move(command));
}

Result<CommandBody> parse_advance_clock(Fields& fields) {
  constexpr int64_t kTenYears = int64_t{3653} * 24 * 3600;
  const std::optional<int64_t> seconds = fields.integer("seconds", kRequired, 1, kTenYears);
  return finished(fields, AdvanceClock{std::chrono::seconds(seconds.value_or(0))});
}

Result<CommandBody> parse_switch_rule(Fields& fields) {
  SwitchRule command;
  command.rule = fields.text("rule", kRequired);
  command.on = fields.boolean("on", kRequired).value_or(true);
  command.why = fields.text("why", kRequired);
  return finished(fields, std::move(command));
}

}  // namespace quanzu::api
