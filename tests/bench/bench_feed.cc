// Reading one signal of workload street-1: our decoder against protobuf's ParseFromArray into a reused message, then all
// that an io thread does with it (frame, copy, decode, UTF-8, judgement). `ns` is per signal, one core.
#include <benchmark/benchmark.h>

#include "adapters/feed/event.h"
#include "adapters/feed/feed.pb.h"
#include "adapters/feed/intake.h"
#include "adapters/feed/wire.h"
#include "rules/text/utf8.h"
#include "simulator/street.h"

namespace {

using namespace quanzu;
using namespace quanzu::feed;

constexpr size_t kSignals = 1 << 16;  // 12 MB: more than the caches hold, as a feed's are

struct Workload {
  std::vector<std::string> messages;
  std::string frames;
  std::vector<std::string> texts;
};

const Workload& workload() {
  static const Workload made = [] {
    Workload out;
    simulator::Street street({.seed = 1, .rules = 1000, .planted_per_mille = 20});
    simulator::StreetMessage message;
    for (size_t i = 0; i < kSignals; ++i) {
      street.next(message);
      std::string fields;
      SignalWriter writer(fields);
      writer.kind(Kind::kSms);
      writer.at(from_ms(1795485600000 + static_cast<int64_t>(i)));
      writer.string(Field::kResidentNumber, synthetic_number(i * 7919));
      writer.string(Field::kPeerNumber, message.peer);
      writer.string(Field::kText, message.text);
      std::string sized;
      append_sized_signal(sized, i + 1, fields);
      out.messages.emplace_back(unsized(sized));
      append_signal_frame(out.frames, i + 1, fields);
      out.texts.push_back(message.text);
    }
    return out;
  }();
  return made;
}

void per_signal(benchmark::State& state) {
  state.counters["ns"] =
      benchmark::Counter(1e-9 * static_cast<double>(kSignals),
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void BM_decode_signal(benchmark::State& state) {
  const Workload& work = workload();
  SignalHead head;
  Signal signal;
  for (auto _ : state) {
    for (const std::string& message : work.messages) {
      benchmark::DoNotOptimize(decode_signal(message, head, signal));
      benchmark::DoNotOptimize(signal.string(Field::kText).data());
    }
  }
  per_signal(state);
}
BENCHMARK(BM_decode_signal)->Unit(benchmark::kMillisecond);

void BM_protobuf_ParseFromArray(benchmark::State& state) {
  const Workload& work = workload();
  v1::Signal message;
  for (auto _ : state) {
    for (const std::string& bytes : work.messages) {
      benchmark::DoNotOptimize(message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
      benchmark::DoNotOptimize(message.text().data());
    }
  }
  per_signal(state);
}
BENCHMARK(BM_protobuf_ParseFromArray)->Unit(benchmark::kMillisecond);

void BM_find_invalid_utf8(benchmark::State& state) {
  const Workload& work = workload();
  for (auto _ : state) {
    for (const std::string& text : work.texts) benchmark::DoNotOptimize(rules::find_invalid_utf8(text));
  }
  per_signal(state);
}
BENCHMARK(BM_find_invalid_utf8)->Unit(benchmark::kMillisecond);

// Takes each batch back at once, as the runtime's pool does.
class Pool : public Ingress {
 public:
  void open(std::string, std::string, std::shared_ptr<StreamSink>) override {}
  void close(const StreamBinding&) override {}
  bool submit(std::unique_ptr<Batch> batch) override {
    accepted += batch->accepted;
    batch_ = std::move(batch);
    return true;
  }
  std::unique_ptr<Batch> take_batch() override { return batch_ ? std::move(batch_) : std::make_unique<Batch>(); }
  Instant now() const override { return from_ms(1795485600000); }
  uint64_t accepted = 0;

 private:
  std::unique_ptr<Batch> batch_;
};

void BM_intake(benchmark::State& state) {
  const Workload& work = workload();
  Pool pool;
  prometheus::Registry registry;
  Metrics metrics(registry);
  const Limits limits;
  std::vector<std::string_view> frames;
  for (auto _ : state) {
    Intake intake(pool, limits, metrics);
    intake.bind({}, 1);
    std::string_view rest = work.frames;
    while (!rest.empty()) {
      frames.clear();
      size_t bytes = 0;
      while (frames.size() < Batch::kMaxSignals && bytes < rest.size()) {
        const Frame frame = next_frame(rest.substr(bytes), limits.frame);
        frames.push_back(frame.body);
        bytes += frame.size;
      }
      intake.begin(bytes);
      for (const std::string_view frame : frames) intake.add(sized_signal(frame));
      intake.submit();
      rest.remove_prefix(bytes);
    }
  }
  ENSURE(pool.accepted == kSignals * static_cast<uint64_t>(state.iterations()), "every signal of the workload is good");
  per_signal(state);
}
BENCHMARK(BM_intake)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
