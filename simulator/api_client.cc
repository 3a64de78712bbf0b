#include "simulator/api_client.h"

#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <random>

namespace quanzu::simulator {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::chrono::seconds kTimeout{30};

Code code_of(std::string_view name) {
  for (int code = 0; code <= static_cast<int>(Code::kInternal); ++code) {
    if (code_name(static_cast<Code>(code)) == name) return static_cast<Code>(code);
  }
  return Code::kInternal;
}

std::string text_of(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

struct ApiClient::Connection {
  boost::asio::io_context io;
  beast::tcp_stream stream{io};
  beast::flat_buffer buffer;
};

ApiClient::ApiClient(std::string address, std::string token)
    : address_(std::move(address)), token_(std::move(token)), key_prefix_(std::to_string(std::random_device{}())) {}

ApiClient::~ApiClient() = default;

Result<boost::json::object> ApiClient::call(const std::string& method, const boost::json::object& body) {
  const size_t colon = address_.rfind(':');
  http::request<http::string_body> request{http::verb::post, "/quanzu.v1." + method, 11};
  request.set(http::field::host, address_);
  request.set(http::field::content_type, "application/json");
  request.set(http::field::authorization, "Bearer " + token_);
  request.set("Idempotency-Key", key_prefix_ + "-" + std::to_string(++calls_));
  request.body() = boost::json::serialize(body);
  request.prepare_payload();
  http::response<http::string_body> response;
  // A kept connection may have been closed meanwhile: the second try is on a new one. The key makes a repeat safe.
  for (int attempt = 0;; ++attempt) {
    try {
      if (!connection_) {
        connection_ = std::make_unique<Connection>();
        boost::asio::ip::tcp::resolver resolver(connection_->io);
        connection_->stream.expires_after(kTimeout);
        connection_->stream.connect(resolver.resolve(address_.substr(0, colon), address_.substr(colon + 1)));
      }
      connection_->stream.expires_after(kTimeout);
      http::write(connection_->stream, request);
      http::read(connection_->stream, connection_->buffer, response);
      break;
    } catch (const boost::system::system_error& error) {
      connection_.reset();
      if (attempt == 1) return fail(Code::kUnavailable, address_ + " does not answer " + method + ": " + error.what());
    }
  }
  boost::system::error_code malformed;
  boost::json::value answer = boost::json::parse(response.body(), malformed);
  if (malformed || !answer.is_object()) {
    return fail(Code::kInternal, address_ + " answered " + method + " with status " +
                                     std::to_string(response.result_int()) + " and no JSON object");
  }
  if (response.result() == http::status::ok) return std::move(answer.get_object());
  const boost::json::object& told = answer.get_object();
  return fail(code_of(text_of(told, "code")), text_of(told, "message"));
}

}  // namespace quanzu::simulator
