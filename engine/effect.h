// What events changed and what the world must do about it. Collected over a block: `cases` and the like name what must be
// written again (call compact() at the block's end, so that each is named once), the rest are rows to append, in the
// order of events.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/ids.h"
#include "engine/number.h"
#include "engine/time.h"

namespace quanzu {

struct AlertRaised {
  Sequence sequence;
  StreamId stream;  // none where a window's close raised it
  uint64_t seq = 0;
  RuleId rule;
  ResidentId resident;
  Instant at{};
};

struct SignalRejected {
  StreamId stream;
  uint64_t seq = 0;
  std::string reason;
  std::string detail;
  std::string payload;
  Instant received_at{};
};

// A message to the outside, sent after the commit by the outreach channel and never twice for one id.
struct OutreachDue {
  OutreachId id;
  CaseId case_id;
  std::string channel;  // "message", "supervisor"
  std::string template_name;
  Instant at{};
};

struct CommandDone {
  UserId user;
  std::string idempotency_key;
  std::string body_hash;
  CaseId case_id;  // of the reply, none where nothing waited
  TaskId task_id;  // of a claim
  InstructionId instruction_id;
  Duration clock_advance{};
};

struct Effects {
  std::vector<CaseId> cases;
  std::vector<ResidentId> residents;
  std::vector<InstructionId> instructions;
  std::vector<UserId> users;
  std::vector<StreamId> streams;
  std::vector<PackVersion> packs;
  std::vector<std::string> rules;  // ids: their RuleState
  std::vector<AlertRaised> alerts;
  std::vector<SignalRejected> rejects;
  std::vector<OutreachDue> outreach;
  std::optional<CommandDone> done;  // of the last command

  // How much of each list there is, to tell afterwards what an event has added.
  struct Sizes {
    size_t cases, residents, instructions, users, streams, packs, rules, alerts, outreach;
  };
  Sizes sizes() const {
    return {cases.size(), residents.size(), instructions.size(), users.size(),   streams.size(),
            packs.size(), rules.size(),     alerts.size(),       outreach.size()};
  }

  void clear() { *this = Effects(); }
  void compact();  // sorts the lists of ids and names each id once
};

}  // namespace quanzu
