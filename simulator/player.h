// Plays a town into a server in real time: each signal goes to the feed when the server's clock has come to it, which may run
// faster than ours. Owned by who owns the io_context; all of it is that context's one thread.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <optional>
#include <string>

#include "adapters/feed/client.h"
#include "simulator/town.h"

namespace quanzu::simulator {

struct PlayerOptions {
  feed::ClientOptions client;
  TownOptions town;  // its start is the server's clock at start()
  double speed = 1;  // server seconds a real second
  std::function<void(const std::string&)> say = [](const std::string&) {};
  std::function<void()> on_failed = [] {};  // the end: report() says why
};

struct PlayerReport {
  uint64_t sent = 0;
  uint64_t acked = 0;
  uint64_t rejected = 0;
  std::optional<feed::Client::Failure> failure;
  std::string message;  // of the failure
};

class Player {
 public:
  Player(boost::asio::io_context& io, const PlayerOptions& options);

  void start();
  void stop();
  const PlayerReport& report() const { return report_; }

 private:
  void play();  // all that is due, then again after a moment
  Instant now() const;

  const PlayerOptions options_;
  Town town_;
  feed::Client client_;
  boost::asio::steady_timer timer_;
  std::chrono::steady_clock::time_point began_;
  TimedSignal next_;  // made, and not sent yet
  PlayerReport report_;
};

}  // namespace quanzu::simulator
