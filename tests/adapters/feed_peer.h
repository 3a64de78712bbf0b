// What the feed's tests talk to and through: a fake engine behind the Ingress port, and a raw peer on loopback.
// All on one io_context that the test itself runs.
#pragma once
#include <boost/asio.hpp>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/feed/feed.pb.h"
#include "adapters/feed/ingress.h"
#include "adapters/feed/server.h"
#include "adapters/feed/wire.h"
#include "tests/catch.h"

namespace quanzu::feed::test {

inline const Instant kNow = *parse_rfc3339("2026-11-24T10:00:00+08:00");

// Keeps batches until commit(); sequences them at submit().
class FakeIngress : public Ingress {
 public:
  struct Stream {
    uint64_t next_seq = 1;
    uint64_t epoch = 0;
    std::shared_ptr<StreamSink> sink;
  };

  void open(std::string feed, std::string stream, std::shared_ptr<StreamSink> sink) override {
    Stream& s = streams[feed + "/" + stream];
    if (s.sink) s.sink->on_fenced("a newer connection has stream " + stream);
    s.sink = sink;
    ++s.epoch;
    ++opened;
    if (refuse) return sink->on_refused(*refuse);
    const auto answer = [binding = StreamBinding{StreamId(1), s.epoch, sink}, next_seq = s.next_seq] {
      binding.sink->on_open(binding, next_seq);
    };
    if (hold_open) {
      held = answer;
    } else {
      answer();
    }
  }
  void close(const StreamBinding& binding) override {
    ++closed;
    for (auto& [name, stream] : streams) {
      if (stream.sink == binding.sink) stream.sink.reset();
    }
  }
  bool submit(std::unique_ptr<Batch> batch) override {
    waiting.push_back(std::move(batch));
    if (commit_at_once) commit();
    return room;
  }
  std::unique_ptr<Batch> take_batch() override { return std::make_unique<Batch>(); }
  Instant now() const override { return kNow; }

  // One commit of all that waits.
  void commit() {
    for (std::unique_ptr<Batch>& batch : waiting) {
      for (auto& [name, stream] : streams) {
        if (stream.sink == nullptr || stream.sink != batch->binding.sink) continue;
        REQUIRE(batch->first_seq == stream.next_seq);
        stream.next_seq += batch->count;
        std::vector<NackNotice> nacks;
        for (const Reject& reject : batch->rejects)
          nacks.push_back({reject.seq, std::string(reject.reason), reject.detail});
        stream.sink->on_committed(stream.next_seq - 1, batch->accepted, batch->rejects.size(), std::move(nacks));
      }
      batch->binding = StreamBinding();
      committed.push_back(std::move(batch));
    }
    waiting.clear();
  }
  uint64_t accepted() const {
    uint64_t sum = 0;
    for (const auto& batch : committed) sum += batch->accepted;
    return sum;
  }

  std::map<std::string, Stream> streams;
  std::vector<std::unique_ptr<Batch>> waiting;
  std::vector<std::unique_ptr<Batch>> committed;
  std::optional<Error> refuse;
  bool hold_open = false;
  std::function<void()> held;
  bool room = true;
  bool commit_at_once = true;
  int opened = 0;
  int closed = 0;
};

// A server with an account "carrier" (token "secret", role feed) and one "wang" (token "police", role operator).
class Bench {
 public:
  explicit Bench(Limits limits = {}, uint16_t at_port = 0)
      : metrics(registry),
        environment{ingress, [this] { return directory; }, limits, metrics},
        server({&io}, environment) {
    auto accounts = std::make_shared<accounts::Directory>();
    accounts->add(user(1, "carrier", Role::kFeed, "secret"));
    accounts->add(user(2, "wang", Role::kOperator, "police"));
    directory = accounts;
    const Result<uint16_t> bound = server.listen("127.0.0.1", at_port);
    REQUIRE(bound);
    port = *bound;
  }
  ~Bench() {
    ingress.streams.clear();
    ingress.waiting.clear();
    server.stop("the test is over");
    io.restart();
    while (io.poll() > 0) {
    }
  }

  // Runs the io_context until `done` holds. Fails rather than hangs.
  template <class F>
  void until(F done) {
    while (!done()) {
      io.restart();
      if (io.run_one_for(std::chrono::seconds(20)) == 0) FAIL("nothing more happens");
    }
  }
  void settle() {  // whatever can happen now
    io.restart();
    while (io.poll() > 0) {
    }
  }

  static User user(uint32_t id, std::string name, Role role, std::string_view token) {
    User result;
    result.id = UserId(id);
    result.name = std::move(name);
    result.role = role;
    result.token_hash = accounts::hash_token(token);
    return result;
  }

  double counter(const std::string& name) {
    for (const auto& family : registry.Collect()) {
      if (family.name != name) continue;
      double sum = 0;
      for (const auto& metric : family.metric) sum += metric.counter.value + metric.gauge.value;
      return sum;
    }
    return -1;
  }

  boost::asio::io_context io;
  FakeIngress ingress;
  prometheus::Registry registry;
  Metrics metrics;
  std::shared_ptr<const accounts::Directory> directory;
  Environment environment;
  Server server;
  uint16_t port = 0;
};

// Speaks the protocol byte by byte.
class Peer {
 public:
  explicit Peer(Bench& bench) : bench_(bench), socket_(bench.io) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), bench.port});
    read();
  }
  void write(std::string_view bytes) { boost::asio::write(socket_, boost::asio::buffer(bytes)); }
  void send(const v1::ClientFrame& frame) {
    std::string bytes;
    append_varint(bytes, frame.ByteSizeLong());
    frame.AppendToString(&bytes);
    write(bytes);
  }
  void hello(const std::string& stream = "s", const std::string& token = "secret", uint32_t version = 1) {
    v1::ClientFrame frame;
    frame.mutable_hello()->set_stream(stream);
    frame.mutable_hello()->set_token(token);
    frame.mutable_hello()->set_version(version);
    send(frame);
  }
  uint64_t welcome(const std::string& stream = "s") {
    hello(stream);
    const v1::ServerFrame frame = next();
    REQUIRE(frame.has_welcome());
    return frame.welcome().next_seq();
  }
  void reset() {  // the peer's machine is gone
    socket_.set_option(boost::asio::socket_base::linger(true, 0));
    socket_.close();
  }
  void shut() { socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send); }

  v1::ServerFrame next() {
    bench_.until([this] { return !frames_.empty() || ended_; });
    REQUIRE_FALSE(frames_.empty());
    v1::ServerFrame frame = frames_.front();
    frames_.pop_front();
    return frame;
  }
  std::string goodbye() {
    const v1::ServerFrame frame = next();
    REQUIRE(frame.has_goodbye());
    bench_.until([this] { return ended_; });
    code = frame.goodbye().code();
    return frame.goodbye().reason();
  }
  uint64_t ack() {
    const v1::ServerFrame frame = next();
    REQUIRE(frame.has_ack());
    return frame.ack().up_to_seq();
  }
  void until_ack(uint64_t seq) {
    while (ack() < seq) {
    }
  }
  bool quiet() {
    bench_.settle();
    return frames_.empty();
  }
  bool ended() const { return ended_; }

  std::string code;

 private:
  void read() {
    socket_.async_read_some(boost::asio::buffer(buffer_), [this](const boost::system::error_code& error, size_t size) {
      if (error == boost::asio::error::operation_aborted) return;  // this peer is gone
      if (error) {
        ended_ = true;
        return;
      }
      input_.append(buffer_.data(), size);
      for (Frame frame = next_frame(input_, 1 << 20); frame.status == FrameStatus::kComplete;
           frame = next_frame(input_, 1 << 20)) {
        v1::ServerFrame message;
        if (!message.ParseFromArray(frame.body.data(), static_cast<int>(frame.body.size()))) FAIL("not a ServerFrame");
        frames_.push_back(std::move(message));
        input_.erase(0, frame.size);
      }
      read();
    });
  }

  Bench& bench_;
  boost::asio::ip::tcp::socket socket_;
  std::array<char, 4096> buffer_{};
  std::string input_;
  std::deque<v1::ServerFrame> frames_;
  bool ended_ = false;
};

inline v1::Signal sms(uint64_t seq, const std::string& text = "您的快递丢失，请联系客服退款") {
  v1::Signal signal;
  signal.set_seq(seq);
  signal.set_kind(0);
  signal.set_at_ms(to_ms(kNow));
  signal.set_resident_number("13900001111");
  signal.set_peer_number("0085261234567");
  signal.set_text(text);
  return signal;
}
inline std::string framed(const v1::Signal& signal) {
  v1::ClientFrame frame;
  *frame.mutable_signal() = signal;
  std::string bytes;
  append_varint(bytes, frame.ByteSizeLong());
  frame.AppendToString(&bytes);
  return bytes;
}

}  // namespace quanzu::feed::test
