// Where in a text a string of one to three bytes may begin, of a set of them: sixteen places at a time, each byte looked up by
// its two halves in tables of sixteen, as Hyperscan's Teddy does it. Immutable once sealed; any thread.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quanzu::rules {

class ShortFilter {
 public:
  static constexpr size_t kMaxSize = 3;

  void add(std::string_view string) { strings_.emplace_back(string); }
  void seal();
  bool empty() const { return strings_.empty(); }

  // marks[i / 64] has bit i % 64 set where one may begin at byte i of the text; marks holds text.size() bits, rounded up to 64,
  // the rest of which become 0.
  void mark(std::string_view text, uint64_t* marks) const;

 private:
  static constexpr size_t kBuckets = 8;
  struct Halves {  // bit b of an entry: a string of bucket b has here a byte with this half
    alignas(16) std::array<uint8_t, 16> low{};
    alignas(16) std::array<uint8_t, 16> high{};
  };

  std::vector<std::string> strings_;
  std::array<Halves, kMaxSize> at_;  // by place in the string
};

}  // namespace quanzu::rules
