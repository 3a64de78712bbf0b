// What the engine's state is made of, once for its digest, a snapshot's writer and its reader: fields(archive, x) visits every
// field of x in x's order. A field that is forgotten here is a difference between two engines that nobody sees, and one that a
// restart loses; so each struct is listed whole. The order is the format of snapshots: whoever changes it raises kSemantics.
#pragma once
#include "engine/engine.h"

namespace quanzu {

// How an archive sees a T: const where it writes or hashes, as it is where it reads.
template <class A, class T>
using In = typename A::template Of<T>;

template <class A>
void fields(A& a, In<A, Evidence>& e) {
  a(e.sequence, e.rule, e.fraud_type, e.stage, e.peer, e.at, e.weight, e.half_life, e.text);
}
template <class A>
void fields(A& a, In<A, Task>& e) {
  a(e.id, e.case_id, e.type, e.state, e.owner, e.lease_until, e.due_at, e.not_before, e.attempts, e.point,
    e.instruction);
}
template <class A>
void fields(A& a, In<A, Reason>& e) {
  a(e.rule, e.label, e.points, e.at, e.peer, e.text);
}
template <class A>
void fields(A& a, In<A, Attempt>& e) {
  a(e.task, e.channel, e.result, e.in_person, e.identity, e.line_cut, e.stopped_by, e.note, e.by, e.at);
}
template <class A>
void fields(A& a, In<A, FollowUp>& e) {
  a(e.point, e.due_at, e.recorded, e.verdict, e.loss, e.lost_at, e.source, e.by, e.at);
}
template <class A>
void fields(A& a, In<A, TruthDecision>& e) {
  a(e.truth, e.criteria, e.by, e.at);
}
template <class A>
void fields(A& a, In<A, Closing>& e) {
  a(e.reason, e.proof, e.by, e.second_person, e.at);
}
template <class A>
void fields(A& a, In<A, Correction>& e) {
  a(e.field, e.before, e.after, e.why, e.by, e.at);
}
template <class A>
void fields(A& a, In<A, Case>& e) {
  a(e.id, e.version, e.changed, e.kind, e.state, e.level, e.score, e.fraud_type, e.stage, e.resident, e.place, e.peers,
    e.reasons, e.tasks, e.attempts, e.instructions, e.t0, e.opened_at, e.active_from, e.lead, e.closing,
    e.past_closings, e.truth, e.follow_ups, e.corrections, e.reopened, e.answer_by, e.reached_at, e.lost_at, e.loss);
}
template <class A>
void fields(A& a, In<A, Resident>& e) {
  a(e.id, e.number, e.area, e.birth_year, e.provisional, e.evidence, e.cases, e.evidence_dropped);
}
template <class A>
void fields(A& a, In<A, Instruction>& e) {
  a(e.id, e.upstream_id, e.unit, e.action, e.fraud_type, e.level, e.resident, e.case_id, e.text, e.state, e.issued_at,
    e.received_at, e.sign_due, e.feedback_due, e.signed_by, e.signed_at, e.feedback, e.feedback_action, e.fed_back_by,
    e.fed_back_at, e.overdue);
}
template <class A>
void fields(A& a, In<A, User>& e) {
  a(e.id, e.name, e.role, e.disabled, e.token_hash, e.password_hash, e.totp_secret);
}
template <class A>
void fields(A& a, In<A, Stream>& e) {
  a(e.id, e.feed, e.stream, e.next_seq, e.accepted, e.rejected, e.latest_at);
}
template <class A>
void fields(A& a, In<A, RuleInfo>& e) {
  a(e.id, e.version, e.title, e.fraud_type, e.stage, e.weight, e.half_life, e.max_alerts_per_day);
}
template <class A>
void fields(A& a, In<A, RuleState>& e) {
  a(e.rule, e.on, e.why, e.by, e.day, e.alerts, e.held_back);
}
template <class A>
void fields(A& a, In<A, LivePack>& e) {
  a(e.version, e.hash, e.folder_hash, e.rules);
}
template <class A>
void fields(A& a, In<A, Counters>& e) {
  a(e.events, e.signals, e.rejected, e.matches, e.alerts, e.instructions, e.instruction_repeats, e.cases_opened,
    e.cases_reopened, e.cases_closed, e.tasks_done, e.leases_lost, e.evidence_dropped, e.alerts_held_back);
}
template <class A>
void fields(A& a, In<A, QueueKey>& e) {
  a(e.below_critical, e.deadline, e.task);
}
template <class A>
void fields(A& a, In<A, Due>& e) {
  a(e.at, e.kind, e.id);
}

}  // namespace quanzu
