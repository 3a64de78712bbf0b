#include "simulator/faults/sender.h"

#include <algorithm>

#include "adapters/feed/feed.pb.h"
#include "adapters/feed/hello.h"
#include "adapters/feed/wire.h"

namespace quanzu::simulator {
namespace {

constexpr size_t kMostFrame = 64 * 1024;
constexpr uint64_t kBurst = 30;

std::string framed(const feed::v1::ClientFrame& frame) {
  std::string out;
  feed::append_varint(out, frame.ByteSizeLong());
  frame.AppendToString(&out);
  return out;
}

}  // namespace

Sender::Sender(std::string stream, std::string token, Random random, Judge& judge)
    : stream_(std::move(stream)), token_(std::move(token)), random_(random), judge_(judge) {}

void Sender::open(const Connect& connect) {
  link_ = connect();
  heard_.clear();
  welcome_ = false;
  if (link_ == nullptr) return;
  feed::v1::ClientFrame frame;
  frame.mutable_hello()->set_stream(stream_);
  frame.mutable_hello()->set_token(token_);
  frame.mutable_hello()->set_version(feed::kProtocolVersion);
  link_->send(framed(frame));
}

void Sender::leave() {
  link_.reset();
  welcome_ = false;
}

void Sender::act(const Connect& connect) {
  read();
  if (link_ == nullptr) {
    if (random_.chance(700)) open(connect);
    return;
  }
  if (random_.chance(120)) return misbehave();
  if (welcome_) send(random_.below(kBurst));
}

void Sender::go_on(const Connect& connect) {
  read();
  if (link_ == nullptr) return open(connect);
  if (welcome_) send(kBurst);
}

void Sender::send(uint64_t count) {
  for (; count > 0 && next_ <= made_.size(); --count) send_frame(next_++);
}

void Sender::send_frame(uint64_t seq) {
  std::string frame;
  feed::append_signal_frame(frame, seq, made_[seq - 1].fields);
  link_->send(frame);
}

void Sender::misbehave() {
  switch (random_.below(8)) {
    case 0:  // gone
      link_->reset();
      return leave();
    case 1:  // gone, and nobody is told
      link_->vanish();
      return leave();
    case 2: {  // in the middle of a frame
      std::string frame;
      if (welcome_ && next_ <= made_.size()) feed::append_signal_frame(frame, next_, made_[next_ - 1].fields);
      link_->send(std::string_view(frame).substr(0, frame.size() / 2));
      link_->send_end();
      return leave();
    }
    case 3:  // again what it has sent
      if (welcome_ && next_ > 1) {
        const uint64_t from = 1 + random_.below(next_ - 1);
        for (uint64_t seq = from; seq < std::min(next_, from + kBurst); ++seq) send_frame(seq);
      }
      return;
    case 4:  // a gap
      if (welcome_ && next_ < made_.size()) send_frame(next_ + 1);
      return;
    case 5:  // late: it believes in an older number
      if (welcome_ && next_ > first_) next_ -= random_.below(next_ - first_);
      return;
    case 6: {
      feed::v1::ClientFrame frame;
      frame.mutable_goodbye()->set_reason("enough for now");
      link_->send(framed(frame));
      return;
    }
    default:  // no frame
      if (random_.chance(200)) link_->send("\xff\xff\xff\xff\xff\xff\xff");
      return;
  }
}

void Sender::read() {
  if (link_ == nullptr) return;
  heard_ += link_->take();
  for (;;) {
    const feed::Frame frame = feed::next_frame(heard_, kMostFrame);
    if (frame.status == feed::FrameStatus::kPartial) break;
    feed::v1::ServerFrame said;
    const bool read = frame.status == feed::FrameStatus::kComplete &&
                      said.ParseFromArray(frame.body.data(), static_cast<int>(frame.body.size()));
    if (!read) return wrong("the server sends what is no frame");
    heard_.erase(0, frame.size);
    take(said);
    if (link_ == nullptr) return;
  }
  if (link_->closed()) leave();
}

void Sender::take(const feed::v1::ServerFrame& frame) {
  if (frame.has_goodbye()) {
    link_->send_end();
    return leave();
  }
  if (frame.has_ping()) {
    feed::v1::ClientFrame reply;
    reply.mutable_pong()->set_id(frame.ping().id());
    link_->send(framed(reply));
  }
  if (frame.has_welcome()) {
    first_ = next_ = frame.welcome().next_seq();
    welcome_ = true;
    nacks_ = last_nack_ = 0;
    last_ack_ = first_ - 1;
    if (first_ <= acked_) {
      wrong("up to " + std::to_string(acked_) + " was acked, and Welcome asks for " + std::to_string(first_));
    }
    acked_ = std::max(acked_, first_ - 1);  // what it does not ask for is durable
    if (first_ > made_.size() + 1) {
      wrong("Welcome asks for " + std::to_string(first_) + ", and only " + std::to_string(made_.size()) + " were made");
    }
  }
  if (frame.has_nack()) {
    const uint64_t seq = frame.nack().seq();
    if (seq <= last_nack_ || seq < first_) wrong("seq " + std::to_string(seq) + " is refused twice or out of order");
    if (seq > made_.size() || !made_[seq - 1].bad) wrong("seq " + std::to_string(seq) + " is refused and is good");
    last_nack_ = seq;
    ++nacks_;
  }
  if (frame.has_ack()) {
    const uint64_t seq = frame.ack().up_to_seq();
    const uint64_t taken = frame.ack().accepted() + frame.ack().rejected();
    if (seq < last_ack_ || seq > made_.size()) wrong("an ack of " + std::to_string(seq) + " is out of order");
    if (taken != seq + 1 - first_) wrong("an ack counts " + std::to_string(taken) + " up to " + std::to_string(seq));
    if (frame.ack().rejected() != nacks_ || nacks_ != refused_up_to(seq)) {
      wrong("an ack of " + std::to_string(seq) + " says that " + std::to_string(frame.ack().rejected()) +
            " were refused, " + std::to_string(nacks_) + " were named");
    }
    last_ack_ = seq;
    acked_ = std::max(acked_, seq);
  }
}

uint64_t Sender::refused_up_to(uint64_t seq) const {
  uint64_t refused = 0;
  for (uint64_t each = first_; each <= std::min<uint64_t>(seq, made_.size()); ++each) refused += made_[each - 1].bad;
  return refused;
}

}  // namespace quanzu::simulator
