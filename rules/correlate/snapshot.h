// Correlation's state as bytes, and back. Numbers are varints (zigzag where they are signed), hashes eight bytes a word with
// the low end first; texts and lists come behind their length. A reader never reads past its end, yields zeros after the
// first fault, and lets no number through that what follows could not add up. One thread.
#pragma once
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "rules/correlate/decimal.h"
#include "rules/correlate/groups.h"

namespace quanzu::rules {

class StateWriter {
 public:
  explicit StateWriter(std::string& out) : out_(out) {}

  template <class T>
  requires(std::is_integral_v<T>) void number(T value) {
    if constexpr (std::is_signed_v<T>) {
      varint((static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(int64_t{value} >> 63));
    } else {
      varint(value);
    }
  }
  void time(Ms at) { number(at); }
  void hash(const Fingerprint& value) {
    for (uint64_t word : value) {
      for (int byte = 0; byte < 8; ++byte) out_.push_back(static_cast<char>(word >> (8 * byte)));
    }
  }
  void text(std::string_view value) {
    varint(value.size());
    out_ += value;
  }
  void count(size_t value) { varint(value); }
  void units(Int128 value) {
    number(static_cast<int64_t>(value >> 64));
    number(static_cast<uint64_t>(value));
  }

 private:
  void varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_.push_back(static_cast<char>(value | 0x80));
    out_.push_back(static_cast<char>(value));
  }

  std::string& out_;
};

class StateReader {
 public:
  explicit StateReader(std::string_view in) : in_(in) {}

  bool ok() const { return ok_; }
  bool at_end() const { return in_.empty(); }
  size_t left() const { return in_.size(); }
  // What must be so of a sound state.
  void require(bool holds) { ok_ = ok_ && holds; }
  template <class T>
  requires(std::is_integral_v<T>) void number(T& value) {
    const uint64_t raw = varint();
    if constexpr (std::is_signed_v<T>) {
      const int64_t wide = static_cast<int64_t>(raw >> 1) ^ -static_cast<int64_t>(raw & 1);
      value = static_cast<T>(wide);
      require(value == wide);
    } else {
      value = static_cast<T>(raw);
      require(static_cast<uint64_t>(value) == raw);
    }
  }
  // Far enough from the ends of what an Ms holds that a timespan can be added.
  void time(Ms& at) {
    number(at);
    require(at >= -kForever && at <= kForever);
    if (!ok_) at = 0;
  }
  void hash(Fingerprint& value) {
    require(in_.size() >= sizeof value);
    for (uint64_t& word : value) {
      word = 0;
      for (int byte = 0; ok_ && byte < 8; ++byte) word |= uint64_t{static_cast<unsigned char>(next())} << (8 * byte);
    }
  }
  void text(std::string& value) {
    const size_t size = count();
    value = in_.substr(0, size);
    in_.remove_prefix(size);
  }
  // Of a sum: what a billion numbers add up to, and room for as many again.
  void units(Int128& value) {
    int64_t high = 0;
    uint64_t low = 0;
    number(high);
    number(low);
    value = static_cast<Int128>((static_cast<UInt128>(static_cast<uint64_t>(high)) << 64) | low);
    require(high >= -kMostHigh && high <= kMostHigh);
    if (!ok_) value = 0;
  }
  // Each element takes a byte at least, so no length asks for more memory than the input is worth.
  size_t count() {
    const uint64_t size = varint();
    require(size <= in_.size());
    return ok_ ? static_cast<size_t>(size) : 0;
  }

 private:
  char next() {
    const char byte = in_.front();
    in_.remove_prefix(1);
    return byte;
  }
  uint64_t varint() {
    uint64_t value = 0;
    for (unsigned shift = 0; ok_ && shift < 64; shift += 7) {
      if (in_.empty()) break;
      const auto byte = static_cast<unsigned char>(next());
      if (shift == 63 && byte > 1) break;  // the tenth byte has one bit left
      value |= uint64_t{byte & 0x7fU} << shift;
      if ((byte & 0x80U) == 0) return value;
    }
    ok_ = false;
    return 0;
  }

  static constexpr int64_t kMostHigh = int64_t{1} << 58;  // times 2^64: 5 * 10^36

  std::string_view in_;
  bool ok_ = true;
};

}  // namespace quanzu::rules
