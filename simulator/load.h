// Load on a feed: made-up SMS, each text distinct, over one or more connections; open loop at a rate (latency from the
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
#include "simulator/random.h"

namespace quanzu::simulator {

struct LoadOptions {
  feed::ClientOptions client;  // its stream is the prefix where there are several connections
  uint64_t count = 0;
  double rate = 0;  // signals a second over all connections; 0: as fast as acks allow
  uint32_t connections = 1;
  uint64_t residents = 260'000;
  uint32_t fraud_per_mille = 20;  // texts that a shipped rule matches
  uint64_t seed = 1;
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

// Makes the fields of distinct SMS of about 124 bytes.
class LoadTexts {
 public:
  explicit LoadTexts(const LoadOptions& options) : options_(options), random_(options.seed) {}
  // Fields of a Signal message without seq and time: the server stamps it at receipt.
  void next(std::string& fields);

 private:
  void make_text();

  const LoadOptions& options_;
  Random random_;
  uint64_t made_ = 0;
  std::string text_;
};

}  // namespace quanzu::simulator
