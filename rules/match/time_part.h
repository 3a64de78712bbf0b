// A part of a time, as rules ask for it (`|hour`, `|week`): of an instant, as the clocks of its zone show it. For signals
// and foreign events alike. Pure; any thread.
#pragma once
#include "engine/time.h"
#include "rules/lang/rule.h"

namespace quanzu::rules {

// Weeks are ISO 8601: 1 to 53.
double part_of(TimeUnit unit, Instant local);
bool holds_time(const TimePart& wanted, Instant at);

bool compares(Compare compare, double value, double with);

}  // namespace quanzu::rules
