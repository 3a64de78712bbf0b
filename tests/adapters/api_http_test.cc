// What the server does with requests, good and bad, before and after the engine.
#include "adapters/api/errors.h"
#include "tests/adapters/api_support.h"

namespace quanzu::api::testing {
namespace {

namespace json = boost::json;

TEST_CASE("each code has its HTTP status") {
  CHECK(http_status(Code::kInvalidArgument) == 400);
  CHECK(http_status(Code::kUnauthenticated) == 401);
  CHECK(http_status(Code::kPermissionDenied) == 403);
  CHECK(http_status(Code::kNotFound) == 404);
  CHECK(http_status(Code::kAlreadyExists) == 409);
  CHECK(http_status(Code::kFailedPrecondition) == 400);
  CHECK(http_status(Code::kAborted) == 409);
  CHECK(http_status(Code::kResourceExhausted) == 429);
  CHECK(http_status(Code::kUnavailable) == 503);
  CHECK(http_status(Code::kInternal) == 500);
}

TEST_CASE("what the engine refuses reaches the caller with code, reason and details") {
  Api api;
  Client client = api.client(Role::kOperator);
  api.backend.answer = Failure(Error{Code::kAborted, "somebody was first", "", "wang", 7});
  HttpReply reply = post(client, "Cases/Claim", R"({"task_id":"t-3","version":6})");
  CHECK(reply.status == 409);
  CHECK(reply.body == R"({"code":"aborted","message":"somebody was first","details":[{"owner":"wang","version":7}]})");

  api.backend.answer = fail(Code::kFailedPrecondition, "the case is closed");
  reply = post(client, "Cases/Claim", R"({"task_id":"t-3","version":6})");
  CHECK(reply.status == 400);
  CHECK(reply.body == R"({"code":"failed_precondition","message":"the case is closed"})");

  api.backend.answer = fail(Code::kUnavailable, "the disk failed");
  CHECK(post(client, "Cases/Claim", R"({"task_id":"t-3","version":6})").status == 503);
  api.backend.answer = fail(Code::kAlreadyExists, "the key was used");
  CHECK(post(client, "Cases/Claim", R"({"task_id":"t-3","version":6})").status == 409);
}

TEST_CASE("a call carries its user, its key and a hash of method and body to the engine") {
  Api api;
  Client client = api.client(Role::kOperator);
  api.backend.answer = std::string(R"({"case":{}})");
  CHECK(post(client, "Cases/Claim", R"({"task_id":"t-3","version":6})", "k1").body == R"({"case":{}})");
  CHECK(post(client, "Cases/Claim", R"({"task_id":"t-3","version":6})", "k1").status == 200);
  CHECK(post(client, "Cases/Claim", R"({"task_id":"t-3","version":7})", "k1").status == 200);
  REQUIRE(api.backend.commands.size() == 3);
  const auto& sent = api.backend.commands;
  CHECK(sent[0].user == UserId(1));
  CHECK(sent[0].idempotency_key == "k1");
  CHECK(sent[0].body_hash.size() == 64);
  CHECK(sent[0].body_hash == sent[1].body_hash);
  CHECK(sent[0].body_hash != sent[2].body_hash);
  CHECK(std::get<ClaimTask>(sent[0].body).task == TaskId(3));
  CHECK(std::get<ClaimTask>(sent[0].body).version == 6);
}

TEST_CASE("field names come in camelCase too") {
  Api api;
  Client client = api.client(Role::kOperator);
  const HttpReply reply =
      post(client, "Cases/RecordAttempt",
           R"({"taskId":"t-3","version":"6","result":"reached","lineCut":true,"stoppedBy":"bank"})");
  REQUIRE(reply.status == 200);
  const auto& attempt = std::get<RecordAttempt>(api.backend.commands.at(0).body);
  CHECK(attempt.line_cut);
  CHECK(attempt.stopped_by == "bank");
  CHECK(attempt.version == 6);
  CHECK(field_of(post(client, "Cases/Claim", R"({"taskId":"t-3","task_id":"t-4","version":1})")) == "task_id");
}

TEST_CASE("a body that is no JSON object is refused") {
  Api api;
  Client client = api.client(Role::kOperator);
  for (const std::string_view body : {"{", "[]", "7", "{\"types\":[}", "{\"types\":\"\xff\"}"}) {
    const HttpReply reply = post(client, "Cases/ClaimNext", body);
    CAPTURE(body, reply.body);
    CHECK(reply.status == 400);
    CHECK(code_of(reply) == "invalid_argument");
  }
  CHECK(post(client, "Cases/ClaimNext", "").status == 200);  // every field of it is optional
}

TEST_CASE("an unknown method or service is not found") {
  Api api;
  Client client = api.client(Role::kOperator);
  for (const std::string_view method : {"Cases/Burn", "Horses/List", "Cases", "Cases/", "Cases/List/x"}) {
    const HttpReply reply = post(client, method, "{}");
    CAPTURE(method);
    CHECK(reply.status == 404);
    CHECK(code_of(reply) == "not_found");
  }
}

TEST_CASE("another content type than JSON is refused") {
  Api api;
  Client client = api.client(Role::kOperator);
  const auto reply = client.request("POST", "/quanzu.v1.Auth/Me", {"Content-Type: application/proto"}, "{}");
  REQUIRE(reply.has_value());
  CHECK(reply->status == 400);
  CHECK(field_of(*reply) == "Content-Type");
  const auto with_charset =
      client.request("POST", "/quanzu.v1.Auth/Me", {"Content-Type: application/json; charset=utf-8"}, "{}");
  REQUIRE(with_charset.has_value());
  CHECK(with_charset->status == 200);
}

TEST_CASE("a body over the limit is refused before it is read, and the connection ends") {
  HttpOptions options;
  options.body_bytes = 1000;
  Api api(options);
  Client client = api.client(Role::kOperator);
  const HttpReply reply = post(client, "Cases/ClaimNext", std::string(1001, ' '));
  CHECK(reply.status == 429);
  CHECK(code_of(reply) == "resource_exhausted");
  CHECK(reply.header("connection") == "close");
  Client another = api.client(Role::kOperator);
  CHECK(post(another, "Cases/ClaimNext", std::string(998, ' ') + "{}").status == 200);
}

TEST_CASE("a header over the limit and a request that is none are refused") {
  HttpOptions options;
  options.header_bytes = 2000;
  Api api(options);
  Client large = api.client();
  REQUIRE(large.send_raw("GET / HTTP/1.1\r\nX-Filler: " + std::string(3000, 'x') + "\r\n\r\n").has_value());
  auto reply = large.read_reply();
  REQUIRE(reply.has_value());
  CHECK(reply->status == 431);

  Client nonsense = api.client();
  REQUIRE(nonsense.send_raw("\x16\x03\x01 hello\r\n\r\n").has_value());
  reply = nonsense.read_reply();
  REQUIRE(reply.has_value());
  CHECK(reply->status == 400);
}

TEST_CASE("a peer that never ends its request is cut off") {
  HttpOptions options;
  options.request = std::chrono::milliseconds(50);
  Api api(options);
  Client client = api.client();
  REQUIRE(client.send_raw("POST /quanzu.v1.Auth/Me HTTP/1.1\r\nHost: ").has_value());
  CHECK(!client.read_reply().has_value());  // blocks until the server closes
}

TEST_CASE("an idle connection is closed after its time") {
  HttpOptions options;
  options.idle = std::chrono::milliseconds(50);
  Api api(options);
  Client client = api.client(Role::kOperator);
  CHECK(post(client, "Auth/Me", "{}").status == 200);
  CHECK(!client.read_reply().has_value());
}

TEST_CASE("one connection serves many requests, also two that come at once") {
  Api api;
  Client client = api.client(Role::kOperator);
  for (int i = 0; i < 3; ++i) CHECK(post(client, "Auth/Me", "{}").status == 200);
  const std::string health = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
  REQUIRE(client.send_raw(health + health).has_value());
  for (int i = 0; i < 2; ++i) {
    const auto reply = client.read_reply();
    REQUIRE(reply.has_value());
    CHECK(reply->body == "alive\n");
  }
}

TEST_CASE("connections over the limit are closed at once and free a place when they go") {
  HttpOptions options;
  options.connections = 1;
  Api api(options);
  {
    Client first = api.client(Role::kOperator);
    CHECK(post(first, "Auth/Me", "{}").status == 200);
    Client second = api.client(Role::kOperator);
    CHECK(!second.call("Auth/Me", {}).has_value());
    CHECK(first.request("GET", "/healthz", {"Connection: close"}, "").has_value());
    CHECK(!first.read_reply().has_value());
  }
  // The place is free once the server has seen the first one go.
  bool served = false;
  for (int i = 0; i < 1000 && !served; ++i) {
    Client third = api.client(Role::kOperator);
    served = third.call("Auth/Me", {}).has_value();
  }
  CHECK(served);
}

TEST_CASE("a public address is refused without TLS, and a taken port is named") {
  boost::asio::io_context io;
  FakeBackend backend;
  prometheus::Registry registry;
  Service service(backend, registry, nullptr);
  HttpOptions options;
  options.address = "0.0.0.0";
  auto refused = HttpServer::start(io, service, options);
  REQUIRE(!refused.has_value());
  CHECK(refused.error().code == Code::kFailedPrecondition);
  options.address = "localhost";
  refused = HttpServer::start(io, service, options);
  REQUIRE(!refused.has_value());
  CHECK(refused.error().code == Code::kInvalidArgument);

  options.address = "127.0.0.1";
  auto first = HttpServer::start(io, service, options);
  REQUIRE(first.has_value());
  options.port = (*first)->port();
  const auto second = HttpServer::start(io, service, options);
  REQUIRE(!second.has_value());
  CHECK(second.error().code == Code::kUnavailable);
  CHECK(second.error().message.find(std::to_string(options.port)) != std::string::npos);
}

TEST_CASE("health says alive, readiness says why not, metrics count requests without names") {
  Api api;
  Client client = api.client(Role::kOperator);
  CHECK(client.request("GET", "/healthz", {}, "")->status == 200);
  CHECK(client.request("GET", "/readyz", {}, "")->status == 200);
  api.backend.reasons = {"replaying the journal"};
  const auto starting = client.request("GET", "/readyz", {}, "");
  CHECK(starting->status == 503);
  CHECK(starting->body == "replaying the journal\n");

  post(client, "Auth/Me", "{}");
  post(client, "Cases/Claim", R"({"task_id":"t-3"})");
  const std::string metrics = client.request("GET", "/metrics", {}, "")->body;
  CHECK(metrics.find(R"(quanzu_http_requests_total{code="ok",method="Auth/Me"} 1)") != std::string::npos);
  CHECK(metrics.find(R"(code="invalid_argument",method="Cases/Claim"} 1)") != std::string::npos);
  CHECK(metrics.find("operator1") == std::string::npos);
}

TEST_CASE("every answer forbids scripts, frames and content from elsewhere") {
  Api api;
  Client client = api.client(Role::kOperator);
  for (const std::string_view path : {"/", "/healthz", "/assets/none.js"}) {
    const auto reply = client.request("GET", path, {}, "");
    REQUIRE(reply.has_value());
    const std::string policy = reply->header("content-security-policy");
    CHECK(policy.find("default-src 'none'") == 0);
    CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
    CHECK(policy.find("unsafe") == std::string::npos);
    CHECK(reply->header("x-content-type-options") == "nosniff");
  }
  CHECK(post(client, "Auth/Me", "{}").header("cache-control") == "no-store");
}

TEST_CASE("the console is served at every path but its unknown files, and not again when it is unchanged") {
  Api api;
  Client client = api.client();
  const auto page = client.request("GET", "/", {}, "");
  CHECK(page->status == 200);
  CHECK(page->header("content-type") == "text/html; charset=utf-8");
  CHECK(page->body.find("<!doctype html>") == 0);
  CHECK(client.request("GET", "/desk/c-1?x=1", {}, "")->body == page->body);
  CHECK(client.request("GET", "/assets/none.js", {}, "")->status == 404);
  CHECK(client.request("GET", "/", {"If-None-Match: " + page->header("etag")}, "")->status == 304);
  CHECK(client.request("GET", "/quanzu.v1.Auth/Me", {}, "")->status == 405);
  CHECK(client.request("DELETE", "/", {}, "")->status == 405);
}

}  // namespace
}  // namespace quanzu::api::testing
