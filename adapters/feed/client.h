// A feed's client in one header: take it into your program with feed.proto; it needs Boost.Asio and protobuf alone.
// It connects, keeps every signal until it is acked, connects again after a cut and goes on at Welcome.next_seq, so that
// each signal arrives exactly once. One thread: all calls and callbacks belong to the io_context's; the io_context stops
// before the client goes.
//
//   Client client(io, {.host = "127.0.0.1", .port = "7400", .stream = "sms-1", .token = token});
//   client.on_welcome = [&](uint64_t next_seq) { /* send your signals from that number on */ };
//   client.start();
#pragma once
#include <algorithm>
#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>

#include "adapters/feed/feed.pb.h"

namespace quanzu::feed {

struct ClientOptions {
  std::string host;
  std::string port;
  std::string stream;
  std::string token;
  size_t window = 4 * 1024 * 1024;                                      // bytes that may wait for their ack
  std::chrono::milliseconds patience = std::chrono::seconds(60);        // for one outage
  std::chrono::milliseconds first_patience = std::chrono::seconds(10);  // for the first connection
  uint64_t acked = 0;  // the last number that an earlier run of this stream was told is durable
};

class Client {
 public:
  enum class Failure : uint8_t {
    kRefused,      // the server said why: a token, a version, a gap, a newer connection of the stream
    kUnreachable,  // for as long as patience lasted
    kDataLoss,     // the server has forgotten signals that it had acked
  };

  Client(boost::asio::io_context& io, ClientOptions options)
      : options_(std::move(options)), resolver_(io), socket_(io), timer_(io), acked_(options_.acked) {}

  std::function<void(uint64_t next_seq)> on_welcome = [](uint64_t) {};  // at each connection
  std::function<void(uint64_t up_to)> on_ack = [](uint64_t) {};         // durable, or kept as rejects
  std::function<void(const v1::Nack&)> on_nack = [](const v1::Nack&) {};
  std::function<void()> on_room = [] {};                                          // after send() said false
  std::function<void(const std::string&)> on_outage = [](const std::string&) {};  // once an outage: it tries again
  std::function<void(Failure, const std::string&)> on_failed = [](Failure, const std::string&) {};  // the end

  void start() {
    deadline_ = Clock::now() + options_.first_patience;
    connect();
  }
  // Takes the stream's next signal; its seq is given here. False: the window is full, or there is no Welcome yet;
  // nothing was taken.
  bool send(v1::Signal signal) {
    signal.clear_seq();
    return send_fields(signal.SerializeAsString());
  }
  // The same for the fields of a Signal message as bytes, without seq.
  bool send_fields(std::string_view fields);
  void stop() {
    stopped_ = true;
    disconnect();
  }

  uint64_t next_seq() const { return next_seq_; }  // of the next send(); 0 before the first Welcome
  uint64_t acked() const { return acked_; }

 private:
  using Clock = std::chrono::steady_clock;
  using Tcp = boost::asio::ip::tcp;
  struct Chunk {  // whole frames, first .. last
    uint64_t first;
    uint64_t last;
    std::string bytes;
  };
  static constexpr size_t kChunk = 64 * 1024;

  static void append_varint(std::string& out, uint64_t value) {
    for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
    out.push_back(static_cast<char>(value));
  }
  static size_t varint_size(uint64_t value) {
    size_t size = 1;
    while (value >>= 7) ++size;
    return size;
  }
  // The size of the varint at the front and its value; 0 where it is cut.
  static size_t read_varint(std::string_view from, uint64_t& value) {
    value = 0;
    for (size_t i = 0; i < from.size() && i < 10; ++i) {
      value |= static_cast<uint64_t>(from[i] & 0x7F) << (7 * i);
      if (!(from[i] & 0x80)) return i + 1;
    }
    return 0;
  }

  void connect();
  void say_hello();
  void read();
  void take_frames();
  void take(const v1::ServerFrame& frame);
  void welcome(uint64_t next_seq);
  void acked(uint64_t up_to);
  void goodbye(const v1::Goodbye& goodbye);
  void write_frame(const v1::ClientFrame& frame);
  void write();
  void drop_acked();
  void lost(const std::string& why);
  void failed(Failure failure, const std::string& message);
  void disconnect();

  ClientOptions options_;
  Tcp::resolver resolver_;
  Tcp::socket socket_;
  boost::asio::steady_timer timer_;
  Clock::time_point deadline_;
  std::chrono::milliseconds pause_{50};
  uint64_t epoch_ = 0;  // of the connection: handlers of an earlier one are void
  bool stopped_ = false;
  bool welcomed_ = false;
  bool outage_told_ = false;
  bool room_wanted_ = false;

  uint64_t next_seq_ = 0;
  uint64_t acked_ = 0;
  std::deque<Chunk> chunks_;  // not acked yet
  size_t kept_ = 0;           // their bytes
  size_t written_ = 0;        // chunks from the front that were given to this connection
  bool writing_ = false;
  std::string control_;  // frames other than signals, written first
  std::string control_under_way_;
  std::string input_;
  std::array<char, 16 * 1024> buffer_{};
};

inline bool Client::send_fields(std::string_view fields) {
  if (stopped_ || next_seq_ == 0 || kept_ >= options_.window) {
    room_wanted_ = true;
    return false;
  }
  if (chunks_.size() == written_ || chunks_.back().bytes.size() >= kChunk) chunks_.push_back({next_seq_, 0, {}});
  Chunk& chunk = chunks_.back();
  const size_t before = chunk.bytes.size();
  const size_t message = 1 + varint_size(next_seq_) + fields.size();
  append_varint(chunk.bytes, 1 + varint_size(message) + message);
  chunk.bytes.push_back(0x0A);  // ClientFrame.signal
  append_varint(chunk.bytes, message);
  chunk.bytes.push_back(0x08);  // Signal.seq
  append_varint(chunk.bytes, next_seq_);
  chunk.bytes.append(fields);
  kept_ += chunk.bytes.size() - before;
  chunk.last = next_seq_++;
  if (!writing_) write();
  return true;
}

inline void Client::connect() {
  const uint64_t epoch = ++epoch_;
  resolver_.async_resolve(
      options_.host, options_.port, [this, epoch](const auto& error, Tcp::resolver::results_type found) {
        if (stopped_ || epoch != epoch_) return;
        if (error) return lost(error.message());
        boost::asio::async_connect(socket_, found, [this, epoch](const auto& failure, const Tcp::endpoint&) {
          if (stopped_ || epoch != epoch_) return;
          if (failure) return lost(failure.message());
          boost::system::error_code ignored;
          socket_.set_option(Tcp::no_delay(true), ignored);
          say_hello();
        });
      });
}

inline void Client::say_hello() {
  v1::ClientFrame frame;
  frame.mutable_hello()->set_stream(options_.stream);
  frame.mutable_hello()->set_token(options_.token);
  frame.mutable_hello()->set_version(1);
  write_frame(frame);
  read();
}

inline void Client::read() {
  socket_.async_read_some(boost::asio::buffer(buffer_), [this, epoch = epoch_](const auto& error, size_t size) {
    if (stopped_ || epoch != epoch_) return;
    if (error) return lost(error.message());
    input_.append(buffer_.data(), size);
    take_frames();
    if (!stopped_ && epoch == epoch_) read();
  });
}

inline void Client::take_frames() {
  const uint64_t epoch = epoch_;
  size_t at = 0;
  while (!stopped_ && epoch == epoch_) {
    uint64_t size = 0;
    const std::string_view rest = std::string_view(input_).substr(at);
    const size_t head = read_varint(rest, size);
    if (head == 0 || rest.size() - head < size) break;
    v1::ServerFrame frame;
    if (!frame.ParseFromArray(rest.data() + head, static_cast<int>(size))) {
      return failed(Failure::kRefused, "what answers at " + options_.host + ":" + options_.port + " is no feed server");
    }
    at += head + size;
    take(frame);
  }
  if (epoch == epoch_) input_.erase(0, at);
}

inline void Client::take(const v1::ServerFrame& frame) {
  v1::ClientFrame reply;
  switch (frame.frame_case()) {
    case v1::ServerFrame::kWelcome:
      return welcome(frame.welcome().next_seq());
    case v1::ServerFrame::kAck:
      return acked(frame.ack().up_to_seq());
    case v1::ServerFrame::kNack:
      return on_nack(frame.nack());
    case v1::ServerFrame::kGoodbye:
      return goodbye(frame.goodbye());
    case v1::ServerFrame::kPing:
      reply.mutable_pong()->set_id(frame.ping().id());
      return write_frame(reply);
    default:
      return;  // a later server may say more
  }
}

inline void Client::welcome(uint64_t next_seq) {
  const std::string of =
      "stream " + options_.stream + " at " + options_.host + ":" + options_.port + ": the server expects ";
  if (next_seq <= acked_) {
    return failed(Failure::kDataLoss, of + std::to_string(next_seq) + " next, but it had acked up to " +
                                          std::to_string(acked_) + ": it has lost signals that it called durable");
  }
  if (next_seq_ != 0 && next_seq > next_seq_) {
    return failed(Failure::kRefused, of + std::to_string(next_seq) + ", but only " + std::to_string(next_seq_ - 1) +
                                         " were sent here: another sender uses this stream; give each its own");
  }
  welcomed_ = true;
  outage_told_ = false;
  pause_ = std::chrono::milliseconds(50);
  if (next_seq_ == 0) next_seq_ = next_seq;
  acked(next_seq - 1);
  if (stopped_) return;
  if (!chunks_.empty() && chunks_.front().first < next_seq) {  // resend from within the first chunk
    Chunk& chunk = chunks_.front();
    size_t skip = 0;
    for (; chunk.first < next_seq; ++chunk.first) {
      uint64_t size = 0;
      const size_t head = read_varint(std::string_view(chunk.bytes).substr(skip), size);
      skip += head + size;
    }
    chunk.bytes.erase(0, skip);
    kept_ -= skip;
  }
  on_welcome(next_seq);
  if (!writing_) write();
}

inline void Client::acked(uint64_t up_to) {
  if (up_to <= acked_) return;
  acked_ = up_to;
  drop_acked();
  on_ack(up_to);
  if (stopped_) return;  // by the callback
  if (room_wanted_ && kept_ < options_.window) {
    room_wanted_ = false;
    on_room();
  }
}

inline void Client::drop_acked() {
  // The front chunk stays while it is being written, whatever was acked: its bytes are in use.
  while (!chunks_.empty() && chunks_.front().last <= acked_ && !(writing_ && written_ == 1)) {
    kept_ -= chunks_.front().bytes.size();
    chunks_.pop_front();
    if (written_ > 0) --written_;
  }
}

inline void Client::goodbye(const v1::Goodbye& goodbye) {
  constexpr std::string_view kAgain[] = {"stopped", "unavailable", "idle", "full", "done"};
  if (std::find(std::begin(kAgain), std::end(kAgain), goodbye.code()) != std::end(kAgain))
    return lost(goodbye.reason());
  failed(Failure::kRefused, "the server ended the connection: " + goodbye.reason());
}

inline void Client::write_frame(const v1::ClientFrame& frame) {
  append_varint(control_, frame.ByteSizeLong());
  frame.AppendToString(&control_);
  if (!writing_) write();
}

inline void Client::write() {
  const bool control = !control_.empty();
  if (!control && (!welcomed_ || written_ == chunks_.size())) return;
  if (control) {
    control_under_way_ = std::move(control_);
    control_.clear();
  } else {
    ++written_;
  }
  writing_ = true;
  const std::string& bytes = control ? control_under_way_ : chunks_[written_ - 1].bytes;
  boost::asio::async_write(socket_, boost::asio::buffer(bytes), [this, epoch = epoch_](const auto& error, size_t) {
    if (stopped_ || epoch != epoch_) return;
    writing_ = false;
    drop_acked();
    if (error) return lost(error.message());
    write();
  });
}

inline void Client::lost(const std::string& why) {
  disconnect();
  const auto now = Clock::now();
  const std::string where = options_.host + ":" + options_.port;
  if (welcomed_) deadline_ = now + options_.patience;
  welcomed_ = false;
  if (now >= deadline_) {
    return failed(Failure::kUnreachable, where + ": " + why +
                                             "; gave up after trying again and again, nothing that was acked is lost: "
                                             "start the server and run this again, it goes on where it stopped");
  }
  if (!std::exchange(outage_told_, true)) on_outage(where + ": " + why + "; trying again");
  timer_.expires_after(pause_);
  pause_ = std::min(pause_ * 2, std::chrono::milliseconds(1000));
  timer_.async_wait([this, epoch = epoch_](const auto& error) {
    if (!error && !stopped_ && epoch == epoch_) connect();
  });
}

inline void Client::disconnect() {
  ++epoch_;
  boost::system::error_code ignored;
  resolver_.cancel();
  socket_.close(ignored);
  timer_.cancel();
  writing_ = false;
  written_ = 0;
  input_.clear();
  control_.clear();
  drop_acked();
}

inline void Client::failed(Failure failure, const std::string& message) {
  stop();
  on_failed(failure, message);
}

}  // namespace quanzu::feed
