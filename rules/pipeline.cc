#include "rules/pipeline.h"

#include "engine/bytes.h"
#include "engine/state_hash.h"

namespace quanzu::rules {
namespace {

constexpr std::string_view kFormat = "quanzu pipeline 1";

template <class Item>
std::span<const Item> added(const std::vector<Item>& list, size_t before) {
  return std::span(list).subspan(before);
}

// Where a case stands, without its texts: these are in the full digest.
void hash_case(StateHash& hash, const Case& of) {
  hash(of.id, of.version, of.state, of.level, of.score, of.fraud_type, of.stage, of.resident, of.reasons.size(),
       of.attempts.size(), of.follow_ups.size(), of.truth.size(), of.answer_by, of.lead);
  for (const Task& task : of.tasks) hash(task.id, task.state, task.owner, task.lease_until, task.due_at, task.attempts);
}

void hash_resident(StateHash& hash, const Resident& resident) {
  hash(resident.id, resident.evidence.size(), resident.evidence_dropped, resident.cases.size());
  if (resident.evidence.empty()) return;
  const Evidence& last = resident.evidence.back();
  hash(last.sequence, last.rule, last.at, last.weight);
}

}  // namespace

Result<Applied> Pipeline::apply(const Event& event, Effects& effects) {
  if (Result<void> correlated = correlator_.apply(event, alerts_); !correlated) return Failure(correlated.error());
  const Effects::Sizes before = effects.sizes();
  Result<Applied> applied = engine_.apply(event, alerts_, effects);
  if (applied && *applied == Applied::kChanged) hash_outcome(event, effects, before);
  return applied;
}

void Pipeline::hash_outcome(const Event& event, const Effects& effects, const Effects::Sizes& before) {
  StateHash hash;
  hash(outcome_, event.sequence, event.now);
  for (const Alert& each : alerts_) hash(each.rule, each.signal, each.at);
  for (const CaseId id : added(effects.cases, before.cases)) hash_case(hash, *engine_.find_case(id));
  for (const ResidentId id : added(effects.residents, before.residents)) {
    hash_resident(hash, *engine_.find_resident(id));
  }
  for (const InstructionId id : added(effects.instructions, before.instructions)) {
    const Instruction& of = *engine_.find_instruction(id);
    hash(of.id, of.state, of.case_id, of.sign_due, of.feedback_due, of.overdue);
  }
  for (const UserId id : added(effects.users, before.users)) hash(*engine_.find_user(id));
  for (const StreamId id : added(effects.streams, before.streams)) {
    const Stream& of = *engine_.find_stream(id);
    hash(of.id, of.next_seq, of.accepted, of.rejected, of.latest_at);
  }
  for (const PackVersion version : added(effects.packs, before.packs)) hash(*engine_.find_pack(version));
  for (const std::string& rule : added(effects.rules, before.rules)) hash(*engine_.rule_limits().find(rule));
  for (const AlertRaised& each : added(effects.alerts, before.alerts))
    hash(each.seq, each.rule, each.resident, each.at);
  for (const OutreachDue& each : added(effects.outreach, before.outreach)) {
    hash(each.id, each.case_id, each.channel, each.template_name, each.at);
  }
  outcome_ = hash.finish();
}

std::string Pipeline::digest() const {
  return engine_.state_digest() + hex16(correlator_.digest()) + hex16(outcome_);
}

std::string Pipeline::snapshot() const {
  std::string bytes;
  ByteWriter out(bytes);
  out(kFormat, outcome_, engine_.snapshot(), correlator_.snapshot());
  return bytes;
}

Result<Pipeline> Pipeline::restore(std::string_view snapshot, Playbook playbook) {
  ByteReader in(snapshot);
  std::string_view format;
  uint64_t outcome = 0;
  std::string_view engine;
  std::string_view correlator;
  in(format, outcome, engine, correlator);
  if (!in.ok() || in.left() != 0 || format != kFormat) {
    return fail(Code::kInternal, "a snapshot's state is of a form that this release doesn't know");
  }
  Result<Engine> restored = Engine::restore(engine, std::move(playbook));
  if (!restored) return Failure(restored.error());
  Result<Correlator> correlated = Correlator::restore(correlator);
  if (!correlated) return Failure(correlated.error());
  Pipeline out;
  out.engine_ = std::move(*restored);
  out.correlator_ = std::move(*correlated);
  out.outcome_ = outcome;
  return out;
}

}  // namespace quanzu::rules
