#include "tests/adapters/api_support.h"

namespace quanzu::api::testing {

namespace json = boost::json;

std::string token_of(Role role) {
  return "token-" + std::string(role_name(role));
}

FakeBackend::FakeBackend() {
  for (const Role role : kEveryRole) {
    User user;
    user.id = UserId(static_cast<uint32_t>(role) + 1);
    user.name = std::string(role_name(role)) + "1";
    user.role = role;
    user.token_hash = accounts::hash_token(token_of(role));
    accounts->add(user);
  }
}

void FakeBackend::command(Command command, Reply reply) {
  commands.push_back(std::move(command));
  reply(answer);
}

void FakeBackend::account(EventBody change, Reply reply) {
  account_changes.push_back(std::move(change));
  reply(answer);
}

Result<std::unique_ptr<store::Reader>> FakeBackend::reader() const {
  if (rows == nullptr) return fail(Code::kUnavailable, "no rows in this test");
  return rows->reader();
}

feed::Ingress& FakeBackend::ingress() {
  ENSURE(false, "no test pushes signals past the service");
}

std::vector<std::pair<uint32_t, uint32_t>> FakeBackend::spans(const std::string&, const std::string& text) const {
  return {{0, static_cast<uint32_t>(text.size())}};
}

Api::Api(HttpOptions options, Push push) : service_(backend, registry, std::move(push)) {
  auto started = HttpServer::start(io_, service_, std::move(options));
  REQUIRE(started.has_value());
  server_ = std::move(*started);
  thread_ = std::thread([this] { io_.run(); });
}

Api::~Api() {
  server_->stop();
  thread_.join();
}

Client Api::client() const {
  auto connected = Client::connect("127.0.0.1", server_->port());
  REQUIRE(connected.has_value());
  return std::move(*connected);
}

Client Api::client(Role role) const {
  Client connected = client();
  connected.set_token(token_of(role));
  return connected;
}

HttpReply post(Client& client, std::string_view method, std::string_view body, std::string_view key) {
  std::vector<std::string> headers = {"Content-Type: application/json"};
  if (!key.empty()) headers.push_back("Idempotency-Key: " + std::string(key));
  auto reply = client.request("POST", "/quanzu.v1." + std::string(method), headers, body);
  REQUIRE(reply.has_value());
  return *reply;
}

json::object body_of(const HttpReply& reply) {
  return json::parse(reply.body).as_object();
}

std::string code_of(const HttpReply& reply) {
  return std::string(body_of(reply).at("code").as_string());
}

std::string field_of(const HttpReply& reply) {
  const json::object body = body_of(reply);
  const json::value* details = body.if_contains("details");
  if (details == nullptr) return {};
  const json::object& detail = details->as_array().at(0).as_object();
  return detail.contains("field") ? std::string(detail.at("field").as_string()) : std::string();
}

}  // namespace quanzu::api::testing
