// HTTP/1.1 in front of the Service: sockets, limits, timeouts, keep-alive; the console's page, health and metrics.
// Runs on the io_context that it is given, any number of threads; each connection keeps to a strand of its own.
#pragma once
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "adapters/api/service.h"

namespace quanzu::api {

struct HttpOptions {
  std::string address = "127.0.0.1";  // loopback alone until TLS can be configured
  uint16_t port = 0;                  // 0: any free one
  size_t connections = 1024;          // more are closed at once
  uint32_t header_bytes = 16 * 1024;
  size_t body_bytes = 1 << 20;
  std::chrono::milliseconds idle = std::chrono::seconds(75);     // between the requests of a connection
  std::chrono::milliseconds request = std::chrono::seconds(15);  // from a request's first byte to its last
  std::chrono::milliseconds write = std::chrono::seconds(30);    // for a peer to read an answer
};

class HttpServer {
 public:
  // Errors: kFailedPrecondition for a public address, kUnavailable for one that is taken; field is the option's name.
  static Result<std::unique_ptr<HttpServer>> start(boost::asio::io_context& io, Service& service, HttpOptions options);
  virtual ~HttpServer() = default;

  virtual uint16_t port() const = 0;
  // Also serves DIR/admin.sock, whose callers are administrators: only the server's own user can open it. A socket that a
  // crashed server left is taken over; call with the folder locked.
  virtual Result<void> listen_local(const std::string& path) = 0;
  // Takes no more connections, closes the idle ones and the others after their answer. The io_context runs out of work
  // once all are closed.
  virtual void stop() = 0;
};

}  // namespace quanzu::api
