// A server on loopback over a backend that tests steer: what a command reached it, what it answers, what it reads.
#pragma once
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <map>
#include <mutex>
#include <thread>

#include "adapters/api/client.h"
#include "adapters/api/http_server.h"
#include "tests/catch.h"

namespace quanzu::api::testing {

class FakeBackend final : public Backend {
 public:
  FakeBackend();  // one account a role, with the token "token-<role>"

  void command(Command command, Reply reply) override;
  void account(EventBody change, Reply reply) override;
  void packs(PackRequest /*request*/, Reply reply) override { reply(answer); }
  void backup(std::string /*to*/, Reply reply) override { reply(answer); }
  std::shared_ptr<const accounts::Directory> directory() const override { return accounts; }
  Result<std::unique_ptr<store::Reader>> reader() const override;
  Instant now() const override { return from_ms(1'795'485'600'000); }  // 2026-11-24T02:00:00Z
  bool manual_clock() const override { return manual; }
  feed::Ingress& ingress() override;
  std::vector<std::string> not_ready() const override { return reasons; }
  std::vector<std::pair<uint32_t, uint32_t>> spans(const std::string& rule_id, const std::string& text) const override;

  std::shared_ptr<accounts::Directory> accounts = std::make_shared<accounts::Directory>();
  const store::Store* rows = nullptr;              // what reader() reads; none: unavailable
  Result<std::string> answer = std::string("{}");  // to every command
  std::vector<Command> commands;                   // as they came
  std::vector<EventBody> account_changes;
  std::vector<std::string> reasons;
  bool manual = false;
};

std::string token_of(Role role);
inline constexpr std::array kEveryRole = {Role::kOperator, Role::kFieldWorker, Role::kDispatcher, Role::kSupervisor,
                                          Role::kAuthor,   Role::kApprover,    Role::kAuditor,    Role::kAdmin,
                                          Role::kWall,     Role::kFeed};

// The backend is touched by the server's thread while a request is under way, and by the test's between requests.
class Api {
 public:
  explicit Api(HttpOptions options = {}, Push push = nullptr);
  ~Api();

  Client client(Role role) const;
  Client client() const;  // without a token
  HttpServer& server() { return *server_; }

  FakeBackend backend;
  prometheus::Registry registry;

 private:
  boost::asio::io_context io_;
  Service service_;
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

// The whole reply to a method called as JSON, with a key.
HttpReply post(Client& client, std::string_view method, std::string_view body, std::string_view key = "key-1");
boost::json::object body_of(const HttpReply& reply);
// Its error code, and what its detail says of a field ("" where nothing).
std::string code_of(const HttpReply& reply);
std::string field_of(const HttpReply& reply);

}  // namespace quanzu::api::testing
