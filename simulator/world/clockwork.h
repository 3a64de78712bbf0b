// The engine in virtual time: events go in with their ticks before them, appointments of the world come out in order, and what
// a case needs to be judged later is noted as it happens. Owned by the world's thread.
#pragma once
#include <map>
#include <queue>
#include <string>
#include <vector>

#include "adapters/runtime/packs.h"
#include "adapters/store/digest.h"
#include "rules/pipeline.h"
#include "simulator/world/draft.h"

namespace quanzu::simulator {

enum class What : uint8_t {
  kStage,        // of: a lure; step: which
  kInstruction,  // of: a lure
  kStray,        // of: its number
  kPerson,       // of: who is done with what they do
  kShift,        // a team's hours begin
  kReview,       // of: a case
  kFeedUp,       // an outage ends
};

struct Appointment {
  Instant at{};
  uint64_t order = 0;  // ties: first made, first kept
  What what = What::kStage;
  uint64_t of = 0;
  uint32_t step = 0;
  friend bool operator>(const Appointment& a, const Appointment& b) {
    return a.at != b.at ? a.at > b.at : a.order > b.order;
  }
};

// What is noted of a case while it lives.
struct CaseNote {
  Instant opened{};
  std::array<Instant, kLevelCount> since{};  // when it first stood at a level or above; the epoch where it never did
  Instant claimed = kNever;                  // its first task
};

class Clockwork {
 public:
  Clockwork(const runtime::SharedPacks& packs, uint64_t seed, Instant start);

  const Engine& engine() const { return pipeline_.engine(); }
  std::string digest() const { return journal_.hex(); }
  std::string state_digest() const { return pipeline_.digest(); }
  uint64_t events() const { return pipeline_.next_sequence().value() - 1; }

  UserId add_user(const std::string& name, Role role, Instant now);
  // Refused where the engine says so; then nothing has changed.
  Result<CommandDone> command(UserId user, CommandBody body, Instant now);

  // Signals of a stream, in order. `skipped` of each are unmatched ones before it. They gather into a batch, which is applied
  // before the next event, when it is full, or by flush() at flush_due().
  void signal(const std::string& stream, Spelled&& spelled, Instant now);
  void skip(const std::string& stream, uint64_t count, Instant now);
  void flush();
  Instant flush_due() const;  // half a second after the first that waits
  void tick(Instant now);     // what is due until then
  Instant next_due() const { return pipeline_.next_due(); }

  void at(Instant when, What what, uint64_t of, uint32_t step = 0) {
    appointments_.push({when, ++order_, what, of, step});
  }
  Instant next_appointment() const { return appointments_.empty() ? kNever : appointments_.top().at; }
  Appointment take_appointment();

  const std::vector<CaseNote>& notes() const { return notes_; }  // by case id, less one
  // Alerts since the last call.
  std::vector<AlertRaised> take_alerts() { return std::exchange(alerts_, {}); }
  std::vector<CaseId> take_closed() { return std::exchange(closed_, {}); }

 private:
  Result<Applied> apply(EventBody body, Instant now);
  void note(Instant now);
  StreamId stream_of(const std::string& stream, Instant now);

  rules::Pipeline pipeline_;
  store::JournalDigest journal_;
  Effects effects_;
  std::priority_queue<Appointment, std::vector<Appointment>, std::greater<>> appointments_;
  uint64_t order_ = 0;
  std::vector<CaseNote> notes_;
  std::vector<bool> was_open_;  // by case id, less one
  std::vector<AlertRaised> alerts_;
  std::vector<CaseId> closed_;
  std::string gathering_;  // the stream of the signals that wait
  std::vector<Spelled> gathered_;
  uint64_t trailing_ = 0;
  Instant gathered_from_{};
  Instant gathered_at_{};
};

}  // namespace quanzu::simulator
