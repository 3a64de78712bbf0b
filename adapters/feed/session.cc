#include "adapters/feed/session.h"

#include <boost/asio/post.hpp>

#include "adapters/feed/feed.pb.h"
#include "adapters/feed/hello.h"
#include "adapters/feed/wire.h"

namespace quanzu::feed {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr size_t kReadSize = 128 * 1024;

}  // namespace

Session::Session(std::unique_ptr<Connection> connection, const Environment& environment,
                 std::function<void()> on_closed)
    : connection_(std::move(connection)),
      environment_(environment),
      on_closed_(std::move(on_closed)),
      intake_(environment.ingress, environment_.limits, environment.metrics),
      buffer_(std::max(kReadSize, 2 * environment.limits.frame)) {
  environment_.metrics.connections.Increment();
}

Session::~Session() {
  environment_.metrics.connections.Decrement();
}

template <class F>
void Session::post(F handler) {
  asio::post(executor(), [self = shared_from_this(), handler = std::move(handler)]() mutable {
    if (self->state_ != State::kClosed) handler(*self);
  });
}

void Session::start() {
  watch();
  read();
}

void Session::stop(std::string reason, std::string_view code) {
  post([reason = std::move(reason), code](Session& self) mutable { self.goodbye(code, std::move(reason)); });
}

// ---- what the committer's thread says

void Session::on_open(StreamBinding binding, uint64_t next_seq) {
  asio::post(executor(), [self = shared_from_this(), binding = std::move(binding), next_seq]() mutable {
    if (self->state_ != State::kOpening) {  // the client left meanwhile
      self->environment_.ingress.close(binding);
      return;
    }
    self->state_ = State::kStreaming;
    self->intake_.bind(std::move(binding), next_seq);
    self->outbox_.open(next_seq);
    v1::ServerFrame frame;
    frame.mutable_welcome()->set_next_seq(next_seq);
    frame.mutable_welcome()->set_max_frame(static_cast<uint32_t>(self->environment_.limits.frame));
    frame.mutable_welcome()->set_schema(kProtocolVersion);
    self->outbox_.add(frame);
    self->flush();
    self->pump();
  });
}

void Session::on_refused(Error error) {
  const std::string_view code = error.code == Code::kUnavailable ? "unavailable" : "refused";
  post([code, message = std::move(error.message)](Session& self) mutable { self.goodbye(code, std::move(message)); });
}

void Session::on_committed(uint64_t up_to_seq, uint64_t accepted, uint64_t rejected, std::vector<NackNotice> nacks) {
  post([=, nacks = std::move(nacks)](Session& self) {
    if (self.state_ != State::kStreaming && self.state_ != State::kDraining) return;
    self.outbox_.commit(up_to_seq, accepted, rejected, nacks);
    self.flush();
    self.finish_if_drained();
    self.pump();
  });
}

void Session::on_fenced(std::string reason) {
  post([reason = std::move(reason)](Session& self) mutable { self.goodbye("fenced", std::move(reason)); });
}

void Session::on_room() {
  post([](Session& self) {
    self.await_room_ = false;
    self.pump();
  });
}

// ---- input

bool Session::paused() const {
  return await_room_ || intake_.next_seq() - 1 - outbox_.committed() >= environment_.limits.in_flight ||
         outbox_.size() > environment_.limits.write_buffer;
}

void Session::pump() {
  while (consume()) {
  }
  const bool listening =
      state_ == State::kGreeting || state_ == State::kOpening || (state_ == State::kStreaming && !paused());
  if (!listening) return;
  if (ended_) return on_end_of_input();
  if (end_ - begin_ < buffer_.size()) read();
}

void Session::read() {
  if (reading_) return;
  if (begin_ > 0) {
    std::copy(buffer_.begin() + static_cast<ptrdiff_t>(begin_), buffer_.begin() + static_cast<ptrdiff_t>(end_),
              buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  reading_ = true;
  connection_->read_some(
      asio::buffer(buffer_.data() + end_, buffer_.size() - end_),
      [self = shared_from_this()](const error_code& error, size_t size) { self->on_read(error, size); });
}

void Session::on_read(const error_code& error, size_t size) {
  reading_ = false;
  heard_ = true;
  if (state_ == State::kClosed) return;
  environment_.metrics.bytes.Increment(static_cast<double>(size));
  if (state_ == State::kLeaving) {  // reads what the peer still sends, so that our Goodbye is not lost to a reset
    if (error) return close();
    end_ = begin_ = 0;
    return read();
  }
  if (error && error != asio::error::eof) return drop("peer_left");
  ended_ = error == asio::error::eof;
  end_ += size;
  pump();
}

// The peer closed its side: what it sent is taken, and it may still wait for the acks.
void Session::on_end_of_input() {
  if (state_ == State::kOpening) return;  // on_open() comes back here
  if (state_ == State::kGreeting) return drop("peer_left");
  if (end_ > begin_) {
    farewell_why_ = "cut_frame";
    farewell_ = "the connection was closed in the middle of a frame, " + std::to_string(end_ - begin_) +
                " bytes of it came: nothing of it was taken; send it again";
  }
  state_ = State::kDraining;
  finish_if_drained();
}

bool Session::scan() {
  frames_.clear();
  frames_size_ = 0;
  size_t at = begin_;
  while (frames_.size() < Batch::kMaxSignals) {
    const Frame frame = next_frame({buffer_.data() + at, end_ - at}, environment_.limits.frame);
    if (frame.status == FrameStatus::kPartial) break;
    if (frame.status != FrameStatus::kComplete) {
      farewell_why_ = "bad_frame";
      farewell_ = frame.status == FrameStatus::kTooLong
                      ? "a frame of " + std::to_string(frame.size) + " bytes is over the limit of " +
                            std::to_string(environment_.limits.frame) + " (Welcome.max_frame): send a shorter one"
                      : "a frame's length is no varint of at most 5 bytes: the client's framing is broken";
      break;
    }
    frames_.push_back(frame.body);
    frames_size_ += frame.size;
    at += frame.size;
    if (state_ == State::kGreeting) break;
  }
  return !frames_.empty() || !farewell_.empty();
}

bool Session::consume() {
  if (state_ != State::kGreeting && state_ != State::kStreaming) return false;
  if (paused() || !scan()) return false;
  const size_t consumed = frames_size_;
  if (state_ == State::kGreeting) {
    if (!frames_.empty()) take_control(frames_.front());
  } else {
    take_signals();
  }
  begin_ += consumed;
  flush();
  finish_if_drained();  // after the client's Goodbye
  if (farewell_.empty()) return true;
  goodbye(farewell_why_, std::move(farewell_));
  return false;
}

void Session::take_signals() {
  intake_.begin(frames_size_);
  for (const std::string_view frame : frames_) {
    if (!take_frame(frame)) break;
  }
  if (!intake_.submit()) await_room_ = true;
}

bool Session::take_frame(std::string_view frame) {
  const std::string_view sized = sized_signal(frame);
  return sized.empty() ? take_control(frame) : take_signal(sized);
}

bool Session::take_signal(std::string_view sized) {
  switch (intake_.add(sized)) {
    case Intake::Taken::kYes:
      return true;
    case Intake::Taken::kDuplicate:
      // Acked again at once where it is durable; else the commit that it waits for acks it.
      if (intake_.seq() <= outbox_.committed()) outbox_.ack_again();
      return true;
    case Intake::Taken::kGap:
      farewell_why_ = "gap";
      farewell_ = (intake_.seq() == 0 ? "Signal.seq is missing"
                                      : "Signal.seq " + std::to_string(intake_.seq()) + " leaves a gap") +
                  " in stream " + stream_ + ": expected " + std::to_string(intake_.next_seq()) +
                  "; connect again and go on from Welcome.next_seq";
      return false;
    case Intake::Taken::kMalformed:
      farewell_why_ = "bad_frame";
      farewell_ = "the Signal expected as seq " + std::to_string(intake_.next_seq()) + " in stream " + stream_ +
                  " is no protobuf message: check the encoding against docs/feed-protocol.md";
      return false;
  }
  return false;
}

// Anything but a signal in its usual form; false where the connection must end.
bool Session::take_control(std::string_view bytes) {
  v1::ClientFrame frame;
  if (!frame.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    farewell_why_ = "bad_frame";
    farewell_ = "a frame is no ClientFrame: check the encoding against docs/feed-protocol.md";
    return false;
  }
  if (state_ == State::kGreeting) {
    if (frame.has_hello()) {
      greet(frame.hello());
    } else {
      farewell_why_ = "no_hello";
      farewell_ = "the first frame must be a Hello with stream, token and version";
    }
    return farewell_.empty();
  }
  switch (frame.frame_case()) {
    case v1::ClientFrame::kSignal: {
      std::string sized;
      const std::string message = frame.signal().SerializeAsString();
      append_varint(sized, message.size());
      sized += message;
      ENSURE(sized.size() <= bytes.size(), "protobuf never writes a message longer than what it read");
      return take_signal(sized);
    }
    case v1::ClientFrame::kPing: {
      v1::ServerFrame reply;
      reply.mutable_pong()->set_id(frame.ping().id());
      outbox_.add(reply);
      return true;
    }
    case v1::ClientFrame::kPong:
      return true;
    case v1::ClientFrame::kGoodbye:
      state_ = State::kDraining;
      return false;
    case v1::ClientFrame::kHello:
      farewell_ = "a second Hello on one connection: open a connection for each stream";
      break;
    case v1::ClientFrame::FRAME_NOT_SET:
      farewell_ = "a frame of a kind that this server doesn't know; Welcome.schema says what it speaks";
      break;
  }
  farewell_why_ = "bad_frame";
  return false;
}

void Session::greet(const v1::Hello& hello) {
  Result<std::string> account = account_of(hello, *environment_.directory());
  if (!account) {
    farewell_why_ = "refused";
    farewell_ = std::move(account.error().message);
    return;
  }
  stream_ = hello.stream();
  state_ = State::kOpening;
  environment_.ingress.open(std::move(*account), stream_, shared_from_this());
}

// ---- output

void Session::flush() {
  if (state_ == State::kClosed || outbox_.busy()) return;
  if (!outbox_.next()) return state_ == State::kLeaving ? shut() : void();
  connection_->write(asio::buffer(outbox_.writing()),
                     [self = shared_from_this()](const error_code& error, size_t) { self->on_written(error); });
}

void Session::on_written(const error_code& error) {
  outbox_.written();
  stuck_watches_ = 0;
  if (state_ == State::kClosed) return;
  if (error) return drop("peer_left");
  flush();
  pump();  // a full outbox had paused us
}

// ---- the end

void Session::goodbye(std::string_view why, std::string reason) {
  if (state_ == State::kLeaving || state_ == State::kClosed) return;
  environment_.metrics.ended(why);
  leave_stream();
  state_ = State::kLeaving;
  v1::ServerFrame frame;
  frame.mutable_goodbye()->set_reason(std::move(reason));
  frame.mutable_goodbye()->set_code(std::string(why));
  outbox_.add_last(frame);
  connection_->wait(environment_.limits.linger, [self = shared_from_this()] { self->close(); });  // replaces the watch
  flush();
}

void Session::leave_stream() {
  if (state_ != State::kStreaming && state_ != State::kDraining) return;
  environment_.ingress.close(intake_.binding());
  intake_.unbind();
}

void Session::finish_if_drained() {
  if (state_ != State::kDraining || outbox_.committed() + 1 < intake_.next_seq()) return;
  if (farewell_.empty()) {
    goodbye("done", "all that came is durable");
  } else {
    goodbye(farewell_why_, std::move(farewell_));
  }
}

// The Goodbye is written: say so to the peer's socket, and wait for it to close.
void Session::shut() {
  if (std::exchange(shut_, true)) return;
  connection_->end_output();
  begin_ = end_ = 0;
  read();
}

void Session::drop(std::string_view why) {
  if (state_ == State::kClosed) return;
  environment_.metrics.ended(why);
  leave_stream();
  close();
}

void Session::close() {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  connection_->close();
  on_closed_();
}

void Session::watch() {
  connection_->wait(environment_.limits.idle / 2, [self = shared_from_this()] { self->on_watch(); });
}

// Twice in an idle period: at half of it a silent peer is pinged, at its end it is gone, unless it is we who
// don't read.
void Session::on_watch() {
  if (state_ == State::kLeaving || state_ == State::kClosed) return;
  if (outbox_.busy() && ++stuck_watches_ >= 2) return drop("slow_reader");
  const bool expected = state_ == State::kGreeting || (state_ == State::kStreaming && !paused());
  silent_watches_ = heard_ || !expected ? 0 : silent_watches_ + 1;
  heard_ = false;
  if (silent_watches_ >= 2) {
    return goodbye(
        "idle", "nothing came for " + std::to_string(environment_.limits.idle.count()) + " ms: answer Ping with Pong");
  }
  if (silent_watches_ == 1 && state_ == State::kStreaming) {
    v1::ServerFrame frame;
    frame.mutable_ping()->set_id(1);
    outbox_.add(frame);
    flush();
  }
  watch();
}

}  // namespace quanzu::feed
