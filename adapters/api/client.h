// A small blocking client of the API: `quanzud user` talks through it to a running server's admin.sock, simulated operators
// and tests to its port. One connection, kept alive; one thread at a time.
#pragma once
#include <boost/json.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"

namespace quanzu::api {

struct HttpReply {
  unsigned status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;

  std::string header(std::string_view name) const;  // empty where absent
};

class Client {
 public:
  // Errors: kUnavailable with who doesn't answer.
  static Result<Client> connect(const std::string& host, uint16_t port);
  static Result<Client> connect_local(const std::string& socket_path);
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  void set_token(std::string token) { token_ = std::move(token); }

  // Any request; `headers` are lines without their ends. Errors: kUnavailable where the connection broke.
  Result<HttpReply> request(std::string_view verb, std::string_view path, const std::vector<std::string>& headers,
                            std::string_view body);
  // "Cases/Get". A write's key; empty for reads. Errors: what the server says, with its code, field, owner and version.
  Result<boost::json::object> call(std::string_view method, const boost::json::object& body,
                                   std::string_view idempotency_key = {});

  // For tests of what a server does with bytes that are no request.
  Result<void> send_raw(std::string_view bytes);
  Result<HttpReply> read_reply();

 private:
  struct Connection;
  explicit Client(std::unique_ptr<Connection> connection);

  std::unique_ptr<Connection> connection_;
  std::string token_;
};

}  // namespace quanzu::api
