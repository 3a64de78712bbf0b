#include "adapters/feed/connection.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

namespace quanzu::feed {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

class TcpConnection final : public Connection {
 public:
  explicit TcpConnection(asio::ip::tcp::socket socket) : socket_(std::move(socket)), timer_(socket_.get_executor()) {}

  asio::any_io_executor executor() override { return socket_.get_executor(); }
  void read_some(asio::mutable_buffer into, Done done) override { socket_.async_read_some(into, std::move(done)); }
  void write(asio::const_buffer all, Done done) override { asio::async_write(socket_, all, std::move(done)); }
  void wait(std::chrono::milliseconds time, std::function<void()> done) override {
    timer_.expires_after(time);
    timer_.async_wait([done = std::move(done)](const error_code& error) {
      if (!error) done();
    });
  }
  void end_output() override {
    error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  }
  void close() override {
    error_code ignored;
    socket_.close(ignored);
    timer_.cancel();
  }

 private:
  asio::ip::tcp::socket socket_;
  asio::steady_timer timer_;
};

}  // namespace

std::unique_ptr<Connection> make_connection(asio::ip::tcp::socket socket) {
  return std::make_unique<TcpConnection>(std::move(socket));
}

}  // namespace quanzu::feed
