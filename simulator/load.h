// Load on a feed: the SMS of workload street-1 (street.h) over one or more connections; open loop at a rate (latency from the
// moment when a signal should have been sent, so that a slow server is not flattered) or closed loop at full speed.
// Runs on the caller's thread until the end.
#pragma once
#include <array>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "adapters/feed/client.h"
#include "simulator/street.h"

namespace quanzu::simulator {

struct LoadOptions {
  feed::ClientOptions client;  // its stream is the prefix where there are several connections
  uint64_t count = 0;
  double rate = 0;  // signals a second over all connections; 0: as fast as acks allow
  uint32_t connections = 1;
  uint64_t residents = 260'000;
  Street::Options street;          // its seed is the residents' too
  std::vector<std::string> texts;  // sent in turn instead of made-up ones
  std::ostream* acked_log = nullptr;
  std::function<void(const std::string&)> say = [](const std::string&) {};
  std::function<void(uint64_t sent, uint64_t acked)> progress = [](uint64_t, uint64_t) {};
};

// Latencies in 64 steps an octave (an error under 1.6%), in a fixed space.
class LatencyHistogram {
 public:
  void add(uint64_t microseconds, uint64_t times = 1);
  double quantile_ms(double q) const;  // 0 where it is empty
  double max_ms() const { return static_cast<double>(max_) / 1000; }

 private:
  static constexpr unsigned kStepBits = 6;
  static size_t bucket_of(uint64_t value);
  static uint64_t upper_end(size_t bucket);
  std::array<uint64_t, 64 << kStepBits> counts_{};
  uint64_t total_ = 0;
  uint64_t max_ = 0;
};

struct LoadReport {
  uint64_t sent = 0;
  uint64_t acked = 0;
  uint64_t rejected = 0;
  double seconds = 0;  // from the first signal to the last ack
  LatencyHistogram latency;
  std::optional<feed::Client::Failure> failure;
  std::string message;  // of the failure
};

LoadReport run_load(const LoadOptions& options);

// The signals to send, as fields without seq and time (the server stamps them at receipt). As many as fit into
// `max_bytes` are made beforehand: making one takes longer than sending it, and the rate is to be the server's.
class LoadSignals {
 public:
  LoadSignals(const LoadOptions& options, size_t max_bytes);
  std::string_view next();  // until the following call

 private:
  void make(std::string& fields);

  const LoadOptions& options_;
  Street street_;
  Random random_;
  StreetMessage message_;
  uint64_t made_ = 0;
  std::string prepared_;
  std::vector<size_t> ends_;
  size_t at_ = 0;
  std::string fields_;
};

}  // namespace quanzu::simulator
