// A live pack's correlations as the journal has them, on hostile bytes: they are refused, or read, written again the same,
// and run. A journal may be damaged; a replay must say so, not fall over.
#include "rules/correlate/correlator.h"

using namespace quanzu;
using namespace quanzu::rules;

namespace {

void run(const std::string& text) {
  Correlator correlator;
  std::vector<Alert> alerts;
  const auto apply = [&](Instant now, EventBody body) {
    ENSURE(correlator.apply(Event{Sequence(1), now, std::move(body)}, alerts).has_value(), "what was read goes live");
  };
  apply(from_ms(0), Genesis{"00", {1, 2}});
  apply(from_ms(0), PackLive{PackVersion(1), "hash", {}, text, {}});
  const std::vector<RuleIndex> rules = {0, 1, 2, 3};
  for (int at = 1; at <= 4; ++at) {
    Signal signal;
    signal.at = from_ms(at * 60'000);
    signal.peer = Number("8526");
    signal.set(Field::kAmountFen, int64_t{at} * 100);
    const MatchedSignal matched{1, &signal, rules};
    SignalBatch batch;
    batch.stream = StreamId(1);
    batch.first_seq = static_cast<uint64_t>(at);
    batch.count = 1;
    batch.latest_at = signal.at;
    batch.pack = PackVersion(1);
    batch.signals = {&matched, 1};
    apply(signal.at, batch);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Result<Definitions> read = definitions_from({reinterpret_cast<const char*>(data), size});
  if (!read) {
    ENSURE(!read.error().message.empty(), "a refusal says why");
    return 0;
  }
  const std::string text = to_text(*read);
  const Result<Definitions> again = definitions_from(text);
  ENSURE(again.has_value() && to_text(*again) == text, "what is written is read again");
  run(text);
  return 0;
}
