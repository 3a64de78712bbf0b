#include "adapters/feed/sender.h"

#include <fstream>

namespace quanzu::feed {
namespace {

constexpr uint64_t kRejectsNamed = 20;

class Sender {
 public:
  Sender(RowReader& rows, const SendOptions& options) : rows_(rows), options_(options), client_(io_, options.client) {
    client_.on_welcome = [this](uint64_t next_seq) { begin(next_seq); };
    client_.on_room = [this] { fill(); };
    client_.on_ack = [this](uint64_t up_to) { acked(up_to); };
    client_.on_nack = [this](const v1::Nack& nack) { nacked(nack); };
    client_.on_outage = options_.say;
    client_.on_failed = [this](Client::Failure failure, const std::string& message) {
      report_.failure = failure;
      report_.message = message;
    };
  }

  SendReport run() {
    const auto start = std::chrono::steady_clock::now();
    client_.start();
    io_.run();
    report_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return report_;
  }

 private:
  void begin(uint64_t next_seq) {
    if (!begun_) {
      begun_ = true;
      while (report_.rows + 1 < next_seq && advance()) {
      }
      if (next_seq > 1 && !ended_)
        options_.say("the server has " + std::to_string(next_seq - 1) + " of its rows already");
      if (!ended_) advance();
    }
    fill();
  }

  // The next row of the file; false at its end.
  bool advance() {
    row_ = rows_.next();
    if (row_) {
      ++report_.rows;
    } else {
      ended_ = true;
    }
    return !ended_;
  }

  void fill() {
    while (!ended_ && client_.send_fields(row_->fields)) {
      ++report_.sent;
      advance();
    }
    finish_if_done();
  }

  void acked(uint64_t up_to) {
    last_acked_ = up_to;
    if (options_.acked_log) *options_.acked_log << options_.client.stream << ' ' << up_to << std::endl;
    finish_if_done();
    options_.progress(report_);
  }

  void finish_if_done() {
    report_.acked = std::min(last_acked_, report_.rows);
    if (begun_ && ended_ && last_acked_ >= report_.rows) client_.stop();
  }

  void nacked(const v1::Nack& nack) {
    ++report_.rejected;
    if (report_.rejected <= kRejectsNamed) {
      options_.say("row " + std::to_string(nack.seq()) + " was rejected: " + nack.reason() + ": " + nack.detail());
    } else if (report_.rejected == kRejectsNamed + 1) {
      options_.say("further rejected rows are counted, and kept by the server (Feed/Rejects)");
    }
  }

  RowReader& rows_;
  const SendOptions& options_;
  boost::asio::io_context io_{1};
  Client client_;
  SendReport report_;
  std::optional<Row> row_;
  uint64_t last_acked_ = 0;
  bool begun_ = false;
  bool ended_ = false;  // all rows are read
};

}  // namespace

SendReport send_rows(RowReader& rows, const SendOptions& options) {
  return Sender(rows, options).run();
}

uint64_t last_acked(const std::string& log_path, const std::string& stream) {
  std::ifstream log(log_path);
  uint64_t last = 0;
  std::string name;
  uint64_t seq = 0;
  while (log >> name >> seq) {
    if (name == stream) last = std::max(last, seq);
  }
  return last;
}

}  // namespace quanzu::feed
