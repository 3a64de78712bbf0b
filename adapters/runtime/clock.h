// The server's clock: real, faster than real (a demonstration), or manual (whole stories against a real server). Leases and
// deadlines run on it; risk and windows run on the signals' own times. Any thread reads; advance() is the engine thread's.
#pragma once
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/time.h"

namespace quanzu::runtime {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
  virtual bool manual() const { return false; }
  // How long a thread may sleep until `at`; nothing where no sleep brings it nearer (a manual clock).
  virtual std::optional<std::chrono::milliseconds> until(Instant at) const = 0;
  virtual void advance(Duration by) = 0;  // a manual clock alone
  // A journal may end later than this clock stands: time never goes back.
  virtual void not_before(Instant at) = 0;
};

// The time as the system tells it, which may step back; any thread.
using SystemTime = std::function<Instant()>;
Instant system_now();
// The system's clock, held where it steps back, since time never does.
std::unique_ptr<Clock> make_real_clock(SystemTime system = system_now);
// `speed` server seconds a real second, from now on; 1 is the real clock.
std::unique_ptr<Clock> make_clock(double speed = 1);
std::unique_ptr<Clock> make_manual_clock(Instant start);

// "manual:2026-11-24T10:00:00+08:00" and "real". Errors: kInvalidArgument with what is wrong.
Result<std::unique_ptr<Clock>> parse_clock(const std::string& text, double speed);

}  // namespace quanzu::runtime
