#include "simulator/faults/link.h"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <cstring>

namespace quanzu::simulator {

namespace asio = boost::asio;

class Link::ServerEnd final : public feed::Connection {
 public:
  explicit ServerEnd(std::shared_ptr<Link> link) : link_(std::move(link)) {}

  asio::any_io_executor executor() override { return link_->io_.get_executor(); }
  void read_some(asio::mutable_buffer into, Done done) override {
    if (link_->cut_) return;
    if (link_->closed_) return link_->post(std::move(done), asio::error::operation_aborted, 0);
    link_->read_ = Read{into, std::move(done)};
  }
  void write(asio::const_buffer all, Done done) override {
    if (link_->cut_) return;
    if (link_->closed_ || link_->reset_) return link_->post(std::move(done), asio::error::broken_pipe, 0);
    link_->write_ = Write{{static_cast<const char*>(all.data()), all.size()}, all.size(), std::move(done)};
    link_->fill();
  }
  void wait(std::chrono::milliseconds time, std::function<void()> done) override {
    if (link_->cut_) return;
    link_->wait_until_ = link_->now_ + time;
    link_->wait_ = std::move(done);
  }
  void end_output() override { link_->server_ended_ = true; }
  void close() override {
    Link& link = *link_;
    link.closed_ = true;
    if (link.read_) link.post(std::move(link.read_->done), asio::error::operation_aborted, 0);
    if (link.write_) link.post(std::move(link.write_->done), asio::error::operation_aborted, 0);
    link.read_.reset();
    link.write_.reset();
    // It may be running.
    if (link.wait_) asio::post(link.io_, [let_go = std::exchange(link.wait_, {})] {});
  }

 private:
  const std::shared_ptr<Link> link_;
};

std::unique_ptr<feed::Connection> Link::server_end() {
  return std::make_unique<ServerEnd>(shared_from_this());
}

void Link::post(feed::Connection::Done done, boost::system::error_code error, size_t size) {
  asio::post(io_, [done = std::move(done), error, size] { done(error, size); });
}

// The network takes what it has room for; a peer that does not read holds the rest back.
void Link::fill() {
  if (!write_) return;
  const size_t room = kBuffer - std::min(kBuffer, in_flight_.size());
  const size_t taken = std::min(room, write_->left.size());
  in_flight_ += write_->left.substr(0, taken);
  write_->left.remove_prefix(taken);
  if (!write_->left.empty()) return;
  post(std::move(write_->done), {}, write_->size);
  write_.reset();
}

void Link::deliver_to_server(size_t bytes) {
  if (!read_ || vanished_ || closed_ || cut_) return;
  if (reset_) {
    post(std::move(read_->done), asio::error::connection_reset, 0);
    read_.reset();
    return;
  }
  const size_t taken = std::min({bytes, to_server_.size(), read_->into.size()});
  if (taken == 0 && !(client_ended_ && to_server_.empty())) return;
  std::memcpy(read_->into.data(), to_server_.data(), taken);
  to_server_.erase(0, taken);
  post(std::move(read_->done),
       taken == 0 ? asio::error::make_error_code(asio::error::eof) : boost::system::error_code(), taken);
  read_.reset();
}

void Link::deliver_to_client(size_t bytes) {
  if (vanished_ || reset_) return;
  const size_t taken = std::min(bytes, in_flight_.size());
  to_client_ += in_flight_.substr(0, taken);
  in_flight_.erase(0, taken);
  fill();
  // A peer that has read to the end goes, so the server's session can.
  if (in_flight_.empty() && server_ended_ && !write_) client_ended_ = true;
}

void Link::pass_time(Duration now) {
  now_ = now;
  if (wait_ && now_ >= wait_until_) asio::post(io_, std::exchange(wait_, {}));
}

void Link::cut() {
  cut_ = true;
  read_.reset();
  write_.reset();
  wait_ = nullptr;
}

}  // namespace quanzu::simulator
