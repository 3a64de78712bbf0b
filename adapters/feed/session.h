// One feed connection: Hello, Welcome, then signals in and acks out (docs/feed-protocol.md). Lives on one io
// thread; what the committer's thread says through StreamSink is posted there. Keeps itself alive while
// anything is under way.
//
//   greeting --Hello--> opening --on_open--> streaming --end of input--> draining --all acked--> leaving
//   any state --error, fence, stop--> leaving (Goodbye, then the socket closes)
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/accounts/directory.h"
#include "adapters/feed/connection.h"
#include "adapters/feed/intake.h"
#include "adapters/feed/outbox.h"

namespace quanzu::feed {

namespace v1 {
class ClientFrame;
class Hello;
class ServerFrame;
}  // namespace v1

// What every session shares. Outlives them all: io threads stop before it goes.
struct Environment {
  Ingress& ingress;
  std::function<std::shared_ptr<const accounts::Directory>()> directory;  // any thread
  Limits limits;
  Metrics& metrics;
};

class Session final : public StreamSink, public std::enable_shared_from_this<Session> {
 public:
  Session(std::unique_ptr<Connection> connection, const Environment& environment, std::function<void()> on_closed);
  ~Session() override;

  void start();  // on the io thread
  // Any thread: Goodbye and close. `code` must be static.
  void stop(std::string reason, std::string_view code = "stopped");
  boost::asio::any_io_executor executor() { return connection_->executor(); }

  void on_open(StreamBinding binding, uint64_t next_seq) override;
  void on_refused(Error error) override;
  void on_committed(uint64_t up_to_seq, uint64_t accepted, uint64_t rejected, std::vector<NackNotice> nacks) override;
  void on_fenced(std::string reason) override;
  void on_room() override;

 private:
  enum class State : uint8_t { kGreeting, kOpening, kStreaming, kDraining, kLeaving, kClosed };

  // Input: consume() takes what lies in the buffer as far as the state allows, then read() asks for more.
  void pump();
  void read();
  void on_read(const boost::system::error_code& error, size_t size);
  void on_end_of_input();
  bool consume();  // false: nothing more to take now
  bool scan();     // the whole frames at hand into frames_
  void take_signals();
  bool take_frame(std::string_view frame);
  bool take_signal(std::string_view sized);
  bool take_control(std::string_view frame);
  void greet(const v1::Hello& hello);
  bool paused() const;

  // Output: add to outbox_, then flush().
  void flush();
  void on_written(const boost::system::error_code& error);

  // The end. goodbye() says why; drop() says nothing since nobody reads.
  void goodbye(std::string_view why, std::string reason);
  void leave_stream();
  void finish_if_drained();
  void shut();
  void drop(std::string_view why);
  void close();
  void watch();  // silence and slow readers
  void on_watch();

  template <class F>
  void post(F handler);

  const std::unique_ptr<Connection> connection_;
  const Environment& environment_;
  std::function<void()> on_closed_;
  State state_ = State::kGreeting;
  Intake intake_;
  std::string stream_;  // for messages

  std::vector<char> buffer_;
  size_t begin_ = 0;  // buffer_[begin_, end_) is not taken yet
  size_t end_ = 0;
  std::vector<std::string_view> frames_;
  size_t frames_size_ = 0;  // bytes of frames_ with their lengths
  std::string farewell_;    // why frames_ ends early: said once the frames before are submitted
  std::string_view farewell_why_;
  bool reading_ = false;
  bool ended_ = false;       // the peer sends no more
  bool await_room_ = false;  // submit() said full

  Outbox outbox_;
  bool shut_ = false;
  bool heard_ = true;  // since the last watch
  int silent_watches_ = 0;
  int stuck_watches_ = 0;  // of a write under way
};

}  // namespace quanzu::feed
