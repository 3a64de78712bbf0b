// Matches are what one signal's text and fields satisfy, stateless; alerts are what rules conclude from them after
// correlation over time. A plain rule's match is an alert of its own.
#pragma once
#include <cstdint>
#include <string>

#include "engine/fraud_type.h"
#include "engine/ids.h"
#include "engine/number.h"
#include "engine/time.h"

namespace quanzu {

// What the engine must know of a rule. A pack that goes live brings its rules as an event (engine/event.h).
struct RuleInfo {
  std::string id;  // the rule's id, else its name
  std::string version;
  std::string title;
  FraudType fraud_type = FraudType::kNone;
  Stage stage = Stage::kHook;
  Millipoints weight;
  Duration half_life{};
  uint32_t max_alerts_per_day = 0;  // 0: no limit
};

using RuleIndex = uint32_t;  // of a rule inside the pack version that matched it

struct Alert {
  static constexpr uint32_t kNoSignal = UINT32_MAX;  // a window's close raised it; then it is of the live pack

  RuleIndex rule = 0;
  uint32_t signal = 0;  // index into the batch's signals: the one that raised it
  Number resident{};    // where no signal says it: whom it is about,
  Number peer{};        // with whom, if that is known,
  Instant at{};         // and the window's end
};

}  // namespace quanzu
