#include "adapters/runtime/clock.h"

#include <cmath>

namespace quanzu::runtime {
namespace {

using std::chrono::steady_clock;

// The system's clock, so that it follows NTP.
class RealClock final : public Clock {
 public:
  explicit RealClock(SystemTime system) : system_(std::move(system)) {}
  Instant now() const override {
    const int64_t system = to_ms(system_());
    int64_t latest = latest_.load(std::memory_order_relaxed);
    while (system > latest && !latest_.compare_exchange_weak(latest, system, std::memory_order_relaxed)) {
    }
    return from_ms(std::max(system, latest));
  }
  std::optional<std::chrono::milliseconds> until(Instant at) const override {
    return std::max(at - now(), Duration::zero());
  }
  void advance(Duration) override { ENSURE(false, "only a manual clock is advanced"); }
  void not_before(Instant at) override { latest_ = std::max(latest_.load(), to_ms(at)); }

 private:
  const SystemTime system_;
  mutable std::atomic<int64_t> latest_{0};
};

class FasterClock final : public Clock {
 public:
  explicit FasterClock(double speed) : speed_(speed) {}
  Instant now() const override {
    const std::chrono::duration<double, std::milli> elapsed = steady_clock::now() - began_;
    return start_ + Duration(std::llround(elapsed.count() * speed_));
  }
  std::optional<std::chrono::milliseconds> until(Instant at) const override {
    const auto ms = static_cast<double>((at - now()).count()) / speed_;
    return std::chrono::milliseconds(std::max<int64_t>(0, static_cast<int64_t>(std::ceil(ms))));
  }
  void advance(Duration) override { ENSURE(false, "only a manual clock is advanced"); }
  void not_before(Instant at) override { start_ = std::max(start_, at); }

 private:
  const double speed_;
  const steady_clock::time_point began_ = steady_clock::now();
  Instant start_ = system_now();  // changed before other threads read it
};

class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start) : now_(to_ms(start)) {}
  Instant now() const override { return from_ms(now_.load()); }
  bool manual() const override { return true; }
  std::optional<std::chrono::milliseconds> until(Instant at) const override {
    if (at <= now()) return std::chrono::milliseconds(0);
    return std::nullopt;
  }
  void advance(Duration by) override { now_ += by.count(); }
  void not_before(Instant at) override { now_ = std::max(now_.load(), to_ms(at)); }

 private:
  std::atomic<int64_t> now_;
};

}  // namespace

Instant system_now() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

std::unique_ptr<Clock> make_real_clock(SystemTime system) {
  return std::make_unique<RealClock>(std::move(system));
}

std::unique_ptr<Clock> make_clock(double speed) {
  if (speed == 1) return make_real_clock();
  return std::make_unique<FasterClock>(speed);
}

std::unique_ptr<Clock> make_manual_clock(Instant start) {
  return std::make_unique<ManualClock>(start);
}

Result<std::unique_ptr<Clock>> parse_clock(const std::string& text, double speed) {
  constexpr std::string_view kManual = "manual:";
  if (text == "real") return make_clock(speed);
  if (!text.starts_with(kManual)) {
    return fail(Code::kInvalidArgument, "--clock is " + quoted(text) + "; it must be real or manual:RFC3339", "clock");
  }
  if (speed != 1) return fail(Code::kInvalidArgument, "--clock-speed goes with a real clock alone", "clock-speed");
  const Result<Instant> start = parse_rfc3339(std::string_view(text).substr(kManual.size()));
  if (!start) return fail(Code::kInvalidArgument, "--clock: " + start.error().message, "clock");
  return make_manual_clock(*start);
}

}  // namespace quanzu::runtime
