// Truth and corrections: what the record says of a case after those who handled it are done with it.
#include <algorithm>
#include <charconv>

#include "engine/engine.h"

namespace quanzu {
namespace {

bool has(const std::vector<std::string>& criteria, std::string_view name) {
  return std::find(criteria.begin(), criteria.end(), name) != criteria.end();
}

// Empty where the criteria carry the decision.
std::string missing_for(Truth truth, const std::vector<std::string>& criteria) {
  if (truth == Truth::kConfirmed) {
    const bool by_police = has(criteria, "peer_confirmed_by_police");
    const bool by_two = has(criteria, "content_confirmed_by_resident") && has(criteria, "independent_proof");
    if (by_police || by_two || has(criteria, "loss")) return {};
    return "confirmed needs peer_confirmed_by_police, or content_confirmed_by_resident with independent_proof, or loss";
  }
  if (truth == Truth::kRefuted && !has(criteria, "named_proof_of_false")) return "refuted needs named_proof_of_false";
  return {};
}

Result<int64_t> parse_fen(const std::string& text) {
  int64_t fen = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), fen);
  if (error != std::errc() || end != text.data() + text.size() || fen < 0) {
    return fail(Code::kInvalidArgument, "\"" + text + "\" is no amount: whole fen, 0 or more", "value");
  }
  return fen;
}

}  // namespace

Result<Applied> Engine::on(const DecideTruth& request, Step& step) {
  const Result<Case*> found = find_for(request.case_id, CaseCommand::kDecideTruth);
  if (!found) return Failure(found.error());
  Case& of = **found;
  if (of.closing->by == step.user) {
    return fail(Code::kFailedPrecondition, "who closed the case may not decide its truth: leave it to somebody else");
  }
  if (request.truth == Truth::kUnlabelled) {
    return fail(Code::kInvalidArgument, "truth is confirmed, refuted or undetermined", "truth");
  }
  std::string known;
  for (const std::string& name : playbook_.truth_criteria) known += (known.empty() ? "" : ", ") + name;
  for (const std::string& name : request.criteria) {
    if (!has(playbook_.truth_criteria, name)) {
      return fail(Code::kInvalidArgument, "\"" + name + "\" is no criterion: it is one of " + known, "criteria");
    }
  }
  if (request.criteria.empty())
    return fail(Code::kInvalidArgument, "name the criteria: one or more of " + known, "criteria");
  const std::string missing = missing_for(request.truth, request.criteria);
  if (!missing.empty()) return fail(Code::kFailedPrecondition, missing, "criteria");

  of.truth.push_back(TruthDecision{request.truth, request.criteria, step.user, step.now});
  touch(of, step);
  settle(of, step);
  step.done.case_id = of.id;
  return Applied::kChanged;
}

Result<Applied> Engine::on(const CorrectCase& request, Step& step) {
  const Result<Case*> found = find_for(request.case_id, CaseCommand::kCorrect);
  if (!found) return Failure(found.error());
  Case& of = **found;
  if (request.why.empty()) return fail(Code::kInvalidArgument, "say why the record is wrong", "why");
  Correction correction{request.field, {}, request.value, request.why, step.user, step.now};
  Result<void> corrected;
  if (request.field == "fraud_type") {
    corrected = correct_type(of, correction);
  } else if (request.field == "closing.reason") {
    corrected = correct_reason(of, correction, step);
  } else if (request.field == "lost_at") {
    corrected = correct_lost_at(of, correction, step);
  } else if (request.field == "loss_fen") {
    corrected = correct_loss(of, correction);
  } else {
    corrected = fail(
        Code::kInvalidArgument,
        "\"" + request.field + "\" can't be corrected: fraud_type, closing.reason, lost_at and loss_fen can", "field");
  }
  if (!corrected) return Failure(corrected.error());
  of.corrections.push_back(std::move(correction));
  touch(of, step);
  if (!of.is_open()) settle(of, step);
  step.done.case_id = of.id;
  return Applied::kChanged;
}

Result<void> Engine::correct_type(Case& of, Correction& correction) {
  const auto type = find_fraud_type(correction.after);
  if (!type) return fail(Code::kInvalidArgument, "there is no fraud type \"" + correction.after + "\"", "value");
  correction.before = fraud_type_name(of.fraud_type);
  of.fraud_type = *type;
  return {};
}

// The new reason has to pass the checks that closing with it would have had to pass.
Result<void> Engine::correct_reason(Case& of, Correction& correction, Step& step) {
  if (!of.closing) return fail(Code::kFailedPrecondition, "the case is open: it has no closing reason yet", "field");
  const std::string& proof = of.closing->proof.empty() ? correction.why : of.closing->proof;
  const Result<const ClosingReason*> reason = check_closing(of, correction.after, proof, step.user);
  if (!reason) return Failure(reason.error());
  const Result<UserId> second = check_second_person(of, **reason, name_of(of.closing->second_person), step.user);
  const bool by_supervisor = find_user(step.user)->role == Role::kSupervisor && step.user != of.closing->by;
  if (!second && !by_supervisor) return Failure(second.error());
  correction.before = of.closing->reason;
  of.closing->reason = correction.after;
  if (!of.closing->second_person && by_supervisor) of.closing->second_person = step.user;
  take_consequences(of, **reason, step);
  return {};
}

// An empty value says that nothing was lost.
Result<void> Engine::correct_lost_at(Case& of, Correction& correction, Step& step) {
  std::optional<Instant> lost_at;
  if (!correction.after.empty()) {
    const Result<Instant> parsed = parse_rfc3339(correction.after);
    if (!parsed) return fail(Code::kInvalidArgument, parsed.error().message, "value");
    if (*parsed > step.now) return fail(Code::kInvalidArgument, "lost_at lies in the future", "value");
    lost_at = *parsed;
  }
  if (of.lost_at) correction.before = format_rfc3339(*of.lost_at);
  of.lost_at = lost_at;
  return {};
}

Result<void> Engine::correct_loss(Case& of, Correction& correction) {
  std::optional<Fen> loss;
  if (!correction.after.empty()) {
    const Result<int64_t> parsed = parse_fen(correction.after);
    if (!parsed) return Failure(parsed.error());
    loss = Fen(*parsed);
  }
  if (of.loss) correction.before = std::to_string(of.loss->value());
  of.loss = loss;
  return {};
}

}  // namespace quanzu
