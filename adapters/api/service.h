// The API without its transport: a request in, a JSON answer out. Knows methods, callers, keys and errors;
// knows no socket. Thread-safe: HTTP threads call handle(); the answer comes on any thread, once.
#pragma once
#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include <functional>
#include <string>
#include <vector>

#include "adapters/api/methods.h"

namespace quanzu::api {

struct Request {
  std::string path;  // "/quanzu.v1.Cases/Get"
  std::string content_type;
  std::string token;  // of `Authorization: Bearer`
  std::string idempotency_key;
  std::string body;
  bool local = false;  // came through admin.sock, which only the server's own user can open
};
struct Response {
  unsigned status = 200;
  std::string body;
};
using Respond = std::function<void(Response)>;

class Service {
 public:
  Service(Backend& backend, prometheus::Registry& registry, Push push, Playbook playbook = Playbook::defaults());

  void handle(const Request& request, Respond respond);

  // Empty: serving. /readyz shows the reasons.
  std::vector<std::string> not_ready() const { return context_.backend.not_ready(); }
  std::string metrics_text() const;  // Prometheus' text form

 private:
  Result<User> authenticate(const Request& request) const;
  Result<Call> admit(const Method& method, const Request& request) const;

  Context context_;
  prometheus::Registry& registry_;
  prometheus::Family<prometheus::Counter>& requests_;
};

}  // namespace quanzu::api
