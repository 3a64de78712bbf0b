#include "simulator/player.h"

namespace quanzu::simulator {
namespace {

constexpr std::chrono::milliseconds kBeat{20};

}  // namespace

Player::Player(boost::asio::io_context& io, const PlayerOptions& options)
    : options_(options), town_(options.town), client_(io, options.client), timer_(io) {
  client_.on_ack = [this](uint64_t up_to) { report_.acked = up_to; };
  client_.on_nack = [this](const feed::v1::Nack& nack) {
    if (report_.rejected++ == 0) options_.say("a signal was rejected: " + nack.reason() + ": " + nack.detail());
  };
  client_.on_outage = options_.say;
  client_.on_failed = [this](feed::Client::Failure failure, const std::string& message) {
    report_.failure = failure;
    report_.message = message;
    stop();
    options_.on_failed();
  };
}

void Player::start() {
  began_ = std::chrono::steady_clock::now();
  town_.next(next_);
  client_.start();
  play();
}

void Player::stop() {
  timer_.cancel();
  client_.stop();
}

Instant Player::now() const {
  const std::chrono::duration<double, std::milli> played = std::chrono::steady_clock::now() - began_;
  return options_.town.start + Duration(static_cast<int64_t>(played.count() * options_.speed));
}

void Player::play() {
  const Instant until = now();
  while (next_.at <= until && client_.send(next_.signal)) {  // a full window, or an outage: later
    ++report_.sent;
    town_.next(next_);
  }
  timer_.expires_after(kBeat);
  timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled && !report_.failure) play();
  });
}

}  // namespace quanzu::simulator
