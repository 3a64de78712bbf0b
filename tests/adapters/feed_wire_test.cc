// The hand-written reader and writer of the Signal message against protobuf's own.
#include <random>

#include "adapters/feed/feed.pb.h"
#include "adapters/feed/wire.h"
#include "tests/catch.h"

using namespace quanzu;
using namespace quanzu::feed;

namespace {

constexpr int kFirst = 10;

// Field by field through protobuf's reflection, so that a field of the .proto which the reader forgets is found.
void check_equal(const v1::Signal& expected, const SignalHead& head, const Signal& signal) {
  CHECK(head.seq == expected.seq());
  CHECK(head.kind == expected.kind());
  CHECK(head.at_ms.has_value() == expected.has_at_ms());
  CHECK(head.at_ms.value_or(0) == expected.at_ms());
  CHECK(head.unreadable.has_value() == expected.has_unreadable());
  CHECK(head.unreadable.value_or("") == expected.unreadable());
  CHECK(head.row == expected.row());
  const auto* descriptor = v1::Signal::descriptor();
  const auto* reflection = v1::Signal::GetReflection();
  for (size_t i = 0; i < kFieldCount; ++i) {
    const auto* field = descriptor->FindFieldByNumber(kFirst + static_cast<int>(i));
    REQUIRE(field != nullptr);
    INFO(field->name());
    const auto f = static_cast<Field>(i);
    const bool has = reflection->HasField(expected, field);
    CHECK(signal.has(f) == has);
    CHECK(((head.present >> i) & 1) == has);
    if (!has) continue;
    if (i < kStringFieldCount) {
      CHECK(signal.string(f) == reflection->GetString(expected, field));
    } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_BOOL) {
      CHECK(signal.number(f) == reflection->GetBool(expected, field));
    } else {
      CHECK(signal.number(f) == reflection->GetInt64(expected, field));
    }
  }
}

void check_same_as_protobuf(const std::string& bytes) {
  v1::Signal expected;
  SignalHead head;
  Signal signal;
  const bool parsed = expected.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  INFO("bytes " << Catch::StringMaker<std::string>::convert(bytes));
  REQUIRE(decode_signal(bytes, head, signal) == parsed);
  if (parsed) check_equal(expected, head, signal);
}

v1::Signal random_signal(std::mt19937_64& random) {
  v1::Signal message;
  const auto* descriptor = v1::Signal::descriptor();
  const auto* reflection = v1::Signal::GetReflection();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const auto* field = descriptor->field(i);
    if (random() % 2) continue;
    const uint64_t value = random() >> (random() % 64);
    switch (field->cpp_type()) {
      case google::protobuf::FieldDescriptor::CPPTYPE_UINT64:
        reflection->SetUInt64(&message, field, value);
        break;
      case google::protobuf::FieldDescriptor::CPPTYPE_UINT32:
        reflection->SetUInt32(&message, field, static_cast<uint32_t>(value));
        break;
      case google::protobuf::FieldDescriptor::CPPTYPE_INT64:
        reflection->SetInt64(&message, field, static_cast<int64_t>(random() % 2 ? value : ~value));
        break;
      case google::protobuf::FieldDescriptor::CPPTYPE_BOOL:
        reflection->SetBool(&message, field, value % 2);
        break;
      default: {
        std::string text(random() % 200, '\0');
        for (char& c : text) c = static_cast<char>(random());
        reflection->SetString(&message, field, text);
      }
    }
  }
  return message;
}

}  // namespace

TEST_CASE("wire: every field of the engine has its number in feed.proto, and no other", "[feed]") {
  const auto* descriptor = v1::Signal::descriptor();
  for (const FieldInfo& info : field_table()) {
    const auto* field = descriptor->FindFieldByNumber(kFirst + static_cast<int>(info.field));
    REQUIRE(field != nullptr);
    std::string name(info.name);
    std::replace(name.begin(), name.end(), '.', '_');
    if (info.type == FieldType::kTime) name += "_ms";
    CHECK(field->name() == name);
  }
  CHECK(descriptor->FindFieldByNumber(kFirst + static_cast<int>(kFieldCount)) == nullptr);
}

TEST_CASE("wire: a message that protobuf wrote reads the same", "[feed]") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 1000; ++i) {
    const v1::Signal message = random_signal(random);
    const std::string bytes = message.SerializeAsString();
    SignalHead head;
    Signal signal;
    REQUIRE(decode_signal(bytes, head, signal));
    check_equal(message, head, signal);
  }
}

TEST_CASE("wire: bytes that are changed, cut or joined are read or refused as protobuf does", "[feed]") {
  std::mt19937_64 random(20261124);
  for (int i = 0; i < 3000; ++i) {
    std::string bytes = random_signal(random).SerializeAsString();
    for (uint64_t changes = random() % 4; changes > 0 && !bytes.empty(); --changes) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    if (random() % 4 == 0) bytes.resize(bytes.size() - std::min<size_t>(bytes.size(), random() % 8));
    if (random() % 4 == 0) bytes += random_signal(random).SerializeAsString();
    check_same_as_protobuf(bytes);
  }
}

TEST_CASE("wire: short random bytes are read or refused as protobuf does", "[feed]") {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20000; ++i) {
    std::string bytes(random() % 12, '\0');
    for (char& c : bytes) c = static_cast<char>(random() % 4 ? random() % 64 : random());
    check_same_as_protobuf(bytes);
  }
}

TEST_CASE("wire: the corners of the encoding are read or refused as protobuf does", "[feed]") {
  const std::vector<std::string> corners = {
      "",
      std::string("\x00", 1),  // tag 0
      std::string("\x00\x00", 2),
      std::string("\x02\x00", 2),                          // field number 0
      std::string("\x08", 1),                              // no value
      "\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01",      // seq 2^64 - 1
      "\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F",      // ten bytes, bits beyond
      "\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01",  // eleven
      "\x10\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01",      // a uint32 that is too long is cut
      std::string("\x88\x80\x80\x80\x00\x05", 6),          // a long form of tag 1
      std::string("\x88\x80\x80\x80\x80\x00\x05", 7),      // six bytes of tag
      std::string("\x62\x80\x80\x80\x80\x00", 6),          // a long form of length 0
      std::string("\x62\x80\x80\x80\x80\x80\x00", 7),
      "\x62\x05"
      "abc",                           // longer than what is left
      "\x62\xFF\xFF\xFF\xFF\x0F",      // length 2^32 - 1
      std::string("\x60\x05", 2),      // text as a number: unknown, skipped
      std::string("\x0A\x01z", 3),     // seq as bytes: skipped
      std::string("\x09zzzzzzzz", 9),  // seq as fixed64: skipped
      std::string("\x0Dzzzz", 5),
      std::string("\x0Dzzz", 4),
      "\x0E",  // wire type 6
      "\x0F",
      "\x0C",      // the end of no group
      "\x0B\x0C",  // an empty group
      "\x0B\x14",  // closed by another
      "\x0B",      // never closed
      std::string("\x0B\x00\x0C", 3),
      std::string(100, '\x0B') + std::string(100, '\x0C'),
      std::string(101, '\x0B') + std::string(101, '\x0C'),
      std::string("\x62\x01"
                  "a"
                  "\x62\x01"
                  "b",
                  6),                                      // the last one stands
      "\xC8\x02\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01",  // issued_at_ms, the least
  };
  for (const std::string& corner : corners) check_same_as_protobuf(corner);
}

TEST_CASE("wire: what SignalWriter writes, protobuf reads", "[feed]") {
  std::string fields;
  SignalWriter writer(fields);
  writer.kind(Kind::kCall);
  writer.at(from_ms(-5));
  writer.string(Field::kText, "转账");
  writer.number(Field::kDurationS, 61);
  writer.number(Field::kAmountFen, -1);
  writer.number(Field::kRoaming, 1);
  writer.number(Field::kIssuedAt, -7);
  std::string frame;
  append_signal_frame(frame, 300, fields);
  const Frame whole = next_frame(frame, 1000);
  REQUIRE(whole.status == FrameStatus::kComplete);
  CHECK(whole.size == frame.size());
  v1::ClientFrame message;
  REQUIRE(message.ParseFromArray(whole.body.data(), static_cast<int>(whole.body.size())));
  REQUIRE(message.has_signal());
  const v1::Signal& signal = message.signal();
  CHECK(signal.seq() == 300);
  CHECK(signal.kind() == 1);
  CHECK(signal.at_ms() == -5);
  CHECK(signal.text() == "转账");
  CHECK(signal.duration_s() == 61);
  CHECK(signal.amount_fen() == -1);
  CHECK(signal.roaming());
  CHECK(signal.issued_at_ms() == -7);
  CHECK(unsized(sized_signal(whole.body)) == signal.SerializeAsString());
}

TEST_CASE("wire: frames are told apart from cut, long and broken ones", "[feed]") {
  const auto status = [](std::string_view bytes) { return next_frame(bytes, 300).status; };
  CHECK(status("") == FrameStatus::kPartial);
  CHECK(status("\xAC") == FrameStatus::kPartial);
  CHECK(status("\x03"
               "ab") == FrameStatus::kPartial);
  CHECK(status("\x03"
               "abc") == FrameStatus::kComplete);
  CHECK(status("\xAC\x02") == FrameStatus::kPartial);  // 300
  CHECK(status("\xAD\x02") == FrameStatus::kTooLong);  // 301
  CHECK(status("\xFF\xFF\xFF\xFF") == FrameStatus::kPartial);
  CHECK(status("\xFF\xFF\xFF\xFF\xFF") == FrameStatus::kMalformed);
  CHECK(next_frame("\x03"
                   "abcdef",
                   300)
            .body == "abc");
  CHECK(next_frame("\x03"
                   "abcdef",
                   300)
            .size == 4);
}

TEST_CASE("wire: only the usual form of a signal frame is taken without the general parser", "[feed]") {
  CHECK(sized_signal(std::string_view("\x0A\x02\x08\x01", 4)) == std::string_view("\x02\x08\x01", 3));
  CHECK(sized_signal(std::string_view("\x0A\x02\x08\x01\x0A\x00", 6)).empty());
  CHECK(sized_signal(std::string_view("\x0A\x03\x08\x01", 4)).empty());
  CHECK(sized_signal(std::string_view("\x12\x00", 2)).empty());
  CHECK(sized_signal("").empty());
}
