// What a session reads from, writes to and waits on: a TCP connection, or in the simulator one that loses, cuts and holds back
// what it carries as a seed says. Owned by its session, on one executor; one read, one write and one wait at a time. What is
// under way when it closes ends with an error, or is let go.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>
#include <memory>

namespace quanzu::feed {

class Connection {
 public:
  using Done = std::function<void(const boost::system::error_code& error, size_t size)>;

  virtual ~Connection() = default;
  virtual boost::asio::any_io_executor executor() = 0;
  virtual void read_some(boost::asio::mutable_buffer into, Done done) = 0;  // asio::error::eof: the peer sends no more
  virtual void write(boost::asio::const_buffer all, Done done) = 0;
  virtual void wait(std::chrono::milliseconds time, std::function<void()> done) = 0;  // replaces the wait before
  virtual void end_output() = 0;                                                      // the peer reads to the end
  virtual void close() = 0;
};

std::unique_ptr<Connection> make_connection(boost::asio::ip::tcp::socket socket);

}  // namespace quanzu::feed
