// The engine: all state, changed by events alone. apply() is a pure function of state and event: no clock, no I/O, no
// randomness, no threads, no exceptions; the same events give the same state and effects on any machine and build.
// Owned by one thread (the engine thread, or a replay). Reads are const and by the same thread.
//   engine.cc dispatch and reads         engine_signals.cc signal -> evidence -> risk -> case
//   engine_cases.cc open, raise, tasks   engine_commands.cc claim, attempt      engine_closing.cc close, follow up
//   engine_truth.cc truth, corrections   engine_instructions.cc                 engine_time.cc what falls due
//   engine_digest.cc the hash of all state  engine_snapshot.cc all state as bytes
#pragma once
#include <array>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/agenda.h"
#include "engine/effect.h"
#include "engine/event.h"
#include "engine/hash.h"
#include "engine/playbook.h"
#include "engine/queue.h"
#include "engine/resident.h"
#include "engine/rule_limits.h"

namespace quanzu {

class ByteReader;

// Raised whenever apply() makes something else of the same events: a snapshot made before is of no use then.
constexpr uint32_t kSemantics = 1;

struct Stream {
  StreamId id;
  std::string feed;
  std::string stream;
  uint64_t next_seq = 1;  // the first not sequenced
  uint64_t accepted = 0;
  uint64_t rejected = 0;
  Instant latest_at{};
};

// A pack version as it went live: its rules by RuleIndex. Every version stays known, since a batch is applied under the
// one that matched it.
struct LivePack {
  PackVersion version;
  std::string hash;
  std::string folder_hash;
  std::vector<RuleId> rules;
};

struct Counters {
  uint64_t events = 0;
  uint64_t signals = 0;
  uint64_t rejected = 0;
  uint64_t matches = 0;
  uint64_t alerts = 0;
  uint64_t instructions = 0;
  uint64_t instruction_repeats = 0;  // of an upstream id that was here already: changed nothing
  uint64_t cases_opened = 0;
  uint64_t cases_reopened = 0;
  uint64_t cases_closed = 0;
  uint64_t tasks_done = 0;
  uint64_t leases_lost = 0;
  uint64_t evidence_dropped = 0;
  uint64_t alerts_held_back = 0;  // of rules that are switched off or had their day's number
};

// Keyed by Genesis, since whoever sends signals chooses the numbers.
struct NumberHash {
  std::array<uint64_t, 2> key{};
  size_t operator()(const Number& number) const noexcept;
};

// What apply() made of an event that it did not refuse. kUnchanged (ClaimNext where nothing waits, StreamOpened of an open
// stream) took no sequence number: answer it, don't journal it.
enum class Applied : uint8_t { kUnchanged, kChanged };

class Engine {
 public:
  explicit Engine(Playbook playbook = Playbook::defaults());

  // Applies an event with the alerts that correlation drew from it: in the order of its signals, then those that windows'
  // closes raised. Appends to effects.
  // What is refused (an Error) or kUnchanged changes nothing, not even the sequence, and must not be journaled; the next
  // event takes the same number. Only commands and account changes are refused. A lease lasts until the Tick that ends
  // it, so apply the Tick first where next_due() <= now.
  Result<Applied> apply(const Event& event, std::span<const Alert> alerts, Effects& effects);

  // Whether a command with this key was applied before: its reply is to be sent again (apply() would refuse it).
  // kAlreadyExists where the body differs. False for an empty key.
  Result<bool> is_repeat(UserId user, const std::string& key, const std::string& body_hash) const;

  // When the next Tick must come; kNever where nothing is due. May be early, never late.
  Instant next_due() const;

  Sequence last_sequence() const { return last_sequence_; }
  Instant now() const { return now_; }  // of the last event
  const Playbook& playbook() const { return playbook_; }
  const Counters& counters() const { return counters_; }
  const Queue& queue() const { return queue_; }
  const std::string& store_id() const { return store_id_; }

  const Case* find_case(CaseId id) const;
  const Case* case_of(TaskId task) const;
  const Resident* find_resident(ResidentId id) const;
  const Resident* find_resident(const Number& number) const;
  std::string_view area_of(ResidentId id) const;  // empty where nobody or no area is known
  const Instruction* find_instruction(InstructionId id) const;
  const User* find_user(UserId id) const;
  const User* find_user(std::string_view name) const;
  const Stream* find_stream(StreamId id) const;
  const Stream* find_stream(std::string_view feed, std::string_view stream) const;
  const RuleInfo* find_rule(RuleId id) const;
  PackVersion live_pack() const { return live_pack_; }
  const LivePack* find_pack(PackVersion version) const;
  const RuleLimits& rule_limits() const { return rule_limits_; }

  // Why a waiting or held task stands where it does, in words (the console's and the API's `why`).
  std::string why(const Task& task) const;

  // Ids run from 1 without a gap, so these walk everything in order.
  size_t case_count() const { return cases_.size(); }
  size_t resident_count() const { return residents_.size(); }
  size_t instruction_count() const { return instructions_.size(); }
  size_t user_count() const { return users_.size(); }
  size_t stream_count() const { return streams_.size(); }
  size_t rule_count() const { return rules_.size(); }

  // Of the whole state, in id order: equal for equal states, whatever the build. 16 hex digits.
  std::string state_digest() const;

  // All of it as bytes, but for the playbook: what goes on from there has the same effects at the same events.
  std::string snapshot() const;
  // Errors: kFailedPrecondition, for bytes of another playbook or of other semantics; kInternal, for bytes of no snapshot.
  static Result<Engine> restore(std::string_view snapshot, Playbook playbook);

 private:
  // One event being applied. Commands check everything before they change anything; then nothing can fail.
  struct Step {
    Instant now;
    Sequence sequence;
    std::span<const Alert> alerts;
    Effects& out;
    UserId user;       // of a command
    CommandDone done;  // of a command
  };
  struct TaskRef {
    Case* of;
    Task* task;
  };
  struct Remembered {
    std::string body_hash;
    Instant until{};
  };
  using CommandKey = std::pair<UserId, std::string>;

  // engine.cc
  Result<Applied> on(const Genesis&, Step&);
  Result<Applied> on(const UserAdded&, Step&);
  Result<Applied> on(const UserDisabled&, Step&);
  Result<Applied> on(const UserReset&, Step&);
  Result<Applied> on(const PackLive&, Step&);
  Result<Applied> on(const OutcomeMark&, Step&);
  Result<Applied> on(const StreamOpened&, Step&);
  Result<Applied> on(const Command&, Step&);
  RuleId intern(const RuleInfo& rule);
  void forget_commands(Instant now);
  std::string name_of(UserId user) const;

  // engine_signals.cc
  Result<Applied> on(const SignalBatch&, Step&);
  void take_signal(const SignalBatch&, const MatchedSignal&, std::span<const Alert>, Step&);
  void take_closed(std::span<const Alert>, Step&);
  void take_alert(AlertRaised, const Number& about, const Number& peer, std::string_view text, Step&);
  void add_evidence(Resident&, Evidence, Step&);
  void weigh(Resident&, const Evidence&, Step&);
  void join(Case&, const Resident&, const Evidence&, Step&);
  void refresh(Case&, const Resident&, Step&);
  Risk risk_of(const Resident&, const std::vector<uint32_t>& selected) const;
  std::vector<uint32_t> evidence_of(const Resident&, CaseId, FraudType, Instant now) const;
  CaseId home_of(const Resident&, const Evidence&, Instant now) const;
  void check_transfer(const Signal&, Step&);
  Resident& resident_for(const Number&, Step&);

  // engine_cases.cc
  struct Opening {
    ResidentId resident;  // or
    std::string place;
    FraudType fraud_type = FraudType::kNone;
    Level level = Level::kNone;
    Instant t0{};
  };
  Case& mutable_case(CaseId id) { return cases_[id.value() - 1]; }
  Resident& mutable_resident(ResidentId id) { return residents_[id.value() - 1]; }
  void touch(Case&, Step&);
  Case& open_case(const Opening&, Step&);
  void reopen(Case&, Step&);
  void raise_to(Case&, Level, Instant from, Step&);
  void add_fact(Case&, std::string label, const Number& peer, std::string text, Step&);
  Instant deadline(const Case&, TaskType, Instant from) const;
  void open_task(Case&, TaskType, Instant from, Step&);  // unless one of the type is alive
  void add_task(Case&, Task, Step&);                     // invalidates references to the case's tasks
  Task& mutable_task(Case&, TaskId);
  void enqueue(const Case&, const Task&, Instant now);
  void unqueue(const Task&);
  void hold(Case&, Task&, TaskState, Instant until, Step&);
  void let_go(Task&);
  void put_back(Case&, Task&, Instant not_before, Step&);
  void end_task(Case&, Task&, TaskState, Step&);
  void send(const Case&, std::string channel, std::string template_name, Step&);

  // engine_commands.cc
  Result<Applied> on(const OpenCase&, Step&);
  Result<Applied> on(const ClaimNext&, Step&);
  Result<Applied> on(const ClaimTask&, Step&);
  Result<Applied> on(const RenewLease&, Step&);
  Result<Applied> on(const ReleaseTask&, Step&);
  Result<Applied> on(const RecordAttempt&, Step&);
  Result<Applied> on(const AdvanceClock&, Step&);
  Result<Applied> on(const SwitchRule&, Step&);
  Result<Applied> on(const CreateInstruction&, Step&);
  Result<TaskRef> find_live(TaskId, CaseCommand);
  Result<TaskRef> find_held(TaskId, CaseCommand, const Step&);
  Result<void> check_version(const Case&, uint64_t version) const;
  Result<const AttemptOutcome*> check_attempt(const RecordAttempt&, const Task&) const;
  void follow_from(Case&, Task&, const AttemptOutcome&, Step&);
  bool may_take(UserId, TaskId) const;
  Result<Applied> claim(Case&, Task&, Step&);
  std::span<const CaseId> cases_about(const Resident*, const std::string& place) const;

  // engine_closing.cc
  Result<Applied> on(const CloseCase&, Step&);
  Result<Applied> on(const RecordFollowUp&, Step&);
  Result<Case*> find_for(CaseId, CaseCommand);
  Result<const ClosingReason*> check_closing(const Case&, const std::string& reason, const std::string& proof,
                                             UserId closer) const;
  bool needs_strong_identity(const Case&, const ClosingReason&) const;
  Result<UserId> check_second_person(const Case&, const ClosingReason&, const std::string& name, UserId closer) const;
  void take_consequences(Case&, const ClosingReason&, Step&);
  void settle(Case&, Step&);

  // engine_truth.cc
  Result<Applied> on(const DecideTruth&, Step&);
  Result<Applied> on(const CorrectCase&, Step&);
  Result<void> correct_type(Case&, Correction&);
  Result<void> correct_reason(Case&, Correction&, Step&);
  Result<void> correct_lost_at(Case&, Correction&, Step&);
  Result<void> correct_loss(Case&, Correction&);

  // engine_instructions.cc
  Result<Applied> on(const SignInstruction&, Step&);
  Result<Applied> on(const FeedBackInstruction&, Step&);
  void take_instruction(const Signal&, const std::string& fallback_id, Step&);
  Instruction& receive(Instruction, const Number& peer, Step&);
  Case& case_for(const Instruction&, Step&);
  void sign(Instruction&, Step&);
  void take_in_hand(const Case&, Step&);

  // engine_snapshot.cc
  template <class Archive, class Self>
  static void visit(Archive& archive, Self& self);
  void read_rest(ByteReader& in);
  bool is_sound() const;
  void index();

  // engine_time.cc
  Result<Applied> on(const Tick&, Step&);
  void lease_ended(TaskId, Step&);
  void unanswered(CaseId, Step&);
  void overdue(InstructionId, Step&);

  Playbook playbook_;
  Sequence last_sequence_;
  Instant now_{};
  std::string store_id_;
  Counters counters_;
  PackVersion live_pack_;
  OutreachId last_outreach_;
  Queue queue_;
  Agenda agenda_;
  std::deque<Case> cases_;  // by id, like the five below: id n is at n - 1
  std::deque<Resident> residents_;
  std::deque<Instruction> instructions_;
  std::vector<User> users_;
  std::vector<Stream> streams_;
  std::vector<RuleInfo> rules_;
  std::vector<CaseId> case_of_task_;  // by task id
  std::vector<LivePack> packs_;       // by version
  RuleLimits rule_limits_;
  // Found by a key. Only the numbers, which anybody can make up by the million, are in a hash table, and nothing walks it.
  std::unordered_map<Number, ResidentId, NumberHash> resident_by_number_;
  std::map<std::string, InstructionId, std::less<>> instruction_by_upstream_;
  std::map<std::string, UserId, std::less<>> user_by_name_;
  std::map<std::pair<std::string, std::string>, StreamId> stream_by_name_;
  std::map<std::pair<std::string, std::string>, RuleId> rule_by_name_;  // (id, version): the last interned
  std::map<std::string, std::vector<CaseId>> cases_of_place_;
  std::map<CommandKey, Remembered> commands_;
  std::deque<CommandKey> commands_by_age_;
};

}  // namespace quanzu
