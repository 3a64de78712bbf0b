#include "adapters/feed/server.h"

#include <boost/asio/post.hpp>

namespace quanzu::feed {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

Server::Server(std::vector<asio::io_context*> io, const Environment& environment)
    : io_(std::move(io)), environment_(environment), acceptor_(*io_.front()), retry_(*io_.front()) {}

Server::~Server() = default;

Result<uint16_t> Server::listen(const std::string& host, uint16_t port) {
  const std::string where = host + ":" + std::to_string(port);
  error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (error)
    return fail(Code::kInvalidArgument, "--feed " + where + ": '" + host + "' is no IP address, such as 127.0.0.1");
  if (!address.is_loopback()) {
    return fail(
        Code::kFailedPrecondition,
        "--feed " + where + ": the feed carries signals in clear; listen on 127.0.0.1 and bring them through a tunnel");
  }
  const tcp::endpoint endpoint(address, port);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error)
    return fail(Code::kUnavailable, "--feed " + where + ": " + error.message() + "; choose another port, or 0 for any");
  const uint16_t bound = acceptor_.local_endpoint(error).port();
  asio::post(acceptor_.get_executor(), [this] { accept(); });
  return bound;
}

void Server::accept() {
  asio::io_context& io = *io_[next_io_++ % io_.size()];
  acceptor_.async_accept(io, [this](const error_code& error, tcp::socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (error) return retry();  // no file descriptors left, say
    admit(std::move(socket));
    accept();
  });
}

void Server::retry() {
  retry_.expires_after(std::chrono::milliseconds(100));
  retry_.async_wait([this](const error_code& error) {
    if (!error) accept();
  });
}

void Server::admit(tcp::socket socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  uint64_t id = 0;
  bool full = false;
  {
    const std::lock_guard lock(registry_->mutex);
    if (registry_->stopped) return;
    id = ++registry_->last_id;
    full = registry_->sessions.size() >= environment_.limits.connections;
  }
  auto session =
      std::make_shared<Session>(make_connection(std::move(socket)), environment_, [registry = registry_, id] {
        const std::lock_guard lock(registry->mutex);
        registry->sessions.erase(id);
      });
  if (full) {
    session->stop("the server has its " + std::to_string(environment_.limits.connections) +
                      " feed connections already: close one, or raise the limit in the configuration",
                  "full");
    return;
  }
  const std::lock_guard lock(registry_->mutex);
  registry_->sessions.emplace(id, session);
  asio::post(session->executor(), [session] { session->start(); });
}

void Server::stop(const std::string& reason) {
  asio::post(acceptor_.get_executor(), [this] {
    error_code ignored;
    acceptor_.close(ignored);
    retry_.cancel();
  });
  const std::lock_guard lock(registry_->mutex);
  registry_->stopped = true;
  for (const auto& [id, weak] : registry_->sessions) {
    if (const auto session = weak.lock()) session->stop(reason);
  }
}

size_t Server::connections() const {
  const std::lock_guard lock(registry_->mutex);
  return registry_->sessions.size();
}

}  // namespace quanzu::feed
