#include "adapters/api/client.h"

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <charconv>

namespace quanzu::api {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using boost::system::error_code;

constexpr size_t kMaxHeader = 64 * 1024;
constexpr size_t kMaxBody = 256 << 20;

Failure broken(const std::string& what) {
  return fail(Code::kUnavailable, "the connection to the server broke: " + what);
}

// "HTTP/1.1 200 OK\r\nName: value\r\n..." without the empty line.
Result<HttpReply> parse_head(std::string_view head) {
  HttpReply reply;
  if (!head.starts_with("HTTP/1.1 ") || head.size() < 12) return broken("this is no HTTP/1.1 answer");
  std::from_chars(head.data() + 9, head.data() + 12, reply.status);
  size_t at = head.find("\r\n");
  while (at != std::string_view::npos) {
    const size_t begin = at + 2;
    at = head.find("\r\n", begin);
    const std::string_view line = head.substr(begin, at == std::string_view::npos ? at : at - begin);
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    std::string_view value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    reply.headers.emplace_back(std::move(name), std::string(value));
  }
  return reply;
}

std::string word(const json::object& of, std::string_view key) {
  const json::value* value = of.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

Code find_code(std::string_view name) {
  for (int code = 0; code <= static_cast<int>(Code::kInternal); ++code) {
    if (code_name(static_cast<Code>(code)) == name) return static_cast<Code>(code);
  }
  return Code::kInternal;
}

Error error_of(const HttpReply& reply) {
  error_code failed;
  const json::value value = json::parse(reply.body, failed);
  if (failed || !value.is_object()) {
    return Error{
        Code::kInternal, "the server answered " + std::to_string(reply.status) + " without a reason", {}, {}, 0};
  }
  const json::object& body = value.get_object();
  Error error{find_code(word(body, "code")), word(body, "message"), {}, {}, 0};
  const json::value* details = body.if_contains("details");
  if (details == nullptr || !details->is_array() || details->get_array().empty()) return error;
  const json::object* detail = details->get_array().front().if_object();
  if (detail == nullptr) return error;
  error.field = word(*detail, "field");
  error.owner = word(*detail, "owner");
  if (const json::value* version = detail->if_contains("version")) {
    error.version = version->to_number<uint64_t>(failed);
  }
  return error;
}

}  // namespace

std::string HttpReply::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

struct Client::Connection {
  asio::io_context io;
  asio::generic::stream_protocol::socket socket{io};
  std::string buffer;

  Result<void> more() {
    const size_t before = buffer.size();
    buffer.resize(before + 16 * 1024);
    error_code error;
    const size_t size = socket.read_some(asio::buffer(buffer.data() + before, buffer.size() - before), error);
    buffer.resize(before + size);
    if (error) return broken(error.message());
    return {};
  }
};

Client::Client(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Result<Client> Client::connect(const std::string& host, uint16_t port) {
  auto connection = std::make_unique<Connection>();
  error_code error;
  asio::ip::tcp::resolver resolver(connection->io);
  const auto found = resolver.resolve(host, std::to_string(port), error);
  asio::ip::tcp::socket socket(connection->io);
  if (!error) asio::connect(socket, found, error);
  if (!error) socket.set_option(asio::ip::tcp::no_delay(true), error);
  if (error) {
    return fail(Code::kUnavailable,
                "no server answers at " + host + ":" + std::to_string(port) + ": " + error.message());
  }
  connection->socket = std::move(socket);
  return Client(std::move(connection));
}

Result<Client> Client::connect_local(const std::string& socket_path) {
  auto connection = std::make_unique<Connection>();
  if (socket_path.size() >= sizeof(sockaddr_un::sun_path)) {
    return fail(Code::kInvalidArgument, "the path is too long for a socket: " + socket_path);
  }
  asio::local::stream_protocol::socket socket(connection->io);
  error_code error;
  socket.connect(asio::local::stream_protocol::endpoint(socket_path), error);
  if (error) return fail(Code::kUnavailable, "no server answers at " + socket_path + ": " + error.message());
  connection->socket = std::move(socket);
  return Client(std::move(connection));
}

Result<void> Client::send_raw(std::string_view bytes) {
  error_code error;
  asio::write(connection_->socket, asio::buffer(bytes.data(), bytes.size()), error);
  if (error) return broken(error.message());
  return {};
}

Result<HttpReply> Client::read_reply() {
  std::string& buffer = connection_->buffer;
  size_t end = buffer.find("\r\n\r\n");
  while (end == std::string::npos) {
    if (buffer.size() > kMaxHeader) return broken("its header has no end");
    if (const Result<void> read = connection_->more(); !read) return Failure(read.error());
    end = buffer.find("\r\n\r\n");
  }
  Result<HttpReply> reply = parse_head(std::string_view(buffer).substr(0, end));
  if (!reply) return reply;
  const std::string length = reply->header("content-length");
  size_t size = 0;
  std::from_chars(length.data(), length.data() + length.size(), size);
  if (size > kMaxBody) return broken("its body is too large");
  if (reply->status == 304) size = 0;
  buffer.erase(0, end + 4);
  while (buffer.size() < size) {
    if (const Result<void> read = connection_->more(); !read) return Failure(read.error());
  }
  reply->body = buffer.substr(0, size);
  buffer.erase(0, size);
  return reply;
}

Result<HttpReply> Client::request(std::string_view verb, std::string_view path, const std::vector<std::string>& headers,
                                  std::string_view body) {
  std::string text = std::string(verb) + " " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n";
  if (!token_.empty()) text += "Authorization: Bearer " + token_ + "\r\n";
  for (const std::string& header : headers) text += header + "\r\n";
  if (verb == "POST") text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  text += "\r\n";
  text += body;
  if (const Result<void> sent = send_raw(text); !sent) return Failure(sent.error());
  return read_reply();
}

Result<json::object> Client::call(std::string_view method, const json::object& body, std::string_view idempotency_key) {
  std::vector<std::string> headers = {"Content-Type: application/json"};
  if (!idempotency_key.empty()) headers.push_back("Idempotency-Key: " + std::string(idempotency_key));
  const Result<HttpReply> reply = request("POST", "/quanzu.v1." + std::string(method), headers, json::serialize(body));
  if (!reply) return Failure(reply.error());
  if (reply->status != 200) return Failure(error_of(*reply));
  error_code failed;
  json::value value = json::parse(reply->body, failed);
  if (failed || !value.is_object()) return broken("its answer is no JSON object");
  return std::move(value.get_object());
}

}  // namespace quanzu::api
