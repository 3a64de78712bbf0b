// Everything that changes state is an event. The journal holds them in order; replaying them is the recovery, the
// snapshot, the backtest and the test. An event carries all that it needs: the engine reads no clock and no file.
// Views and spans in an event are borrowed: they live as long as the call to Engine::apply.
#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/alert.h"
#include "engine/case.h"
#include "engine/instruction.h"
#include "engine/signal.h"
#include "engine/user.h"

namespace quanzu {

// The first event of a journal.
struct Genesis {
  std::string store_id;               // random, hex: tells one data folder from another
  std::array<uint64_t, 2> hash_seed;  // attackers choose the keys, so the hash is keyed
};

struct UserAdded {
  User user;  // id is given by the engine: 0 here
};
struct UserDisabled {
  std::string name;
  bool disabled = true;
};
struct UserReset {  // new credentials
  std::string name;
  std::string token_hash;
  std::string password_hash;
  std::string totp_secret;
};

struct PackLive {
  PackVersion version;          // one more than the last
  std::string hash;             // of the rules as compiled
  std::vector<RuleInfo> rules;  // by RuleIndex: detections first, then correlations
  std::string correlations;     // as rules/correlate/definition writes them: a replay has no pack folder
  std::string folder_hash;      // what the packs' folder held then: another hash after a rollback
};

struct StreamOpened {
  std::string feed;
  std::string stream;
};

// Signals of one stream, in order and without a gap: first_seq .. first_seq + count - 1.
// Only those are spelled out that a rule matched or whose kind speaks for itself; the others move the cursor.
struct MatchedSignal {
  uint64_t seq = 0;
  const Signal* signal = nullptr;
  std::span<const RuleIndex> rules;  // ascending
};
struct RejectedSignal {
  uint64_t seq = 0;
  std::string_view reason;   // "bad_number", "clock_ahead", ...
  std::string_view detail;   // what exactly, for the feed's engineer
  std::string_view payload;  // the message as received
};
struct SignalBatch {
  StreamId stream;
  uint64_t first_seq = 0;
  uint64_t count = 0;
  Instant latest_at{};  // the greatest `at` of the batch; the epoch where all were rejected
  PackVersion pack;     // that matched it
  std::span<const MatchedSignal> signals;
  std::span<const RejectedSignal> rejects;
};

// Something fell due: leases, clocks, retries, follow-ups.
struct Tick {};

// What had come of everything before it (rules/pipeline.h, Pipeline::outcome()). Changes nothing: a replay that comes to
// something else stops here.
struct OutcomeMark {
  uint64_t outcome = 0;
};

// Commands: what a person asked for. `version` is the one that they saw; 0 where 07 names none.
struct OpenCase {
  ResidentId resident;  // or
  Number number;        // or
  std::string place;
  std::string kind;
  FraudType fraud_type = FraudType::kNone;
  std::optional<Level> level;
  std::string text;
  std::string source;
};
struct ClaimNext {
  std::vector<TaskType> types;
};
struct ClaimTask {
  TaskId task;
  uint64_t version = 0;
};
struct RenewLease {
  TaskId task;
};
struct ReleaseTask {
  TaskId task;
};
struct RecordAttempt {
  TaskId task;
  uint64_t version = 0;
  std::string result;
  Identity identity = Identity::kNone;
  bool line_cut = false;
  std::string stopped_by;
  std::string note;
};
struct CloseCase {
  CaseId case_id;
  uint64_t version = 0;
  std::string reason;
  std::string proof;
  std::string second_person;  // a user's name
};
struct RecordFollowUp {
  CaseId case_id;
  uint64_t version = 0;
  std::string point;
  Verdict verdict = Verdict::kUnknown;
  std::optional<Fen> loss;
  std::optional<Instant> lost_at;
  std::string source;
};
struct CorrectCase {
  CaseId case_id;
  std::string field;  // fraud_type, closing.reason, lost_at, loss_fen
  std::string value;
  std::string why;
};
struct DecideTruth {
  CaseId case_id;
  Truth truth = Truth::kUnlabelled;
  std::vector<std::string> criteria;
};
struct SignInstruction {
  InstructionId instruction;
};
struct FeedBackInstruction {
  InstructionId instruction;
  std::string text;
  std::string action;  // signed, contacted, met, returned
};
struct CreateInstruction {  // by hand, from what an issuer sent on another way
  std::string upstream_id;
  std::string unit;
  std::string action;  // required: sign, contact, meet, feed_back; or empty
  FraudType fraud_type = FraudType::kNone;
  Level level = Level::kMedium;
  Number resident;
  Number peer;
  std::string text;
  std::optional<Instant> issued_at;
};
struct SwitchRule {  // of the live pack
  std::string rule;  // id
  bool on = true;
  std::string why;
};
struct AdvanceClock {  // a manual clock alone; the engine records it, the runtime moves the clock
  Duration by{};
};

using CommandBody = std::variant<OpenCase, ClaimNext, ClaimTask, RenewLease, ReleaseTask, RecordAttempt, CloseCase,
                                 RecordFollowUp, CorrectCase, DecideTruth, SignInstruction, FeedBackInstruction,
                                 AdvanceClock, SwitchRule, CreateInstruction>;
struct Command {
  UserId user;
  std::string idempotency_key;  // empty: none
  std::string body_hash;        // of method and body, so that a key is not reused for another request
  CommandBody body;
};

using EventBody = std::variant<Genesis, UserAdded, UserDisabled, UserReset, PackLive, StreamOpened, SignalBatch, Tick,
                               OutcomeMark, Command>;
struct Event {
  Sequence sequence;  // one more than the last
  Instant now{};      // the server's clock; never before the last event's
  EventBody body;
};

}  // namespace quanzu
