// signal -> evidence -> risk -> case. Evidence lies with the resident; which case a piece belongs to is decided anew each
// time by home_of(), so a case needs no list of its own and a merge is nothing special.
#include <algorithm>

#include "engine/engine.h"

namespace quanzu {
namespace {

bool same_type(FraudType a, FraudType b) {
  return a == b || a == FraudType::kNone || b == FraudType::kNone;
}

Number account_of(const Signal& signal) {
  return Number(signal.string(Field::kPeerAccount));
}

// Risk is taken at the newest evidence's time: feeds lag, and a score must not depend on how much.
Instant newest(std::span<const Evidence> evidence) {
  Instant at = evidence.front().at;
  for (const Evidence& each : evidence) at = std::max(at, each.at);
  return at;
}

size_t weakest(std::span<const Evidence> evidence) {
  const Instant now = newest(evidence);
  size_t least = 0;
  Millipoints least_weight = decayed(evidence[0].weight, now - evidence[0].at, evidence[0].half_life);
  for (size_t i = 1; i < evidence.size(); ++i) {
    const Millipoints weight = decayed(evidence[i].weight, now - evidence[i].at, evidence[i].half_life);
    if (weight < least_weight) {
      least = i;
      least_weight = weight;
    }
  }
  return least;
}

// The same thing again says nothing new: a known peer (or none), the same type, and no later stage.
bool is_known(const Case& of, const Evidence& evidence) {
  const bool known_peer = evidence.peer.empty() || of.has_peer(evidence.peer);
  return known_peer && same_type(of.fraud_type, evidence.fraud_type) && evidence.stage <= of.stage;
}

}  // namespace

Result<Applied> Engine::on(const SignalBatch& batch, Step& step) {
  ENSURE(find_stream(batch.stream) != nullptr, "a stream is opened before it carries signals");
  ENSURE(batch.pack.value() <= packs_.size(), "a pack is live before it matches");
  Stream& stream = streams_[batch.stream.value() - 1];
  ENSURE(batch.first_seq == stream.next_seq, "a stream has no gap and no repeat");
  ENSURE(batch.rejects.size() <= batch.count, "a batch rejects at most what it has");
  stream.next_seq += batch.count;
  stream.accepted += batch.count - batch.rejects.size();
  stream.rejected += batch.rejects.size();
  stream.latest_at = std::max(stream.latest_at, batch.latest_at);
  step.out.streams.push_back(stream.id);
  counters_.signals += batch.count;
  counters_.rejected += batch.rejects.size();
  for (const RejectedSignal& reject : batch.rejects) {
    step.out.rejects.push_back(SignalRejected{batch.stream, reject.seq, std::string(reject.reason),
                                              std::string(reject.detail), std::string(reject.payload), step.now});
  }
  size_t next = 0;
  for (uint32_t i = 0; i < batch.signals.size(); ++i) {
    const size_t begin = next;
    while (next < step.alerts.size() && step.alerts[next].signal == i) ++next;
    take_signal(batch, batch.signals[i], step.alerts.subspan(begin, next - begin), step);
  }
  take_closed(step.alerts.subspan(next), step);
  return Applied::kChanged;
}

void Engine::take_signal(const SignalBatch& batch, const MatchedSignal& matched, std::span<const Alert> alerts,
                         Step& step) {
  const Signal& signal = *matched.signal;
  counters_.matches += matched.rules.size();
  counters_.alerts += alerts.size();
  for (const Alert& alert : alerts) {
    const LivePack* pack = find_pack(batch.pack);
    ENSURE(pack != nullptr && alert.rule < pack->rules.size(), "an alert names a rule of its pack");
    const Number peer = signal.peer.empty() ? account_of(signal) : signal.peer;
    const AlertRaised raised{step.sequence, batch.stream, matched.seq, pack->rules[alert.rule], {}, signal.at};
    take_alert(raised, signal.resident, peer, signal.string(Field::kText), step);
  }
  if (signal.kind == Kind::kInstruction) {
    const Stream& stream = streams_[batch.stream.value() - 1];
    take_instruction(signal, stream.feed + "/" + stream.stream + "/" + std::to_string(matched.seq), step);
  }
  if (signal.kind == Kind::kTransfer) check_transfer(signal, step);
}

// What windows' closes raised, behind all signals: the group says whom it is about.
void Engine::take_closed(std::span<const Alert> alerts, Step& step) {
  counters_.alerts += alerts.size();
  for (const Alert& alert : alerts) {
    ENSURE(alert.signal == Alert::kNoSignal, "alerts come in the order of their signals");
    const LivePack* pack = find_pack(live_pack_);
    ENSURE(pack != nullptr && alert.rule < pack->rules.size(), "a close concludes a rule of the live pack");
    const AlertRaised raised{step.sequence, StreamId(), 0, pack->rules[alert.rule], {}, alert.at};
    take_alert(raised, alert.resident, alert.peer, {}, step);
  }
}

void Engine::take_alert(AlertRaised raised, const Number& about, const Number& peer, std::string_view text,
                        Step& step) {
  const RuleInfo& info = rules_[raised.rule.value() - 1];
  bool counted = false;
  const bool admitted = rule_limits_.admit(info, step.now, counted);
  if (counted) step.out.rules.push_back(info.id);
  if (!admitted) {
    ++counters_.alerts_held_back;
    return;
  }
  Resident& resident = resident_for(about, step);
  raised.resident = resident.id;
  step.out.alerts.push_back(raised);
  Evidence evidence;
  evidence.sequence = step.sequence;
  evidence.rule = raised.rule;
  evidence.fraud_type = info.fraud_type;
  evidence.stage = info.stage;
  evidence.peer = peer;
  evidence.at = raised.at;
  evidence.weight = info.weight;
  evidence.half_life = info.half_life;
  evidence.text = text;
  add_evidence(resident, std::move(evidence), step);
}

// An unknown number becomes a provisional resident; the registry's import will know more of them.
Resident& Engine::resident_for(const Number& number, Step& step) {
  ENSURE(!number.empty(), "a signal without a resident is rejected before it comes here");
  ResidentId& id = resident_by_number_[number];
  if (!id) {
    Resident& added = residents_.emplace_back();
    added.id = id = ResidentId(static_cast<uint32_t>(residents_.size()));
    added.number = number;
  }
  step.out.residents.push_back(id);
  return mutable_resident(id);
}

void Engine::add_evidence(Resident& resident, Evidence evidence, Step& step) {
  const auto repeats_it = [&](const Evidence& earlier) {
    const bool same_rule =
        earlier.rule == evidence.rule || rules_[earlier.rule.value() - 1].id == rules_[evidence.rule.value() - 1].id;
    return same_rule && earlier.peer == evidence.peer &&
           std::chrono::abs(evidence.at - earlier.at) < playbook_.repeat_window;
  };
  const auto repeats = std::count_if(resident.evidence.begin(), resident.evidence.end(), repeats_it);
  evidence.weight = diminished(evidence.weight, static_cast<uint32_t>(repeats));
  resident.evidence.push_back(evidence);
  if (resident.evidence.size() > Resident::kMaxEvidence) {
    resident.evidence.erase(resident.evidence.begin() + static_cast<ptrdiff_t>(weakest(resident.evidence)));
    ++resident.evidence_dropped;
    ++counters_.evidence_dropped;
  }
  weigh(resident, evidence, step);
}

// Where new evidence leads: into an open case, to the reopening of a closed one, to a new case, or nowhere yet.
void Engine::weigh(Resident& resident, const Evidence& evidence, Step& step) {
  const CaseId home = home_of(resident, evidence, step.now);
  if (home && mutable_case(home).is_open()) return join(mutable_case(home), resident, evidence, step);
  if (home) {
    const Case& closed = mutable_case(home);
    const bool suppressed = step.now < closed.closing->at + playbook_.suppressed;
    if (suppressed && is_known(closed, evidence)) return;
  }
  const Risk risk = risk_of(resident, evidence_of(resident, home, evidence.fraud_type, step.now));
  const Level level = playbook_.level_of(risk.score);
  if (level == Level::kNone || level < playbook_.opens_from) return;
  if (home) {
    reopen(mutable_case(home), step);
    return join(mutable_case(home), resident, evidence, step);
  }
  Opening opening;
  opening.resident = resident.id;
  opening.fraud_type = risk.fraud_type;
  opening.level = level;
  opening.t0 = step.now;
  // Its evidence is found by type from now on; the peers of all of it become the case's.
  const std::vector<uint32_t> selected = evidence_of(resident, CaseId(), evidence.fraud_type, step.now);
  Case& opened = open_case(opening, step);
  for (uint32_t i : selected) {
    const Evidence& piece = resident.evidence[i];
    if (!piece.peer.empty() && !opened.has_peer(piece.peer)) opened.peers.push_back(piece.peer);
    opened.stage = std::max(opened.stage, piece.stage);
  }
  refresh(opened, resident, step);
}

void Engine::join(Case& of, const Resident& resident, const Evidence& evidence, Step& step) {
  touch(of, step);
  if (of.fraud_type == FraudType::kNone) of.fraud_type = evidence.fraud_type;
  if (!evidence.peer.empty() && !of.has_peer(evidence.peer)) of.peers.push_back(evidence.peer);
  of.stage = std::max(of.stage, evidence.stage);
  refresh(of, resident, step);
}

// The reasons anew: the pieces of the score, largest first, whose points add up to it; then the facts, which have none.
void Engine::refresh(Case& of, const Resident& resident, Step& step) {
  touch(of, step);
  const std::vector<uint32_t> selected = evidence_of(resident, of.id, of.fraud_type, step.now);
  const Risk risk = risk_of(resident, selected);
  std::vector<Reason> reasons;
  for (const Piece& piece : risk.pieces) {
    const Evidence& evidence = resident.evidence[selected[piece.evidence]];
    reasons.push_back(Reason{evidence.rule, {}, piece.points, evidence.at, evidence.peer, evidence.text});
  }
  for (Reason& reason : of.reasons) {
    if (!reason.rule) reasons.push_back(std::move(reason));
  }
  of.reasons = std::move(reasons);
  of.score = risk.points;
  raise_to(of, playbook_.level_of(risk.score), step.now, step);
}

Risk Engine::risk_of(const Resident& resident, const std::vector<uint32_t>& selected) const {
  if (selected.empty()) return Risk();
  if (selected.size() == resident.evidence.size()) return assess(resident.evidence, newest(resident.evidence));
  std::vector<Evidence> part;
  part.reserve(selected.size());
  for (uint32_t i : selected) {
    const Evidence& each = resident.evidence[i];
    part.push_back(Evidence{
        each.sequence, each.rule, each.fraud_type, each.stage, each.peer, each.at, each.weight, each.half_life, {}});
  }
  return assess(part, newest(part));
}

// Of a case; or, without one, what has no home and could make a case of the type.
std::vector<uint32_t> Engine::evidence_of(const Resident& resident, CaseId of, FraudType type, Instant now) const {
  std::vector<uint32_t> selected;
  for (uint32_t i = 0; i < resident.evidence.size(); ++i) {
    const Evidence& each = resident.evidence[i];
    if (home_of(resident, each, now) != of) continue;
    if (of || same_type(type, each.fraud_type)) selected.push_back(i);
  }
  return selected;
}

// One exposure is one type and its peers. So evidence belongs to the case that knows its peer, else to the one of its
// type; an open case goes before a closed one, a younger before an older. A settled case takes nothing more once the
// playbook's time after its closing is over.
CaseId Engine::home_of(const Resident& resident, const Evidence& evidence, Instant now) const {
  CaseId best;
  int best_rank = 0;
  for (auto id = resident.cases.rbegin(); id != resident.cases.rend(); ++id) {
    const Case& of = cases_[id->value() - 1];
    const bool peer = of.has_peer(evidence.peer);
    if (!peer && !same_type(of.fraud_type, evidence.fraud_type)) continue;
    const bool over = of.state == CaseState::kSettled && now >= of.closing->at + playbook_.suppressed;
    if (over) continue;
    const int rank = (of.is_open() ? 2 : 0) + (peer ? 1 : 0) + 1;
    if (rank > best_rank) {
      best = of.id;
      best_rank = rank;
    }
  }
  return best;
}

// Money on its way to a peer under suspicion is critical at once, whatever the rules say of the transfer itself.
void Engine::check_transfer(const Signal& signal, Step& step) {
  const std::string_view state = signal.string(Field::kTransferState);
  if (state != "attempt" && state != "inquiry") return;
  const Resident* resident = find_resident(signal.resident);
  if (resident == nullptr) return;
  const Number account = account_of(signal);
  for (CaseId id : resident->cases) {
    Case& of = mutable_case(id);
    if (!of.is_open() || (!of.has_peer(signal.peer) && !of.has_peer(account))) continue;
    const Number& peer = of.has_peer(signal.peer) ? signal.peer : account;
    add_fact(of, "transfer " + std::string(state) + " to a peer under suspicion", peer,
             std::string(signal.string(Field::kText)), step);
    of.stage = Stage::kTransfer;
    raise_to(of, Level::kCritical, step.now, step);
  }
}

}  // namespace quanzu
