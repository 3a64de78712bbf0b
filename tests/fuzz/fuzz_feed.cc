// The feed's readers on hostile bytes: the first byte chooses between the frame and signal decoder (held against
// protobuf's), a whole batch through the intake, a JSON event, and a table.
#include <sstream>

#include "adapters/feed/feed.pb.h"
#include "adapters/feed/intake.h"
#include "adapters/feed/json.h"
#include "adapters/feed/rows.h"
#include "adapters/feed/wire.h"

using namespace quanzu;
using namespace quanzu::feed;

namespace {

class Sink : public Ingress {
 public:
  void open(std::string, std::string, std::shared_ptr<StreamSink>) override {}
  void close(const StreamBinding&) override {}
  bool submit(std::unique_ptr<Batch> batch) override {
    ENSURE(batch->accepted + batch->rejects.size() == batch->count, "a signal is accepted or rejected");
    for (size_t i = 0; i < batch->accepted; ++i) {
      ENSURE(batch->signals[i].kind == Kind::kReport || !batch->signals[i].resident.empty(), "a resident is known");
    }
    return true;
  }
  std::unique_ptr<Batch> take_batch() override { return std::make_unique<Batch>(); }
  Instant now() const override { return from_ms(1795485600000); }
};

void decode_like_protobuf(std::string_view bytes) {
  v1::Signal expected;
  SignalHead head;
  Signal signal;
  const bool parsed = expected.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  ENSURE(decode_signal(bytes, head, signal) == parsed, "both read it or neither does");
  if (!parsed) return;
  ENSURE(head.seq == expected.seq() && head.kind == expected.kind() && head.row == expected.row(), "the same head");
  ENSURE(signal.has(Field::kText) == expected.has_text() && signal.string(Field::kText) == expected.text(),
         "the same text");
  ENSURE(signal.number(Field::kIssuedAt) == expected.issued_at_ms(), "the same time");
}

// Frames one after another, as a connection takes them.
void take_frames(std::string_view bytes) {
  static Sink sink;
  static prometheus::Registry registry;
  static Metrics metrics(registry);
  static const Limits limits;
  Intake intake(sink, limits, metrics);
  intake.bind({}, 1);
  intake.begin(bytes.size());
  for (Frame frame = next_frame(bytes, limits.frame); frame.status == FrameStatus::kComplete && !intake.full();
       frame = next_frame(bytes, limits.frame)) {
    const std::string_view sized = sized_signal(frame.body);
    if (!sized.empty()) intake.add(sized);
    bytes.remove_prefix(frame.size);
  }
  intake.submit();
}

void read_rows(std::string_view bytes, Format format) {
  std::istringstream in{std::string(bytes)};
  RowOptions options;
  options.format = format;
  Result<RowReader> reader = RowReader::open(in, options);
  if (!reader) return;
  while (const std::optional<Row> row = reader->next()) decode_like_protobuf(row->fields);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 5) {
    case 0:
      decode_like_protobuf(bytes);
      break;
    case 1:
      take_frames(bytes);
      break;
    case 2:
      read_rows(bytes, Format::kJsonLines);
      break;
    case 3:
      read_rows(bytes, Format::kCsv);
      break;
    case 4:
      read_rows(bytes, Format::kTsv);
      break;
  }
  return 0;
}
