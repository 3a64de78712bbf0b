// docs/feed-protocol.md against the code: its bytes are what the code reads and writes, its tables name what the code names.
#include <algorithm>
#include <fstream>
#include <sstream>

#include "adapters/feed/feed.pb.h"
#include "adapters/feed/limits.h"
#include "adapters/feed/validate.h"
#include "adapters/feed/wire.h"
#include "tests/catch.h"

using namespace quanzu;
using namespace quanzu::feed;

namespace {

std::string page() {
  std::ifstream file(QUANZU_SOURCE_DIR "/docs/feed-protocol.md");
  REQUIRE(file.is_open());
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string bytes_of_hex(const std::string& hex) {
  std::string bytes;
  std::istringstream in(hex);
  for (std::string pair; in >> pair;) bytes.push_back(static_cast<char>(std::stoi(pair, nullptr, 16)));
  return bytes;
}

// The hex before the bars of the block under a heading.
std::string bytes_under(const std::string& heading) {
  std::istringstream in(page());
  std::string line, hex;
  while (std::getline(in, line) && line != heading) {
  }
  while (std::getline(in, line)) {
    const size_t bar = line.find('|');
    if (line.compare(0, 4, "    ") == 0 && bar != std::string::npos) hex += line.substr(0, bar);
    if (!hex.empty() && line.empty()) break;
  }
  REQUIRE(!hex.empty());
  return bytes_of_hex(hex);
}

// The hex that follows "The server answers `", the n-th of them.
std::string answer(int n) {
  const std::string text = page(), mark = "The server answers `";
  size_t at = text.find(mark);
  for (; n > 0; --n) at = text.find(mark, at + 1);
  REQUIRE(at != std::string::npos);
  at += mark.size();
  return bytes_of_hex(text.substr(at, text.find('`', at) - at));
}

template <class Frame>
std::string framed(const Frame& frame) {
  std::string bytes;
  append_varint(bytes, frame.ByteSizeLong());
  frame.AppendToString(&bytes);
  return bytes;
}

}  // namespace

TEST_CASE("the protocol page's Hello is what the code reads and writes", "[feed]") {
  const std::string bytes = bytes_under("#### Hello");
  const Frame frame = next_frame(bytes, Limits().frame);
  REQUIRE(frame.status == FrameStatus::kComplete);
  CHECK(frame.size == bytes.size());
  v1::ClientFrame read;
  REQUIRE(read.ParseFromArray(frame.body.data(), static_cast<int>(frame.body.size())));
  CHECK(read.hello().stream() == "sms-1");
  CHECK(read.hello().token() == "TOKEN");
  CHECK(read.hello().version() == 1);
  v1::ClientFrame written;
  written.mutable_hello()->set_stream("sms-1");
  written.mutable_hello()->set_token("TOKEN");
  written.mutable_hello()->set_version(1);
  CHECK(framed(written) == bytes);
}

TEST_CASE("the protocol page's Signal is what the code reads and writes", "[feed]") {
  const std::string bytes = bytes_under("#### Signal");
  const Frame frame = next_frame(bytes, Limits().frame);
  REQUIRE(frame.status == FrameStatus::kComplete);
  CHECK(frame.size == bytes.size());
  const std::string_view sized = sized_signal(frame.body);
  REQUIRE_FALSE(sized.empty());
  SignalHead head;
  Signal signal;
  REQUIRE(decode_signal(unsized(sized), head, signal));
  const Instant at = *parse_rfc3339("2026-11-24T02:00:00Z");
  CHECK(head.seq == 1);
  CHECK(head.at_ms == to_ms(at));
  CHECK_FALSE(validate(head, at, Limits(), signal).has_value());
  CHECK(signal.kind == Kind::kSms);
  CHECK(signal.resident.view() == "8613900001111");
  CHECK(signal.peer.view() == "85261234567");
  CHECK(signal.string(Field::kText) == "您的账户涉嫌洗钱");

  v1::ClientFrame written;
  v1::Signal& message = *written.mutable_signal();
  message.set_seq(1);
  message.set_at_ms(to_ms(at));
  message.set_resident_number("13900001111");
  message.set_peer_number("0085261234567");
  message.set_text("您的账户涉嫌洗钱");
  CHECK(framed(written) == bytes);
}

TEST_CASE("the protocol page's answers are what the code writes", "[feed]") {
  v1::ServerFrame welcome;
  welcome.mutable_welcome()->set_next_seq(1);
  welcome.mutable_welcome()->set_max_frame(static_cast<uint32_t>(Limits().frame));
  welcome.mutable_welcome()->set_schema(1);
  CHECK(framed(welcome) == answer(0));
  v1::ServerFrame ack;
  ack.mutable_ack()->set_up_to_seq(1);
  ack.mutable_ack()->set_accepted(1);
  CHECK(framed(ack) == answer(1));
}

TEST_CASE("the protocol page lists every reason of a reject", "[feed]") {
  const std::string text = page();
  for (const std::string_view name :
       {reason::kUnreadable, reason::kUnknownKind, reason::kKindNotAllowed, reason::kMissingField, reason::kWrongField,
        reason::kBadValue, reason::kBadNumber, reason::kOversize, reason::kClockAhead, reason::kTooOld}) {
    INFO(name);
    CHECK(text.find("| `" + std::string(name) + "` |") != std::string::npos);
  }
}
