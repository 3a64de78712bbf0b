// A connection whose two directions are held back, cut and lost as somebody else decides: the server's end is a real session's
// Connection, the client's end is what a Sender puts in and takes out. Nothing moves unless deliver_*() says so. One thread.
#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "adapters/feed/connection.h"
#include "engine/time.h"

namespace quanzu::simulator {

class Link : public std::enable_shared_from_this<Link> {
 public:
  explicit Link(boost::asio::io_context& io) : io_(io) {}

  // For the session; the link outlives it.
  std::unique_ptr<feed::Connection> server_end();

  // The client's end.
  void send(std::string_view bytes) { to_server_ += bytes; }
  void send_end() { client_ended_ = true; }  // no more, but it reads on
  void reset() { reset_ = true; }            // gone, and the server is told
  void vanish() { vanished_ = true; }        // gone, and nobody is told: half open
  std::string take() { return std::exchange(to_client_, {}); }
  bool closed() const { return closed_ || cut_; }  // by the server, and all was read that it had sent

  // So many bytes arrive at most; where all have, so does the end.
  void deliver_to_server(size_t bytes);
  void deliver_to_client(size_t bytes);
  void pass_time(Duration now);  // since the link was made; wakes who waits
  // The server is gone: whatever it had under way is let go.
  void cut();

 private:
  class ServerEnd;
  struct Read {
    boost::asio::mutable_buffer into;
    feed::Connection::Done done;
  };
  struct Write {
    std::string_view left;
    size_t size = 0;
    feed::Connection::Done done;
  };
  void post(feed::Connection::Done done, boost::system::error_code error, size_t size);
  void fill();

  static constexpr size_t kBuffer = 4096;  // bytes that the network takes from the server before anybody reads them

  boost::asio::io_context& io_;
  std::string to_server_;
  std::string in_flight_;  // to the client
  std::string to_client_;
  std::optional<Read> read_;
  std::optional<Write> write_;
  std::function<void()> wait_;
  Duration wait_until_{};
  Duration now_{};
  bool client_ended_ = false;
  bool server_ended_ = false;
  bool reset_ = false;
  bool vanished_ = false;
  bool closed_ = false;
  bool cut_ = false;
};

}  // namespace quanzu::simulator
