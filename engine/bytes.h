// The bytes that the journal, its digest and snapshots are made of. A ByteWriter appends, a ByteReader takes the same values back in the
// same order; a ByteReader never reads past its end, and after the first fault it yields zeros until someone asks fault().
//
//   unsigned  varint: seven bits a byte, low end first, the top bit says that more follow; at most ten bytes
//   signed    zigzag (0, -1, 1, -2, ... as 0, 1, 2, 3, ...), then varint; times are milliseconds
//   bool      one byte, 0 or 1;  enumeration: one byte
//   bytes     varint length, then the bytes
//   optional  bool, then the value;  list: varint count, then the values
#pragma once
#include <array>
#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "engine/agenda.h"
#include "engine/instruction.h"
#include "engine/signal.h"
#include "engine/user.h"

namespace quanzu {

constexpr size_t count_of(Kind) {
  return kKindCount;
}
constexpr size_t count_of(FraudType) {
  return kFraudTypeCount;
}
constexpr size_t count_of(Stage) {
  return static_cast<size_t>(Stage::kTransfer) + 1;
}
constexpr size_t count_of(Level) {
  return kLevelCount;
}
constexpr size_t count_of(TaskType) {
  return kTaskTypeCount;
}
constexpr size_t count_of(TaskState) {
  return static_cast<size_t>(TaskState::kCancelled) + 1;
}
constexpr size_t count_of(CaseState) {
  return kCaseStateCount;
}
constexpr size_t count_of(InstructionState) {
  return static_cast<size_t>(InstructionState::kOverdue) + 1;
}
constexpr size_t count_of(DueKind) {
  return static_cast<size_t>(DueKind::kInstructionFeedback) + 1;
}
constexpr size_t count_of(Identity) {
  return static_cast<size_t>(Identity::kFaceToFace) + 1;
}
constexpr size_t count_of(Verdict) {
  return static_cast<size_t>(Verdict::kLoss) + 1;
}
constexpr size_t count_of(Truth) {
  return static_cast<size_t>(Truth::kUndetermined) + 1;
}
constexpr size_t count_of(Role) {
  return static_cast<size_t>(Role::kFeed) + 1;
}

class ByteWriter {
 public:
  template <class T>
  using Of = const T;  // how fields() (engine/state_fields.h) sees what it describes

  explicit ByteWriter(std::string& out) : out_(out) {}

  void byte(uint8_t value) { out_.push_back(static_cast<char>(value)); }
  void varint(uint64_t value) {
    while (value >= 0x80) {
      byte(static_cast<uint8_t>(value) | 0x80);
      value >>= 7;
    }
    byte(static_cast<uint8_t>(value));
  }
  void zigzag(int64_t value) { varint((static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63)); }

  template <class... T>
  void operator()(const T&... values) {
    (put(values), ...);
  }

 private:
  template <class T>
  void put(const T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      byte(value ? 1 : 0);
    } else if constexpr (std::is_enum_v<T>) {
      byte(static_cast<uint8_t>(value));
    } else if constexpr (std::is_unsigned_v<T>) {
      varint(value);
    } else if constexpr (std::is_signed_v<T>) {
      zigzag(value);
    } else {
      fields(*this, value);
    }
  }
  template <class Tag, class Rep>
  void put(const Strong<Tag, Rep>& value) {
    put(value.value());
  }
  void put(const Duration& value) { zigzag(value.count()); }
  void put(const Instant& value) { zigzag(to_ms(value)); }
  void put(const std::string_view& value) {
    varint(value.size());
    out_.append(value);
  }
  void put(const std::string& value) { put(std::string_view(value)); }
  void put(const Number& value) { put(value.view()); }
  template <class T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <class T>
  void put(const std::vector<T>& values) {
    put_list(values);
  }
  template <class T>
  void put(const std::deque<T>& values) {
    put_list(values);
  }
  template <class List>
  void put_list(const List& values) {
    varint(values.size());
    for (const auto& value : values) put(value);
  }

  std::string& out_;
};

class ByteReader {
 public:
  template <class T>
  using Of = T;

  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  size_t offset() const { return offset_; }
  size_t left() const { return bytes_.size() - offset_; }
  bool ok() const { return fault_ == nullptr; }
  const char* fault() const { return fault_; }  // nullptr: none; else what is wrong at offset()
  void fail_with(const char* fault) {
    if (fault_ == nullptr) fault_ = fault;
  }

  uint8_t byte() {
    if (!ok() || left() == 0) {
      fail_with("cut short");
      return 0;
    }
    return static_cast<uint8_t>(bytes_[offset_++]);
  }
  uint64_t varint() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const uint8_t next = byte();
      if (shift == 63 && next > 1) break;  // the tenth byte has one bit left
      value |= uint64_t{next & 0x7fU} << shift;
      if ((next & 0x80) == 0) return ok() ? value : 0;
    }
    fail_with("a number over 64 bits");
    return 0;
  }
  int64_t zigzag() {
    const uint64_t value = varint();
    return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
  }
  std::string_view bytes() {
    const uint64_t size = varint();
    if (!ok() || size > left()) {
      fail_with("cut short");
      return {};
    }
    const std::string_view value = bytes_.substr(offset_, size);
    offset_ += size;
    return value;
  }
  // A list's length; each element takes a byte at least, so no length can ask for more memory than the input is worth.
  size_t count() {
    const uint64_t value = varint();
    if (value > left()) {
      fail_with("a list longer than what is left");
      return 0;
    }
    return static_cast<size_t>(value);
  }

  template <class... T>
  void operator()(T&... values) {
    (get(values), ...);
  }

 private:
  template <class T>
  void get(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      const uint8_t raw = byte();
      if (raw > 1) fail_with("neither true nor false");
      value = raw == 1;
    } else if constexpr (std::is_enum_v<T>) {
      const uint8_t raw = byte();
      if (raw >= count_of(T())) fail_with("a word that this release doesn't know");
      value = ok() ? static_cast<T>(raw) : T();
    } else if constexpr (std::is_unsigned_v<T>) {
      const uint64_t raw = varint();
      value = static_cast<T>(raw);
      if (value != raw) fail_with("a number out of range");
    } else if constexpr (std::is_signed_v<T>) {
      const int64_t raw = zigzag();
      value = static_cast<T>(raw);
      if (value != raw) fail_with("a number out of range");
    } else {
      fields(*this, value);
    }
  }
  template <class Tag, class Rep>
  void get(Strong<Tag, Rep>& value) {
    Rep raw = 0;
    get(raw);
    value = Strong<Tag, Rep>(raw);
  }
  void get(Duration& value) { value = Duration(zigzag()); }
  void get(Instant& value) { value = from_ms(zigzag()); }
  void get(std::string_view& value) { value = bytes(); }
  void get(std::string& value) { value = bytes(); }
  void get(Number& value) {
    const std::string_view digits = bytes();
    if (digits.size() > Number::kMaxSize) fail_with("a number with too many digits");
    value = Number(digits);
  }
  template <class T>
  void get(std::optional<T>& value) {
    bool has = false;
    get(has);
    value.reset();
    if (has) get(value.emplace());
  }
  template <class T>
  void get(std::vector<T>& values) {
    get_list(values);
  }
  template <class T>
  void get(std::deque<T>& values) {
    get_list(values);
  }
  template <class List>
  void get_list(List& values) {
    values.clear();
    for (size_t left_over = count(); left_over > 0 && ok(); --left_over) get(values.emplace_back());
  }

  std::string_view bytes_;
  size_t offset_ = 0;
  const char* fault_ = nullptr;
};

}  // namespace quanzu
