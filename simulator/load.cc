#include "simulator/load.h"

#include <bit>
#include <deque>
#include <memory>

#include "adapters/feed/event.h"
#include "simulator/texts.h"

namespace quanzu::simulator {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kOpenings[] = {"您好，", "温馨提示：", "尊敬的客户，", "【通知】",
                                          "亲，",   "各位邻居，", "老师您好，",   "提醒您："};
constexpr std::string_view kMiddles[] = {
    "您的包裹已到小区东门快递柜，请凭取件码领取，",   "本月话费账单已出，可在营业厅或掌上查询，",
    "明天上午社区医院有老年人体检，请带好医保卡，",   "孩子下午的足球课改到三号操场，请准时来接，",
    "水务公司周四检修，九点到十二点停水请提前储水，", "您预约的牙科复诊时间快到了，请提前十分钟到，",
    "楼下超市周末鸡蛋牛奶打折，会员再减，欢迎选购，", "图书馆借的书下周到期，可以在网上续借一次，"};
constexpr std::string_view kEndings[] = {"谢谢配合。编号", "如有疑问请到前台咨询。单号", "祝您生活愉快。序号",
                                         "请互相转告。记录"};

template <size_t N>
std::string_view one_of(const std::string_view (&words)[N], uint64_t chance) {
  return words[chance % N];
}

class Loader {
 public:
  explicit Loader(const LoadOptions& options) : options_(options), texts_(options), timer_(io_) {
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
      if (!made_) {
        fields_.clear();
        texts_.next(fields_);
        made_ = true;
      }
      if (!lane.client.send_fields(fields_)) {
        ++full;
        continue;
      }
      made_ = false;
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
  LoadTexts texts_;
  boost::asio::io_context io_{1};
  boost::asio::steady_timer timer_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  size_t welcomed_ = 0;
  size_t turn_ = 0;
  std::string fields_;
  bool made_ = false;
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

void LoadTexts::make_text() {
  if (random_.chance(options_.fraud_per_mille)) {
    const auto type = static_cast<FraudType>(1 + random_.below(kFraudTypeCount - 1));
    text_ = fill(random_.pick(hook_texts(type)), random_);
  } else {
    const uint64_t chance = random_.next();
    text_.assign(one_of(kOpenings, chance))
        .append(one_of(kMiddles, chance >> 8))
        .append(one_of(kEndings, chance >> 16));
  }
  text_ += std::to_string(made_);  // distinct: a repeated corpus would compress falsely well
}

void LoadTexts::next(std::string& fields) {
  feed::SignalWriter writer(fields);
  writer.kind(Kind::kSms);
  writer.string(Field::kResidentNumber, feed::synthetic_number(random_.below(options_.residents)));
  writer.string(Field::kPeerNumber, feed::synthetic_number(random_.below(1'000'000'000)));
  if (options_.texts.empty()) {
    make_text();
    writer.string(Field::kText, text_);
  } else {
    writer.string(Field::kText, options_.texts[made_ % options_.texts.size()]);
  }
  ++made_;
}

LoadReport run_load(const LoadOptions& options) {
  return Loader(options).run();
}

}  // namespace quanzu::simulator
