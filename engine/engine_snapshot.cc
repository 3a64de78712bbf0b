// All state as bytes, and back. The queue and the agenda are written too, since when a task was sorted in decides where it
// stands; the indexes are made anew.
#include "engine/bytes.h"
#include "engine/state_fields.h"

namespace quanzu {
namespace {

constexpr std::string_view kFormat = "quanzu engine state 1";

// Ids run from 1 without a gap.
template <class Items>
bool ids_run(const Items& items) {
  for (size_t i = 0; i < items.size(); ++i) {
    if (items[i].id.value() != i + 1) return false;
  }
  return true;
}

template <class Id, class Items>
bool names(Id id, const Items& items) {
  return id.value() >= 1 && id.value() <= items.size();
}

template <class Ids, class Items>
bool all_name(const Ids& ids, const Items& items) {
  return std::all_of(ids.begin(), ids.end(), [&](auto id) { return names(id, items); });
}

Failure damaged() {
  return fail(Code::kInternal, "a snapshot's engine state is damaged: go on from an older one, or from the journal");
}

}  // namespace

template <class Archive, class Self>
void Engine::visit(Archive& archive, Self& self) {
  archive(self.last_sequence_, self.now_, self.store_id_, self.counters_, self.live_pack_, self.last_outreach_);
  archive(self.cases_, self.residents_, self.instructions_, self.users_, self.streams_, self.rules_, self.case_of_task_,
          self.packs_);
}

std::string Engine::snapshot() const {
  std::string bytes;
  ByteWriter out(bytes);
  out(kFormat, kSemantics, playbook_.kind, playbook_.version);
  visit(out, *this);
  const NumberHash keyed = resident_by_number_.hash_function();
  out(keyed.key[0], keyed.key[1]);
  out.varint(rule_limits_.all().size());
  for (const auto& [rule, state] : rule_limits_.all()) out(state);
  out.varint(commands_by_age_.size());
  for (const CommandKey& key : commands_by_age_) {
    const Remembered& remembered = commands_.at(key);
    out(key.first, key.second, remembered.body_hash, remembered.until);
  }
  for (size_t type = 0; type < kTaskTypeCount; ++type) {
    const std::set<QueueKey>& waiting = queue_.of_type(static_cast<TaskType>(type));
    out.varint(waiting.size());
    for (const QueueKey& key : waiting) out(key);
  }
  out.varint(agenda_.all().size());
  for (const Due& due : agenda_.all()) out(due);
  return bytes;
}

Result<Engine> Engine::restore(std::string_view snapshot, Playbook playbook) {
  ByteReader in(snapshot);
  std::string format;
  uint32_t semantics = 0;
  std::string kind;
  uint32_t version = 0;
  in(format);
  if (format != kFormat) return damaged();
  in(semantics, kind, version);
  if (semantics != kSemantics || kind != playbook.kind || version != playbook.version) {
    return fail(
        Code::kFailedPrecondition,
        "a snapshot was made by a release that made something else of the same events, or under another playbook");
  }
  Engine out(std::move(playbook));
  visit(in, out);
  out.read_rest(in);
  if (!in.ok() || in.left() != 0 || !out.is_sound()) return damaged();
  out.index();
  return out;
}

// In the order of snapshot().
void Engine::read_rest(ByteReader& in) {
  NumberHash keyed;
  in(keyed.key[0], keyed.key[1]);
  resident_by_number_ = decltype(resident_by_number_)(0, keyed);
  for (size_t left = in.count(); left > 0 && in.ok(); --left) {
    RuleState state;
    in(state);
    rule_limits_.restore(std::move(state));
  }
  for (size_t left = in.count(); left > 0 && in.ok(); --left) {
    CommandKey key;
    Remembered remembered;
    in(key.first, key.second, remembered.body_hash, remembered.until);
    if (!commands_.emplace(key, std::move(remembered)).second) in.fail_with("a command that is remembered twice");
    commands_by_age_.push_back(std::move(key));
  }
  for (size_t type = 0; type < kTaskTypeCount; ++type) {
    for (size_t left = in.count(); left > 0 && in.ok(); --left) {
      QueueKey key;
      in(key);
      if (queue_.holds(key.task)) return in.fail_with("a task that waits twice");
      queue_.enter(static_cast<TaskType>(type), key);
    }
  }
  for (size_t left = in.count(); left > 0 && in.ok(); --left) {
    Due due;
    in(due);
    agenda_.add(due);
  }
}

// Whether every id leads somewhere: what is asked for while events are applied must be there.
bool Engine::is_sound() const {
  if (!ids_run(cases_) || !ids_run(residents_) || !ids_run(instructions_) || !ids_run(users_) || !ids_run(streams_)) {
    return false;
  }
  for (const Case& of : cases_) {
    const auto own = [&](const Task& task) { return task.case_id == of.id && names(task.id, case_of_task_); };
    const auto known = [&](const Reason& reason) { return !reason.rule || names(reason.rule, rules_); };
    if (!std::all_of(of.tasks.begin(), of.tasks.end(), own)) return false;
    if (!std::all_of(of.reasons.begin(), of.reasons.end(), known)) return false;
    if (of.resident && !names(of.resident, residents_)) return false;
    if (!all_name(of.instructions, instructions_)) return false;
  }
  for (const Resident& each : residents_) {
    const auto known = [&](const Evidence& evidence) { return names(evidence.rule, rules_); };
    if (!std::all_of(each.evidence.begin(), each.evidence.end(), known)) return false;
    if (!all_name(each.cases, cases_)) return false;
  }
  const auto led = [&](const Instruction& each) {
    return names(each.resident, residents_) && names(each.case_id, cases_);
  };
  if (!std::all_of(instructions_.begin(), instructions_.end(), led)) return false;
  for (size_t task = 0; task < case_of_task_.size(); ++task) {
    if (!names(case_of_task_[task], cases_)) return false;
    if (cases_[case_of_task_[task].value() - 1].find_task(TaskId(task + 1)) == nullptr) return false;
  }
  const auto rules_known = [&](const LivePack& pack) { return all_name(pack.rules, rules_); };
  return packs_.size() == live_pack_.value() && std::all_of(packs_.begin(), packs_.end(), rules_known);
}

void Engine::index() {
  for (const Resident& each : residents_) resident_by_number_.emplace(each.number, each.id);
  for (const Instruction& each : instructions_) instruction_by_upstream_.emplace(each.upstream_id, each.id);
  for (const User& each : users_) user_by_name_.emplace(each.name, each.id);
  for (const Stream& each : streams_) stream_by_name_.emplace(std::pair(each.feed, each.stream), each.id);
  for (size_t i = 0; i < rules_.size(); ++i) {
    rule_by_name_[{rules_[i].id, rules_[i].version}] = RuleId(static_cast<uint32_t>(i + 1));
  }
  for (const Case& each : cases_) {
    if (!each.place.empty()) cases_of_place_[each.place].push_back(each.id);
  }
}

}  // namespace quanzu
