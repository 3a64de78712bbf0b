// The feed's listener: accepts connections and spreads them over the io threads, one thread a connection. The
// caller owns the io_contexts, runs each on one thread, and stops them before the server goes. listen() and
// stop() are any thread's.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/feed/session.h"

namespace quanzu::feed {

class Server {
 public:
  Server(std::vector<boost::asio::io_context*> io, const Environment& environment);
  ~Server();

  // Accepts from now on; the port that was bound, for port 0. Errors name the address: not one, not loopback
  // (the feed has no TLS yet, and signals must not cross a network in clear), in use.
  Result<uint16_t> listen(const std::string& host, uint16_t port);
  // No new connections; a Goodbye with the reason to each.
  void stop(const std::string& reason);
  size_t connections() const;

 private:
  void accept();
  void retry();
  void admit(boost::asio::ip::tcp::socket socket);

  // Shared with the sessions' on_closed, which may run after the server is gone.
  struct Registry {
    mutable std::mutex mutex;
    uint64_t last_id = 0;
    bool stopped = false;
    std::unordered_map<uint64_t, std::weak_ptr<Session>> sessions;
  };

  std::vector<boost::asio::io_context*> io_;
  const Environment& environment_;
  boost::asio::ip::tcp::acceptor acceptor_;  // on the first io_context
  boost::asio::steady_timer retry_;
  size_t next_io_ = 0;
  std::shared_ptr<Registry> registry_ = std::make_shared<Registry>();
};

}  // namespace quanzu::feed
