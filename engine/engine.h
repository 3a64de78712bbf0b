// The engine: all state, changed by events alone. apply() is a pure function of state and event: no clock, no I/O, no
// randomness, no threads, no exceptions; the same events give the same state and effects on any machine and build.
// Owned by one thread (the engine thread, or a replay). Reads are const and by the same thread.
#pragma once
#include <array>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/effect.h"
#include "engine/event.h"
#include "engine/playbook.h"
#include "engine/queue.h"
#include "engine/resident.h"

namespace quanzu {

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
  std::vector<RuleId> rules;
};

struct Counters {
  uint64_t events = 0;
  uint64_t signals = 0;
  uint64_t rejected = 0;
  uint64_t matches = 0;
  uint64_t alerts = 0;
  uint64_t cases_opened = 0;
  uint64_t cases_closed = 0;
  uint64_t tasks_done = 0;
  uint64_t evidence_dropped = 0;
};

class Engine {
 public:
  explicit Engine(Playbook playbook = Playbook::defaults());

  // Applies an event with the alerts that correlation drew from it; appends to effects. A refused command changes
  // nothing (not even the sequence) and must not be journaled. Anything else than a command is never refused.
  Result<void> apply(const Event& event, std::span<const Alert> alerts, Effects& effects);

  // The reply of an earlier command with this key: nothing where the key is new; kAlreadyExists where the body differs.
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
  const Instruction* find_instruction(InstructionId id) const;
  const User* find_user(UserId id) const;
  const User* find_user(std::string_view name) const;
  const Stream* find_stream(StreamId id) const;
  const Stream* find_stream(std::string_view feed, std::string_view stream) const;
  const RuleInfo* find_rule(RuleId id) const;
  PackVersion live_pack() const { return live_pack_; }
  const LivePack* find_pack(PackVersion version) const;

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

 private:
  Playbook playbook_;
  Sequence last_sequence_;
  Instant now_{};
  std::string store_id_;
  Counters counters_;
  PackVersion live_pack_;
  Queue queue_;
  std::deque<Case> cases_;  // by id, like the four below: id n is at n - 1
  std::deque<Resident> residents_;
  std::deque<Instruction> instructions_;
  std::vector<User> users_;
  std::vector<Stream> streams_;
  std::vector<RuleInfo> rules_;
};

}  // namespace quanzu
