#include "simulator/load.h"

#include <bit>
#include <deque>
#include <memory>

#include "adapters/feed/event.h"

namespace quanzu::simulator {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kPrepared = 512 << 20;

class Loader {
 public:
  explicit Loader(const LoadOptions& options) : options_(options), signals_(options, kPrepared), timer_(io_) {
    for (uint32_t i = 0; i < options.connections; ++i) lanes_.push_back(std::make_unique<Lane>(*this, i));
  }

  LoadReport run() {
    for (const auto& lane : lanes_) lane->client.start();
    io_.run();
    report_.seconds = std::chrono::duration<double>(last_ack_ - begun_).count();
    return std::move(report_);
  }

 private:
  struct Lane {
    Lane(Loader& loader, uint32_t index) : client(loader.io_, client_options(loader.options_, index)) {
      stream = client_options(loader.options_, index).stream;
      client.on_welcome = [this, &loader](uint64_t next_seq) { loader.welcomed(*this, next_seq); };
      client.on_room = [&loader] { loader.send_what_is_due(); };
      client.on_ack = [this, &loader](uint64_t up_to) { loader.acked(*this, up_to); };
      client.on_nack = [&loader](const feed::v1::Nack&) { ++loader.report_.rejected; };
      client.on_outage = loader.options_.say;
      client.on_failed = [&loader](feed::Client::Failure failure, const std::string& message) {
        loader.failed(failure, message);
      };
    }
    static feed::ClientOptions client_options(const LoadOptions& options, uint32_t index) {
      feed::ClientOptions result = options.client;
      if (options.connections > 1) result.stream += "-" + std::to_string(index + 1);
      result.window = std::max<size_t>(1 << 20, result.window / options.connections);
      return result;
    }

    feed::Client client;
    std::string stream;
    uint64_t first_unacked = 0;         // the seq of due.front()
    std::deque<Clock::time_point> due;  // when each signal under way should have been sent
    bool welcomed = false;
  };

  void welcomed(Lane& lane, uint64_t next_seq) {
    if (lane.welcomed) return;
    lane.welcomed = true;
    lane.first_unacked = next_seq;
    if (++welcomed_ < lanes_.size()) return;
    begun_ = last_ack_ = Clock::now();
    send_what_is_due();
    if (options_.rate > 0) tick();
  }

  void tick() {
    if (report_.sent == options_.count) return;
    timer_.expires_after(std::chrono::microseconds(500));
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      send_what_is_due();
      tick();
    });
  }

  Clock::time_point due_at(uint64_t n) const {
    return begun_ + std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double>(static_cast<double>(n) / options_.rate));
  }

  void send_what_is_due() {
    if (welcomed_ < lanes_.size() || stopped_) return;
    Clock::time_point now = Clock::now();
    size_t full = 0;
    while (report_.sent < options_.count && full < lanes_.size()) {
      Clock::time_point due = now;
      if (options_.rate > 0) {
        due = due_at(report_.sent);
        if (due > now) break;
      }
      Lane& lane = *lanes_[turn_++ % lanes_.size()];
      if (!held_) held_ = signals_.next();
      if (!lane.client.send_fields(*held_)) {
        ++full;
        continue;
      }
      held_.reset();
      full = 0;
      lane.due.push_back(due);
      if (++report_.sent % 64 == 0) now = Clock::now();
    }
  }

  void acked(Lane& lane, uint64_t up_to) {
    if (!lane.welcomed) return;  // of an earlier run
    const Clock::time_point now = Clock::now();
    for (; lane.first_unacked <= up_to && !lane.due.empty(); ++lane.first_unacked) {
      const auto late = std::chrono::duration_cast<std::chrono::microseconds>(now - lane.due.front());
      report_.latency.add(static_cast<uint64_t>(std::max<int64_t>(late.count(), 0)));
      lane.due.pop_front();
      ++report_.acked;
    }
    last_ack_ = now;
    if (options_.acked_log) *options_.acked_log << lane.stream << ' ' << up_to << std::endl;
    options_.progress(report_.sent, report_.acked);
    if (report_.acked == options_.count) stop();
  }

  void failed(feed::Client::Failure failure, const std::string& message) {
    report_.failure = failure;
    report_.message = message;
    stop();
  }

  void stop() {
    stopped_ = true;
    timer_.cancel();
    for (const auto& lane : lanes_) lane->client.stop();
  }

  const LoadOptions& options_;
  LoadSignals signals_;
  boost::asio::io_context io_{1};
  boost::asio::steady_timer timer_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  size_t welcomed_ = 0;
  size_t turn_ = 0;
  std::optional<std::string_view> held_;  // made, and no window had room for it
  bool stopped_ = false;
  Clock::time_point begun_;
  Clock::time_point last_ack_;
  LoadReport report_;
};

}  // namespace

size_t LatencyHistogram::bucket_of(uint64_t value) {
  constexpr uint64_t kSteps = uint64_t{1} << kStepBits;
  if (value < kSteps) return value;
  const unsigned octave = static_cast<unsigned>(std::bit_width(value)) - kStepBits;  // 1 for [kSteps, 2 kSteps)
  return (static_cast<size_t>(octave) << kStepBits) + static_cast<size_t>((value >> (octave - 1)) - kSteps);
}

uint64_t LatencyHistogram::upper_end(size_t bucket) {
  constexpr uint64_t kSteps = uint64_t{1} << kStepBits;
  if (bucket < kSteps) return bucket;
  const unsigned octave = static_cast<unsigned>(bucket >> kStepBits);
  const uint64_t step = (bucket & (kSteps - 1)) + kSteps;
  return ((step + 1) << (octave - 1)) - 1;
}

void LatencyHistogram::add(uint64_t microseconds, uint64_t times) {
  counts_[bucket_of(microseconds)] += times;
  total_ += times;
  max_ = std::max(max_, microseconds);
}

double LatencyHistogram::quantile_ms(double q) const {
  uint64_t seen = 0;
  for (size_t bucket = 0; bucket < counts_.size(); ++bucket) {
    seen += counts_[bucket];
    if (seen > 0 && static_cast<double>(seen) >= q * static_cast<double>(total_)) {
      return static_cast<double>(std::min(upper_end(bucket), max_)) / 1000;
    }
  }
  return 0;
}

LoadSignals::LoadSignals(const LoadOptions& options, size_t max_bytes)
    : options_(options), street_(options.street), random_(options.street.seed) {
  for (uint64_t i = 0; i < options_.count && prepared_.size() < max_bytes; ++i) {
    make(prepared_);
    ends_.push_back(prepared_.size());
  }
}

std::string_view LoadSignals::next() {
  if (at_ < ends_.size()) {
    const size_t begin = at_ == 0 ? 0 : ends_[at_ - 1];
    return std::string_view(prepared_).substr(begin, ends_[at_++] - begin);
  }
  fields_.clear();
  make(fields_);
  return fields_;
}

void LoadSignals::make(std::string& fields) {
  feed::SignalWriter writer(fields);
  writer.kind(Kind::kSms);
  writer.string(Field::kResidentNumber, feed::synthetic_number(random_.below(options_.residents)));
  street_.next(message_);
  writer.string(Field::kPeerNumber, message_.peer);
  writer.string(Field::kText, options_.texts.empty() ? message_.text : options_.texts[made_ % options_.texts.size()]);
  ++made_;
}

LoadReport run_load(const LoadOptions& options) {
  return Loader(options).run();
}

}  // namespace quanzu::simulator
