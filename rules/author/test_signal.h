// From an event of an inline test to the signal that a feed would bring: the same fields, judged by the same names.
// Called by whoever runs the tests; one thread.
#pragma once
#include "engine/signal.h"
#include "rules/lang/rule.h"

namespace quanzu::rules {

// When a test begins that does not say: no rule may depend on it.
constexpr std::string_view kDefaultStart = "2026-01-01T00:00:00+08:00";

// "2026-01-01T08:30:00+08:00", or "+5m" after `start`; no text: `otherwise`. Errors: kInvalidArgument saying both forms.
Result<Instant> test_time(std::string_view text, Instant start, Instant otherwise);

// The strings of the signal are the event's. `at` is where the event names no time. Errors: kInvalidArgument naming the
// field: unknown, of another type, of no such kind; a number that is none for resident.number.
Result<Signal> test_signal(const TestEvent& event, Instant start, Instant at);

}  // namespace quanzu::rules
