// A fixed set of names, each with a number, that JSON keys are looked up in: one probe tells that nobody asks for a key.
// Immutable once filled; any thread.
#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace quanzu::rules {

class KeyTable {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  // The name's number: the next one where it is new.
  uint32_t intern(std::string_view name) {
    const uint32_t known = find(name);
    if (known != kNone) return known;
    names_.emplace_back(name);
    if (slots_.size() < names_.size() * 4) grow();
    place(static_cast<uint32_t>(names_.size()) - 1);
    return static_cast<uint32_t>(names_.size()) - 1;
  }

  uint32_t find(std::string_view name) const {
    if (slots_.empty()) return kNone;
    for (size_t i = hash(name) & (slots_.size() - 1);; i = (i + 1) & (slots_.size() - 1)) {
      const uint32_t at = slots_[i];
      if (at == kNone || names_[at] == name) return at;
    }
  }

  size_t size() const { return names_.size(); }
  const std::string& name(uint32_t number) const { return names_[number]; }

 private:
  // Its length, its first and its last eight bytes: names that differ in their middle alone are few.
  static size_t hash(std::string_view name) {
    uint64_t first = 0, last = 0;
    const size_t size = name.size();
    if (size >= 8) {
      std::memcpy(&first, name.data(), 8);
      std::memcpy(&last, name.data() + size - 8, 8);
    } else if (size >= 4) {
      std::memcpy(&first, name.data(), 4);
      std::memcpy(&last, name.data() + size - 4, 4);
    } else if (size > 0) {
      first = static_cast<uint8_t>(name[0]);
      last = static_cast<uint64_t>(static_cast<uint8_t>(name[size / 2])) << 8 | static_cast<uint8_t>(name[size - 1]);
    }
    uint64_t mixed = (first ^ (last << 29 | last >> 35) ^ size) * 0x9E3779B97F4A7C15U;
    return mixed ^ (mixed >> 32);
  }

  void grow() {
    slots_.assign(slots_.empty() ? 64 : slots_.size() * 2, kNone);
    for (uint32_t at = 0; at + 1 < names_.size(); ++at) place(at);
  }
  void place(uint32_t at) {
    size_t i = hash(names_[at]) & (slots_.size() - 1);
    while (slots_[i] != kNone) i = (i + 1) & (slots_.size() - 1);
    slots_[i] = at;
  }

  std::vector<std::string> names_;
  std::vector<uint32_t> slots_;  // a power of two; open addressing, at most a quarter full
};

}  // namespace quanzu::rules
