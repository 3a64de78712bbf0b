// An exposure: the unit of every measure, one resident's one case seen with the eyes of docs/measures.md. t0, L, t1 and H
// are that page's: t0 the warning, L the first confirmed loss, t1 the resident reached in person, H how long they must
// stay safe. Made from a case whenever it changes; kept as a row of its own, so that measures need no case.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "engine/case.h"
#include "engine/instruction.h"

namespace quanzu {

struct Exposure {
  CaseId id;
  ResidentId resident;
  FraudType fraud_type = FraudType::kNone;
  Level level = Level::kNone;
  std::string area;
  Instant t0{};
  std::optional<Instant> lost_at;
  std::optional<Instant> reached_at;
  std::optional<Instant> contacted_at;  // first attempt of any result
  Truth truth = Truth::kUnlabelled;     // as labelled; a loss proves true
  bool no_loss_at_horizon = false;      // a follow-up at or past H says no loss
  std::string excluded;                 // "transferred_away", "lost_before_warning", or empty
  bool closed = false;
};

// A verdict speaks for the point under which it was recorded or for the moment of recording, whichever is later. A loss
// without a date was dated to its recording by the engine; here it counts inside H, since a late follow-up must not turn
// a loss into a safe resident. "Lost before the warning" excludes nothing where the loss is known to be later.
Exposure exposure_of(const Case& of, std::string_view area, const Playbook& playbook);

// Where an exposure stands. Each stands in exactly one place.
enum class Standing : uint8_t {
  kExcluded,   // left out and listed with its reason
  kImmature,   // t0 + H is yet to come
  kSafe,       // S: true, no loss through t0 + H
  kLost,       // F: true, lost in [t0, t0 + H]
  kUnknown,    // U: true, the verdict at H is missing
  kUndecided,  // X: truth undetermined or not labelled, no known loss
  kRefuted,    // not a fraud
};
Standing standing_of(const Exposure& exposure, Instant as_of, Duration horizon);

// Why it is left out: "transferred_away", "lost_before_warning"; empty where it isn't.
std::string_view exclusion_of(const Exposure& exposure);

// R: reached in person before any loss.
bool reached_in_time(const Exposure& exposure);

// An instruction's round: issued, fed back.
struct ClosedLoop {
  InstructionId id;
  std::string area;
  FraudType fraud_type = FraudType::kNone;
  Level level = Level::kNone;
  Instant issued_at{};
  Instant due{};
  std::optional<Instant> fed_back_at;
};
ClosedLoop closed_loop_of(const Instruction& of, std::string_view area);

}  // namespace quanzu
