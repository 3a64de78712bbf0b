// A blocking client of the server's HTTP API: one user, one keep-alive connection, for simulated people and tools.
// One thread a client.
#pragma once
#include <boost/json.hpp>
#include <memory>
#include <string>

#include "engine/result.h"

namespace quanzu::simulator {

class ApiClient {
 public:
  ApiClient(std::string address, std::string token);  // "127.0.0.1:8080"
  ~ApiClient();

  // POST /quanzu.v1.<method>; every call has an idempotency key of its own. Errors: the API's own code and message;
  // kUnavailable where the server can't be reached.
  Result<boost::json::object> call(const std::string& method, const boost::json::object& body);

 private:
  struct Connection;
  std::string address_;
  std::string token_;
  std::string key_prefix_;
  uint64_t calls_ = 0;
  std::unique_ptr<Connection> connection_;
};

}  // namespace quanzu::simulator
