#include "adapters/feed/wire.h"

namespace quanzu::feed {
namespace {

constexpr uint32_t kVarint = 0, kFixed64 = 1, kBytes = 2, kStartGroup = 3, kEndGroup = 4, kFixed32 = 5;
constexpr uint32_t kSeq = 1, kKind = 2, kAt = 3, kUnreadable = 4, kRow = 5, kFirstField = 10;
constexpr int kMaxGroupDepth = 100;           // protobuf's recursion limit
constexpr char kSignalTag = 1 << 3 | kBytes;  // ClientFrame.signal

uint64_t zigzag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}
int64_t unzigzag(uint64_t value) {
  return static_cast<int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

// Reads at most `limit` bytes; nullptr where the varint is cut or longer.
const char* read_varint(const char* p, const char* end, int limit, uint64_t& value) {
  if (p < end && static_cast<uint8_t>(*p) < 0x80) {
    value = static_cast<uint8_t>(*p);
    return p + 1;
  }
  value = 0;
  for (int i = 0; i < limit && p < end; ++i) {
    const auto byte = static_cast<uint8_t>(*p++);
    value |= static_cast<uint64_t>(byte & 0x7F) << (7 * i);
    if (byte < 0x80) return p;
  }
  return nullptr;
}

const char* read_tag(const char* p, const char* end, uint32_t& tag) {
  uint64_t value = 0;
  p = read_varint(p, end, 5, value);
  tag = static_cast<uint32_t>(value);
  return p != nullptr && tag >> 3 != 0 ? p : nullptr;
}

const char* read_bytes(const char* p, const char* end, std::string_view& value) {
  uint64_t size = 0;
  p = read_varint(p, end, 5, size);
  if (p == nullptr || size > static_cast<uint64_t>(end - p)) return nullptr;
  value = {p, static_cast<size_t>(size)};
  return p + size;
}

// A field that this release doesn't know, or one of another wire type, which protobuf treats the same.
const char* skip_field(const char* p, const char* end, uint32_t tag, int depth) {
  uint64_t number = 0;
  std::string_view bytes;
  switch (tag & 7) {
    case kVarint:
      return read_varint(p, end, 10, number);
    case kFixed64:
      return end - p < 8 ? nullptr : p + 8;
    case kBytes:
      return read_bytes(p, end, bytes);
    case kFixed32:
      return end - p < 4 ? nullptr : p + 4;
    case kStartGroup:
      break;
    default:
      return nullptr;
  }
  if (depth == kMaxGroupDepth) return nullptr;
  while (p < end) {
    uint32_t inner = 0;
    p = read_tag(p, end, inner);
    if (p == nullptr) return nullptr;
    if ((inner & 7) == kEndGroup) return inner >> 3 == tag >> 3 ? p : nullptr;
    p = skip_field(p, end, inner, depth + 1);
    if (p == nullptr) return nullptr;
  }
  return nullptr;
}

void take_number(uint32_t number, uint64_t value, SignalHead& head, Signal& signal) {
  const auto set = [&](Field field, int64_t v) {
    signal.set(field, v);
    head.present |= uint64_t{1} << static_cast<unsigned>(field);
  };
  switch (number) {
    case kSeq:
      head.seq = value;
      break;
    case kKind:
      head.kind = static_cast<uint32_t>(value);
      break;
    case kAt:
      head.at_ms = unzigzag(value);
      break;
    case kFirstField + static_cast<uint32_t>(Field::kDurationS):
      set(Field::kDurationS, static_cast<int64_t>(value));
      break;
    case kFirstField + static_cast<uint32_t>(Field::kAmountFen):
      set(Field::kAmountFen, static_cast<int64_t>(value));
      break;
    case kFirstField + static_cast<uint32_t>(Field::kForwardingSet):
      set(Field::kForwardingSet, value != 0);
      break;
    case kFirstField + static_cast<uint32_t>(Field::kRoaming):
      set(Field::kRoaming, value != 0);
      break;
    case kFirstField + static_cast<uint32_t>(Field::kIssuedAt):
      set(Field::kIssuedAt, unzigzag(value));
      break;
    default:
      break;
  }
}

void take_bytes(uint32_t number, std::string_view value, SignalHead& head, Signal& signal) {
  const uint32_t index = number - kFirstField;
  if (index < kStringFieldCount) {
    signal.set(static_cast<Field>(index), value);
    head.present |= uint64_t{1} << index;
  } else if (number == kUnreadable) {
    head.unreadable = value;
  } else if (number == kRow) {
    head.row = value;
  }
}

size_t varint_size(uint64_t value) {
  size_t size = 1;
  while (value >>= 7) ++size;
  return size;
}

}  // namespace

bool decode_signal(std::string_view message, SignalHead& head, Signal& signal) {
  head = SignalHead();
  signal.clear();
  const char* p = message.data();
  const char* const end = p + message.size();
  while (p < end) {
    uint32_t tag = 0;
    p = read_tag(p, end, tag);
    if (p == nullptr) return false;
    if ((tag & 7) == kBytes) {
      std::string_view value;
      p = read_bytes(p, end, value);
      if (p == nullptr) return false;
      take_bytes(tag >> 3, value, head, signal);
    } else if ((tag & 7) == kVarint) {
      uint64_t value = 0;
      p = read_varint(p, end, 10, value);
      if (p == nullptr) return false;
      take_number(tag >> 3, value, head, signal);
    } else {
      p = skip_field(p, end, tag, 0);
      if (p == nullptr) return false;
    }
  }
  return true;
}

Frame next_frame(std::string_view buffer, size_t max_frame) {
  uint64_t size = 0;
  const char* const begin = buffer.data();
  const char* const end = begin + buffer.size();
  const char* p = read_varint(begin, end, 5, size);
  if (p == nullptr) return {buffer.size() < 5 ? FrameStatus::kPartial : FrameStatus::kMalformed, {}, 0};
  if (size > max_frame) return {FrameStatus::kTooLong, {}, static_cast<size_t>(size)};
  const size_t head = static_cast<size_t>(p - begin);
  if (static_cast<uint64_t>(end - p) < size) return {FrameStatus::kPartial, {}, head + static_cast<size_t>(size)};
  return {FrameStatus::kComplete, {p, static_cast<size_t>(size)}, head + static_cast<size_t>(size)};
}

std::string_view sized_signal(std::string_view frame) {
  if (frame.empty() || frame[0] != kSignalTag) return {};
  const std::string_view sized = frame.substr(1);
  uint64_t size = 0;
  const char* const end = sized.data() + sized.size();
  const char* p = read_varint(sized.data(), end, 5, size);
  return p != nullptr && static_cast<uint64_t>(end - p) == size ? sized : std::string_view();
}

std::string_view unsized(std::string_view sized) {
  std::string_view message;
  read_bytes(sized.data(), sized.data() + sized.size(), message);
  return message;
}

void append_varint(std::string& out, uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

void SignalWriter::bytes(uint32_t number, std::string_view value) {
  append_varint(out_, number << 3 | kBytes);
  append_varint(out_, value.size());
  out_.append(value);
}

void SignalWriter::kind(Kind value) {
  append_varint(out_, kKind << 3 | kVarint);
  append_varint(out_, static_cast<uint64_t>(value));
}

void SignalWriter::at(Instant value) {
  append_varint(out_, kAt << 3 | kVarint);
  append_varint(out_, zigzag(to_ms(value)));
}

void SignalWriter::string(Field field, std::string_view value) {
  bytes(kFirstField + static_cast<uint32_t>(field), value);
}

void SignalWriter::number(Field field, int64_t value) {
  append_varint(out_, (kFirstField + static_cast<uint32_t>(field)) << 3 | kVarint);
  append_varint(out_, field == Field::kIssuedAt ? zigzag(value) : static_cast<uint64_t>(value));
}

void SignalWriter::unreadable(std::string_view why, std::string_view row) {
  bytes(kUnreadable, why);
  bytes(kRow, row);
}

void append_sized_signal(std::string& out, uint64_t seq, std::string_view fields) {
  append_varint(out, 1 + varint_size(seq) + fields.size());
  out.push_back(kSeq << 3 | kVarint);
  append_varint(out, seq);
  out.append(fields);
}

void append_signal_frame(std::string& out, uint64_t seq, std::string_view fields) {
  const size_t message = 1 + varint_size(seq) + fields.size();
  append_varint(out, 1 + varint_size(message) + message);
  out.push_back(kSignalTag);
  append_sized_signal(out, seq, fields);
}

}  // namespace quanzu::feed
