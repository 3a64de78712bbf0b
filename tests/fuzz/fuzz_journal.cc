// A journal block's reader on hostile bytes: the first byte chooses between the events (what is read must be written and read
// again the same), the raw part, and a packed part of either.
#include "adapters/store/journal.h"
#include "adapters/store/seal.h"

using namespace quanzu;
using namespace quanzu::store;

namespace {

void read_events(std::string_view bytes) {
  EventDecoder decoder(bytes);
  for (;;) {
    const Result<const Event*> event = decoder.next();
    if (!event) return ENSURE(!event.error().message.empty(), "an error says what is wrong");
    if (*event == nullptr) return;
    std::string written;
    append_event(**event, written);
    EventDecoder again(written);
    const Result<const Event*> same = again.next();
    ENSURE(same.has_value() && *same != nullptr, "what was read can be written");
    std::string twice;
    append_event(**same, twice);
    ENSURE(written == twice, "and comes to the same");
  }
}

void read_raw(std::string_view bytes) {
  RawDecoder decoder(bytes);
  RawBatch batch;
  Result<bool> more = decoder.next(batch);
  while (more && *more) {
    const char* end = batch.bytes.data() + batch.bytes.size();
    ENSURE(batch.bytes.empty() || (batch.bytes.data() >= bytes.data() && end <= bytes.data() + bytes.size()),
           "a batch lies in what was read");
    more = decoder.next(batch);
  }
}

// Bytes 1 and 2 say how much comes out.
void unpack(std::string_view bytes) {
  if (bytes.size() < 2) return;
  const uint64_t size = (uint64_t{static_cast<uint8_t>(bytes[0])} << 8) | static_cast<uint8_t>(bytes[1]);
  std::string part;
  if (unpack_part(bytes.substr(2), size, part)) {
    ENSURE(part.size() == size, "a part has its recorded size");
    read_events(part);
    std::string packed;
    pack_part(part, packed);
    std::string again;
    ENSURE(unpack_part(packed, size, again).has_value() && again == part, "what was packed comes out");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 3) {
    case 0:
      read_events(bytes);
      break;
    case 1:
      read_raw(bytes);
      break;
    case 2:
      unpack(bytes);
      break;
  }
  return 0;
}
