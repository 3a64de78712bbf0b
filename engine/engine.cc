// Dispatch, accounts, packs, streams and reads; the other engine_*.cc have the rest.
#include "engine/engine.h"

namespace quanzu {

size_t NumberHash::operator()(const Number& number) const noexcept {
  SipHash hash(key);
  hash.bytes(number.view());
  return static_cast<size_t>(hash.finish());
}

Engine::Engine(Playbook playbook) : playbook_(std::move(playbook)) {}

Result<Applied> Engine::apply(const Event& event, std::span<const Alert> alerts, Effects& effects) {
  ENSURE(event.sequence.value() == last_sequence_.value() + 1, "events come in order, without a gap");
  ENSURE(event.now >= now_, "time never goes back");
  Step step{event.now, event.sequence, alerts, effects, UserId(), CommandDone()};
  Result<Applied> applied = std::visit([&](const auto& body) { return on(body, step); }, event.body);
  if (!applied || *applied == Applied::kUnchanged) return applied;
  last_sequence_ = event.sequence;
  now_ = event.now;
  ++counters_.events;
  return applied;
}

Result<Applied> Engine::on(const Genesis& genesis, Step& step) {
  ENSURE(step.sequence.value() == 1, "a journal begins with its Genesis, once");
  store_id_ = genesis.store_id;
  resident_by_number_ = decltype(resident_by_number_)(0, NumberHash{genesis.hash_seed});
  return Applied::kChanged;
}

Result<Applied> Engine::on(const UserAdded& added, Step& step) {
  if (added.user.name.empty()) return fail(Code::kInvalidArgument, "a user needs a name", "name");
  if (find_user(added.user.name) != nullptr) {
    return fail(Code::kAlreadyExists, "there is a user " + added.user.name + " already: choose another name", "name");
  }
  User user = added.user;
  user.id = UserId(static_cast<uint32_t>(users_.size() + 1));
  user_by_name_.emplace(user.name, user.id);
  step.out.users.push_back(user.id);
  users_.push_back(std::move(user));
  return Applied::kChanged;
}

Result<Applied> Engine::on(const UserDisabled& change, Step& step) {
  const User* user = find_user(change.name);
  if (user == nullptr) return fail(Code::kNotFound, "there is no user " + change.name, "name");
  users_[user->id.value() - 1].disabled = change.disabled;
  step.out.users.push_back(user->id);
  return Applied::kChanged;
}

Result<Applied> Engine::on(const UserReset& change, Step& step) {
  const User* user = find_user(change.name);
  if (user == nullptr) return fail(Code::kNotFound, "there is no user " + change.name, "name");
  User& changed = users_[user->id.value() - 1];
  changed.token_hash = change.token_hash;
  changed.password_hash = change.password_hash;
  changed.totp_secret = change.totp_secret;
  step.out.users.push_back(changed.id);
  return Applied::kChanged;
}

Result<Applied> Engine::on(const PackLive& pack, Step& step) {
  ENSURE(pack.version.value() == live_pack_.value() + 1, "pack versions run without a gap");
  std::vector<RuleId> rules;
  rules.reserve(pack.rules.size());
  for (const RuleInfo& rule : pack.rules) rules.push_back(intern(rule));
  packs_.push_back(LivePack{pack.version, pack.hash, pack.folder_hash, std::move(rules)});
  live_pack_ = pack.version;
  step.out.packs.push_back(pack.version);
  return Applied::kChanged;
}

// The same (id, version) with other figures is another rule: evidence keeps the figures that it was weighed by.
RuleId Engine::intern(const RuleInfo& rule) {
  const auto same = [&](const RuleInfo& known) {
    return known.title == rule.title && known.fraud_type == rule.fraud_type && known.stage == rule.stage &&
           known.weight == rule.weight && known.half_life == rule.half_life &&
           known.max_alerts_per_day == rule.max_alerts_per_day;
  };
  RuleId& id = rule_by_name_[{rule.id, rule.version}];
  if (id && same(rules_[id.value() - 1])) return id;
  rules_.push_back(rule);
  id = RuleId(static_cast<uint32_t>(rules_.size()));
  return id;
}

Result<Applied> Engine::on(const OutcomeMark&, Step&) {
  return Applied::kChanged;
}

Result<Applied> Engine::on(const StreamOpened& opened, Step& step) {
  StreamId& id = stream_by_name_[{opened.feed, opened.stream}];
  if (id) return Applied::kUnchanged;
  id = StreamId(static_cast<uint32_t>(streams_.size() + 1));
  streams_.push_back(Stream{id, opened.feed, opened.stream, 1, 0, 0, Instant()});
  step.out.streams.push_back(id);
  return Applied::kChanged;
}

Result<Applied> Engine::on(const Command& command, Step& step) {
  const User* user = find_user(command.user);
  if (user == nullptr) return fail(Code::kUnauthenticated, "there is no such user");
  if (user->disabled) return fail(Code::kPermissionDenied, "the account " + user->name + " is disabled");
  const Result<bool> repeat = is_repeat(command.user, command.idempotency_key, command.body_hash);
  if (!repeat) return Failure(repeat.error());
  if (*repeat) return fail(Code::kAlreadyExists, "this command was applied before: its first reply stands");

  step.user = command.user;
  step.done.user = command.user;
  step.done.idempotency_key = command.idempotency_key;
  step.done.body_hash = command.body_hash;
  const Result<Applied> applied = std::visit([&](const auto& body) { return on(body, step); }, command.body);
  if (!applied) return applied;
  step.out.done = step.done;
  if (*applied == Applied::kChanged && !command.idempotency_key.empty()) {
    forget_commands(step.now);
    CommandKey key{command.user, command.idempotency_key};
    commands_[key] = Remembered{command.body_hash, step.now + playbook_.idempotency};
    commands_by_age_.push_back(std::move(key));
  }
  return applied;
}

// Forgetting needs no tick of its own: it goes with the events that come, and the oldest is always in front.
void Engine::forget_commands(Instant now) {
  while (!commands_by_age_.empty() && commands_.at(commands_by_age_.front()).until <= now) {
    commands_.erase(commands_by_age_.front());
    commands_by_age_.pop_front();
  }
}

Result<bool> Engine::is_repeat(UserId user, const std::string& key, const std::string& body_hash) const {
  if (key.empty()) return false;
  const auto known = commands_.find({user, key});
  if (known == commands_.end()) return false;
  if (known->second.body_hash == body_hash) return true;
  return fail(Code::kAlreadyExists, "this Idempotency-Key was used for another request: send a new one",
              "Idempotency-Key");
}

Instant Engine::next_due() const {
  return agenda_.next();
}

namespace {

template <class Id, class Items>
auto at(const Items& items, Id id) -> decltype(&items[0]) {
  return id && id.value() <= items.size() ? &items[id.value() - 1] : nullptr;
}

}  // namespace

const Case* Engine::find_case(CaseId id) const {
  return at(cases_, id);
}
const Resident* Engine::find_resident(ResidentId id) const {
  return at(residents_, id);
}
std::string_view Engine::area_of(ResidentId id) const {
  const Resident* resident = find_resident(id);
  return resident == nullptr ? std::string_view() : std::string_view(resident->area);
}
const Instruction* Engine::find_instruction(InstructionId id) const {
  return at(instructions_, id);
}
const User* Engine::find_user(UserId id) const {
  return at(users_, id);
}
const Stream* Engine::find_stream(StreamId id) const {
  return at(streams_, id);
}
const RuleInfo* Engine::find_rule(RuleId id) const {
  return at(rules_, id);
}

const LivePack* Engine::find_pack(PackVersion version) const {
  return at(packs_, version);
}

const Case* Engine::case_of(TaskId task) const {
  const CaseId* id = at(case_of_task_, task);
  return id == nullptr ? nullptr : find_case(*id);
}

const Resident* Engine::find_resident(const Number& number) const {
  const auto found = resident_by_number_.find(number);
  return found == resident_by_number_.end() ? nullptr : find_resident(found->second);
}

const User* Engine::find_user(std::string_view name) const {
  const auto found = user_by_name_.find(name);
  return found == user_by_name_.end() ? nullptr : find_user(found->second);
}

const Stream* Engine::find_stream(std::string_view feed, std::string_view stream) const {
  const auto found = stream_by_name_.find({std::string(feed), std::string(stream)});
  return found == stream_by_name_.end() ? nullptr : find_stream(found->second);
}

std::string Engine::name_of(UserId user) const {
  const User* found = find_user(user);
  return found == nullptr ? std::string() : found->name;
}

std::string Engine::why(const Task& task) const {
  const Case* of = find_case(task.case_id);
  ENSURE(of != nullptr, "a task belongs to a case");
  if (task.held()) return "held by " + name_of(task.owner) + " until " + format_rfc3339(task.lease_until);
  if (!task.live()) return std::string(task_state_name(task.state));
  if (!queue_.holds(task.id)) {
    return "waits until " + format_rfc3339(task.not_before) + " after " + std::to_string(task.attempts) + " attempts";
  }
  const std::string due = "due " + format_rfc3339(task.due_at);
  if (of->level == Level::kCritical) return "critical goes before every other level; " + due;
  const auto head_start = playbook_.head_start[static_cast<size_t>(of->level)];
  return std::string(level_name(of->level)) + "; " + due + ", less a head start of " +
         std::to_string(std::chrono::duration_cast<std::chrono::minutes>(head_start).count()) + " min for its level";
}

}  // namespace quanzu
