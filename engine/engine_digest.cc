// The digest of all state: every field, in id order, through SipHash with a fixed key. A field that is forgotten here is
// a difference between two engines that verify and the followers don't see; so each struct is listed whole, in its order.
#include "engine/engine.h"

namespace quanzu {
namespace {

class Digest {
 public:
  template <class... Fields>
  void all(const Fields&... fields) {
    (put(fields), ...);
  }
  std::string finish() { return hex16(hash_.finish()); }

 private:
  template <class T>
  requires(std::is_integral_v<T> || std::is_enum_v<T>) void put(T value) {
    hash_.integer(static_cast<uint64_t>(value));
  }
  template <class Tag, class Rep>
  void put(Strong<Tag, Rep> value) {
    hash_.integer(static_cast<uint64_t>(value.value()));
  }
  void put(Instant at) { hash_.integer(static_cast<uint64_t>(to_ms(at))); }
  void put(Duration duration) { hash_.integer(static_cast<uint64_t>(duration.count())); }
  void put(const std::string& text) { hash_.text(text); }
  void put(const Number& number) { hash_.text(number.view()); }
  template <class T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <class T>
  void put(const std::vector<T>& items) {
    put(items.size());
    for (const T& item : items) put(item);
  }

  void put(const Evidence& e) {
    all(e.sequence, e.rule, e.fraud_type, e.stage, e.peer, e.at, e.weight, e.half_life, e.text);
  }
  void put(const Task& t) {
    all(t.id, t.case_id, t.type, t.state, t.owner, t.lease_until, t.due_at, t.not_before, t.attempts, t.point,
        t.instruction);
  }
  void put(const Reason& r) { all(r.rule, r.label, r.points, r.at, r.peer, r.text); }
  void put(const Attempt& a) {
    all(a.task, a.channel, a.result, a.in_person, a.identity, a.line_cut, a.stopped_by, a.note, a.by, a.at);
  }
  void put(const FollowUp& f) {
    all(f.point, f.due_at, f.recorded, f.verdict, f.loss, f.lost_at, f.source, f.by, f.at);
  }
  void put(const TruthDecision& t) { all(t.truth, t.criteria, t.by, t.at); }
  void put(const Closing& c) { all(c.reason, c.proof, c.by, c.second_person, c.at); }
  void put(const Correction& c) { all(c.field, c.before, c.after, c.why, c.by, c.at); }

 public:
  void put(const Case& c) {
    all(c.id, c.version, c.changed, c.kind, c.state, c.level, c.score, c.fraud_type, c.stage, c.resident, c.place,
        c.peers, c.reasons, c.tasks, c.attempts, c.instructions, c.t0, c.opened_at, c.active_from, c.lead, c.closing,
        c.past_closings, c.truth, c.follow_ups, c.corrections, c.reopened, c.answer_by, c.reached_at, c.lost_at,
        c.loss);
  }
  void put(const Resident& r) {
    all(r.id, r.number, r.area, r.birth_year, r.provisional, r.evidence, r.cases, r.evidence_dropped);
  }
  void put(const Instruction& i) {
    all(i.id, i.upstream_id, i.unit, i.action, i.fraud_type, i.level, i.resident, i.case_id, i.text, i.state,
        i.issued_at, i.received_at, i.sign_due, i.feedback_due, i.signed_by, i.signed_at, i.feedback, i.feedback_action,
        i.fed_back_by, i.fed_back_at, i.overdue);
  }
  void put(const User& u) { all(u.id, u.name, u.role, u.disabled, u.token_hash, u.password_hash, u.totp_secret); }
  void put(const Stream& s) { all(s.id, s.feed, s.stream, s.next_seq, s.accepted, s.rejected, s.latest_at); }
  void put(const RuleInfo& r) {
    all(r.id, r.version, r.title, r.fraud_type, r.stage, r.weight, r.half_life, r.max_alerts_per_day);
  }
  void put(const RuleState& r) { all(r.rule, r.on, r.why, r.by, r.day, r.alerts, r.held_back); }
  void put(const LivePack& p) { all(p.version, p.hash, p.folder_hash, p.rules); }
  void put(const Counters& c) {
    all(c.events, c.signals, c.rejected, c.matches, c.alerts, c.instructions, c.instruction_repeats, c.cases_opened,
        c.cases_reopened, c.cases_closed, c.tasks_done, c.leases_lost, c.evidence_dropped, c.alerts_held_back);
  }
  template <class T>
  void put(const std::deque<T>& items) {
    put(items.size());
    for (const T& item : items) put(item);
  }

 private:
  SipHash hash_{{0, 0}};
};

}  // namespace

// The indexes, the queue and the agenda are made of what is here, and add nothing.
std::string Engine::state_digest() const {
  Digest digest;
  digest.all(playbook_.kind, playbook_.version, last_sequence_, now_, store_id_, counters_, live_pack_, last_outreach_);
  digest.all(cases_, residents_, instructions_, users_, streams_, rules_, case_of_task_, packs_);
  digest.all(rule_limits_.all().size());
  for (const auto& [rule, state] : rule_limits_.all()) digest.put(state);
  digest.all(commands_.size());
  for (const auto& [key, remembered] : commands_) {
    digest.all(key.first, key.second, remembered.body_hash, remembered.until);
  }
  return digest.finish();
}

}  // namespace quanzu
