// The Signal message of feed.proto, read and written by hand: it is the hot path, and the views that
// decode_signal() leaves in an engine Signal spare a copy a field (docs/decisions/0001-own-feed-decoder.md has the
// figures). What protobuf's parser accepts is accepted, what it rejects is rejected;
// tests/adapters/feed_wire_test.cc holds the two together. Pure functions, any thread.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/signal.h"

namespace quanzu::feed {

// What a Signal message carries beside the engine's fields.
struct SignalHead {
  uint64_t seq = 0;
  uint32_t kind = 0;     // as received: may be none of ours
  uint64_t present = 0;  // bit f: Field f is there
  std::optional<int64_t> at_ms;
  std::optional<std::string_view> unreadable;
  std::string_view row;
};

// Fills both from the message's bytes, which the signal's views then borrow. False where protobuf would fail
// to parse. Leaves kind, at, resident and peer of the signal alone: they need judgement (validate.h).
bool decode_signal(std::string_view message, SignalHead& head, Signal& signal);

// The first frame of a buffer: a varint length and that many bytes.
enum class FrameStatus : uint8_t { kComplete, kPartial, kTooLong, kMalformed };
struct Frame {
  FrameStatus status = FrameStatus::kPartial;
  std::string_view body;  // kComplete
  size_t size = 0;        // length and body; for kTooLong the length that was announced
};
Frame next_frame(std::string_view buffer, size_t max_frame);

// The Signal message in a ClientFrame's bytes with the varint length before it, as the journal keeps it;
// empty where the frame is something else, or a signal in an unusual form (protobuf allows several), for the
// general parser.
std::string_view sized_signal(std::string_view frame);
// Without that length.
std::string_view unsized(std::string_view sized);

void append_varint(std::string& out, uint64_t value);

// Writes the fields of a Signal message, all but seq: whoever knows the stream's numbering puts that before
// them.
class SignalWriter {
 public:
  explicit SignalWriter(std::string& out) : out_(out) {}
  void kind(Kind value);
  void at(Instant value);
  void string(Field field, std::string_view value);
  void number(Field field, int64_t value);  // numbers, booleans (0, 1) and times (milliseconds)
  void unreadable(std::string_view why, std::string_view row);

 private:
  void bytes(uint32_t number, std::string_view value);
  std::string& out_;
};

// A Signal message with its length before it / a whole frame, from SignalWriter's fields and a number in the
// stream.
void append_sized_signal(std::string& out, uint64_t seq, std::string_view fields);
void append_signal_frame(std::string& out, uint64_t seq, std::string_view fields);

}  // namespace quanzu::feed
