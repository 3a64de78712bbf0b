// The only unit that includes Beast: it is dear to compile.
#include "adapters/api/http_server.h"

#include <sys/stat.h>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <optional>

#include "adapters/api/errors.h"
#include "adapters/api/web.h"

namespace quanzu::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using HttpRequest = http::request<http::string_body>;
using HttpResponse = http::response<http::string_body>;

class Connection {  // what the server needs of a session, whatever its protocol
 public:
  virtual ~Connection() = default;
  virtual void stop() = 0;
};

// Shared by the server and its sessions, which may outlive it for an answer.
struct Shared {
  Service& service;
  const HttpOptions options;
  std::mutex mutex;
  std::unordered_map<const void*, std::weak_ptr<Connection>> sessions;
  bool stopped = false;
};

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

std::string_view bearer(const HttpRequest& request) {
  const std::string_view header = view(request[http::field::authorization]);
  constexpr std::string_view kScheme = "Bearer ";
  if (header.size() < kScheme.size() || !beast::iequals(header.substr(0, kScheme.size()), kScheme)) return {};
  return header.substr(kScheme.size());
}

Request request_of(HttpRequest& from, bool local) {
  Request request;
  request.path = std::string(view(from.target()).substr(0, from.target().find('?')));
  request.content_type = std::string(view(from[http::field::content_type]));
  request.token = std::string(bearer(from));
  request.idempotency_key = std::string(view(from["Idempotency-Key"]));
  request.body = std::move(from.body());
  request.local = local;
  return request;
}

HttpResponse response_with(unsigned status, std::string_view content_type, std::string body) {
  HttpResponse response(static_cast<http::status>(status), 11);
  response.set(http::field::content_type, beast::string_view(content_type.data(), content_type.size()));
  response.set("Content-Security-Policy",
               beast::string_view(kContentSecurityPolicy.data(), kContentSecurityPolicy.size()));
  response.set("X-Content-Type-Options", "nosniff");
  response.set("Referrer-Policy", "no-referrer");
  response.set("Cross-Origin-Resource-Policy", "same-origin");
  response.set(http::field::cache_control, "no-store");
  response.body() = std::move(body);
  return response;
}

HttpResponse error_response(unsigned status, Code code, std::string message) {
  return response_with(status, "application/json", render_error(Error{code, std::move(message), {}, {}, 0}));
}

// What a request that Beast refuses gets; nothing where there is nobody to tell.
std::optional<HttpResponse> refusal_of(error_code error, const HttpOptions& options) {
  if (error == http::error::end_of_stream ||
      error.category() != http::make_error_code(http::error::end_of_stream).category()) {
    return std::nullopt;  // the peer left, or was cut off by a timeout
  }
  if (error == http::error::body_limit) {
    return error_response(429, Code::kResourceExhausted,
                          "the body is over " + std::to_string(options.body_bytes) + " bytes: send less at a time");
  }
  if (error == http::error::header_limit) {
    return error_response(431, Code::kInvalidArgument,
                          "the header is over " + std::to_string(options.header_bytes) + " bytes");
  }
  if (error == http::error::partial_message) return std::nullopt;
  return error_response(400, Code::kInvalidArgument, "this is no HTTP/1.1 request: " + error.message());
}

// One connection: wait for a byte, read a request, answer it, and again. Nothing is read while an answer is on its way,
// so answers keep their order.
template <class Protocol>
class Session : public Connection, public std::enable_shared_from_this<Session<Protocol>> {
 public:
  using Stream = beast::basic_stream<Protocol>;
  static constexpr bool kLocal = std::is_same_v<Protocol, asio::local::stream_protocol>;

  Session(typename Protocol::socket socket, std::shared_ptr<Shared> shared)
      : stream_(std::move(socket)), shared_(std::move(shared)) {}
  ~Session() override {
    const std::scoped_lock lock(shared_->mutex);
    shared_->sessions.erase(this);
  }

  void start() {
    asio::dispatch(stream_.get_executor(), [self = this->shared_from_this()] { self->wait(); });
  }

  void stop() override {
    asio::post(stream_.get_executor(), [self = this->shared_from_this()] {
      self->stopping_ = true;
      if (!self->answering_) self->close();
    });
  }

 private:
  void wait() {
    if (stopping_) return close();
    if (buffer_.size() > 0) return read();  // the next request came with the last
    stream_.expires_after(shared_->options.idle);
    stream_.async_read_some(buffer_.prepare(4096), [self = this->shared_from_this()](error_code error, size_t size) {
      if (error) return self->close();
      self->buffer_.commit(size);
      self->read();
    });
  }

  // The deadline is for the whole request, so a peer that sends a byte now and then is cut off.
  void read() {
    parser_.emplace();
    parser_->header_limit(shared_->options.header_bytes);
    parser_->body_limit(shared_->options.body_bytes);
    stream_.expires_after(shared_->options.request);
    http::async_read(stream_, buffer_, *parser_, [self = this->shared_from_this()](error_code error, size_t) {
      if (error) return self->refuse(error);
      self->answer();
    });
  }

  void refuse(error_code error) {
    std::optional<HttpResponse> response = refusal_of(error, shared_->options);
    if (!response) return close();
    response->keep_alive(false);
    write(std::move(*response));
  }

  void answer() {
    answering_ = true;
    stream_.expires_never();
    HttpRequest request = parser_->release();
    keep_alive_ = request.keep_alive();
    const std::string_view target = view(request.target());
    if (request.method() == http::verb::get || request.method() == http::verb::head) {
      return answer_page(target, view(request[http::field::if_none_match]), request.method() == http::verb::head);
    }
    if (request.method() != http::verb::post) {
      return write(error_response(405, Code::kInvalidArgument, "only GET and POST are known here"));
    }
    shared_->service.handle(request_of(request, kLocal), [self = this->shared_from_this()](Response response) {
      // On any thread, after the commit.
      asio::post(self->stream_.get_executor(), [self, response = std::move(response)]() mutable {
        self->write(response_with(response.status, "application/json", std::move(response.body)));
      });
    });
  }

  void answer_page(std::string_view target, std::string_view if_none_match, bool head) {
    WebReply reply = answer_get(shared_->service, target, if_none_match);
    HttpResponse response = response_with(reply.status, reply.content_type, std::move(reply.body));
    if (!reply.etag.empty()) {
      response.set(http::field::etag, beast::string_view(reply.etag.data(), reply.etag.size()));
      response.set(http::field::cache_control, "no-cache");  // ask again each time; unchanged ones are not sent
    }
    if (head) {
      response.content_length(response.body().size());
      response.body().clear();
      keep_alive_ = false;  // a message whose length is not its body's: don't go on after it
    }
    write(std::move(response), head);
  }

  void write(HttpResponse response, bool head = false) {
    answering_ = true;
    response.keep_alive(keep_alive_ && !stopping_ && response.keep_alive());
    if (!head) response.prepare_payload();
    response_ = std::move(response);
    stream_.expires_after(shared_->options.write);
    http::async_write(stream_, *response_, [self = this->shared_from_this()](error_code error, size_t) {
      self->answering_ = false;
      const bool more = self->response_->keep_alive();
      self->response_.reset();
      if (error || !more) return self->close();
      self->wait();
    });
  }

  void close() {
    error_code ignored;
    stream_.socket().shutdown(Protocol::socket::shutdown_send, ignored);
    stream_.close();
  }

  Stream stream_;
  std::shared_ptr<Shared> shared_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<HttpResponse> response_;
  bool keep_alive_ = true;
  bool answering_ = false;
  bool stopping_ = false;
};

template <class Protocol>
class Listener : public std::enable_shared_from_this<Listener<Protocol>> {
 public:
  Listener(asio::io_context& io, std::shared_ptr<Shared> shared)
      : io_(io), acceptor_(asio::make_strand(io)), retry_(acceptor_.get_executor()), shared_(std::move(shared)) {}

  error_code open(const typename Protocol::endpoint& endpoint) {
    error_code error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error && !std::is_same_v<Protocol, asio::local::stream_protocol>) {
      acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    }
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    return error;
  }
  typename Protocol::endpoint endpoint() const { return acceptor_.local_endpoint(); }

  void accept() {
    acceptor_.async_accept(asio::make_strand(io_),
                           [self = this->shared_from_this()](error_code error, typename Protocol::socket socket) {
                             self->accepted(error, std::move(socket));
                           });
  }

  void stop() {
    asio::post(acceptor_.get_executor(), [self = this->shared_from_this()] {
      self->acceptor_.close();
      self->retry_.cancel();
    });
  }

 private:
  void accepted(error_code error, typename Protocol::socket socket) {
    if (!acceptor_.is_open()) return;
    if (error) {  // out of descriptors, most likely: try again when some may have been closed
      spdlog::warn("http: can't accept a connection: {}", error.message());
      retry_.expires_after(std::chrono::milliseconds(100));
      retry_.async_wait([self = this->shared_from_this()](error_code cancelled) {
        if (!cancelled) self->accept();
      });
      return;
    }
    begin(std::move(socket));
    accept();
  }

  void begin(typename Protocol::socket socket) {
    const auto session = std::make_shared<Session<Protocol>>(std::move(socket), shared_);
    {
      const std::scoped_lock lock(shared_->mutex);
      if (shared_->stopped || shared_->sessions.size() >= shared_->options.connections) return;
      shared_->sessions.emplace(session.get(), session);
    }
    session->start();
  }

  asio::io_context& io_;
  asio::basic_socket_acceptor<Protocol> acceptor_;
  asio::steady_timer retry_;
  std::shared_ptr<Shared> shared_;
};

class Server final : public HttpServer {
 public:
  Server(asio::io_context& io, Service& service, HttpOptions options)
      : io_(io), shared_(std::shared_ptr<Shared>(new Shared{service, std::move(options), {}, {}})) {}
  ~Server() override { stop(); }

  Result<void> listen() {
    error_code error;
    const auto address = asio::ip::make_address(shared_->options.address, error);
    if (error) {
      return fail(Code::kInvalidArgument, "'" + shared_->options.address + "' is no address: give one like 127.0.0.1",
                  "address");
    }
    if (!address.is_loopback()) {
      return fail(Code::kFailedPrecondition,
                  shared_->options.address +
                      " is no loopback address, and there is no TLS: listen on 127.0.0.1 and put a "
                      "TLS proxy before it",
                  "address");
    }
    tcp_ = std::make_shared<Listener<asio::ip::tcp>>(io_, shared_);
    error = tcp_->open({address, shared_->options.port});
    if (error) {
      return fail(Code::kUnavailable,
                  "can't listen on " + shared_->options.address + ":" + std::to_string(shared_->options.port) + ": " +
                      error.message(),
                  "port");
    }
    tcp_->accept();
    return {};
  }

  uint16_t port() const override { return tcp_->endpoint().port(); }

  Result<void> listen_local(const std::string& path) override {
    if (path.size() >= sizeof(sockaddr_un::sun_path)) {
      return fail(Code::kInvalidArgument, "the path of the folder is too long for a socket in it: " + path, "data");
    }
    ::unlink(path.c_str());
    local_ = std::make_shared<Listener<asio::local::stream_protocol>>(io_, shared_);
    // Made with no access for others from the start, not by a chmod after.
    const mode_t before = ::umask(0177);
    const error_code error = local_->open(asio::local::stream_protocol::endpoint(path));
    ::umask(before);
    if (error) return fail(Code::kUnavailable, "can't listen on " + path + ": " + error.message(), "data");
    local_path_ = path;
    local_->accept();
    return {};
  }

  void stop() override {
    std::vector<std::shared_ptr<Connection>> sessions;
    {
      const std::scoped_lock lock(shared_->mutex);
      if (std::exchange(shared_->stopped, true)) return;
      for (const auto& [key, session] : shared_->sessions) {
        if (auto alive = session.lock()) sessions.push_back(std::move(alive));
      }
    }
    if (tcp_ != nullptr) tcp_->stop();
    if (local_ != nullptr) local_->stop();
    for (const auto& session : sessions) session->stop();
    if (!local_path_.empty()) ::unlink(local_path_.c_str());
  }

 private:
  asio::io_context& io_;
  std::shared_ptr<Shared> shared_;
  std::shared_ptr<Listener<asio::ip::tcp>> tcp_;
  std::shared_ptr<Listener<asio::local::stream_protocol>> local_;
  std::string local_path_;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::start(asio::io_context& io, Service& service, HttpOptions options) {
  auto server = std::make_unique<Server>(io, service, std::move(options));
  if (const Result<void> listening = server->listen(); !listening) return Failure(listening.error());
  return server;
}

}  // namespace quanzu::api
