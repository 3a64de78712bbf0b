// A feed's client that does what clients do to a server: leaves in the middle of a frame, comes back without saying goodbye,
// sends again what it has sent, counts wrongly. It keeps what it has made until it is acked, and holds the server to every ack:
// what was acked is never asked for again, and what was refused was named. One thread.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "simulator/faults/judge.h"
#include "simulator/faults/link.h"
#include "simulator/faults/traffic.h"

namespace quanzu::feed::v1 {
class ServerFrame;
}

namespace quanzu::simulator {

class Sender {
 public:
  // Null where no server listens.
  using Connect = std::function<std::shared_ptr<Link>()>;

  Sender(std::string stream, std::string token, Random random, Judge& judge);

  void make(Instant at) { made_.push_back(make_fault_signal(random_, at)); }
  // Something that a client does, by chance.
  void act(const Connect& connect);
  // What a good client does.
  void go_on(const Connect& connect);
  // Reads what has come.
  void read();
  bool done() const { return acked_ == made_.size(); }

  const std::string& stream() const { return stream_; }
  const std::vector<FaultSignal>& made() const { return made_; }
  uint64_t acked() const { return acked_; }  // ever
  // The disk lied: what it was told of these may be gone.
  void forget_acks_after(uint64_t seq) { acked_ = std::min(acked_, seq); }

 private:
  void open(const Connect& connect);
  void leave();
  void send(uint64_t count);
  void send_frame(uint64_t seq);
  void misbehave();
  void take(const feed::v1::ServerFrame& frame);
  void wrong(const std::string& what) { judge_.wrong("stream " + stream_ + ": " + what); }
  uint64_t refused_up_to(uint64_t seq) const;  // of this connection

  const std::string stream_;
  const std::string token_;
  Random random_;
  Judge& judge_;
  std::vector<FaultSignal> made_;  // by seq - 1
  uint64_t acked_ = 0;

  std::shared_ptr<Link> link_;
  std::string heard_;
  bool welcome_ = false;
  uint64_t first_ = 1;  // Welcome.next_seq
  uint64_t next_ = 1;   // to send
  uint64_t nacks_ = 0;  // since Welcome
  uint64_t last_nack_ = 0;
  uint64_t last_ack_ = 0;
};

}  // namespace quanzu::simulator
