// Strong types for ids, counts and money: no naked integer in an interface, and no id mistaken for another.
// Ids are given by the engine, from 1 and without a gap; 0 is "none".
#pragma once
#include <compare>
#include <cstdint>
#include <functional>

namespace quanzu {

template <class Tag, class Rep>
class Strong {
 public:
  using Value = Rep;
  constexpr Strong() = default;
  constexpr explicit Strong(Rep value) : value_(value) {}
  constexpr Rep value() const { return value_; }
  constexpr explicit operator bool() const { return value_ != 0; }  // 0 is "none" for every id
  friend constexpr auto operator<=>(Strong, Strong) = default;

 private:
  Rep value_ = 0;
};

using Sequence = Strong<struct SequenceTag, uint64_t>;  // of an event; 1 is the first
using StreamId = Strong<struct StreamIdTag, uint32_t>;  // a (feed, stream) pair
using ResidentId = Strong<struct ResidentIdTag, uint32_t>;
using CaseId = Strong<struct CaseIdTag, uint64_t>;
using TaskId = Strong<struct TaskIdTag, uint64_t>;
using InstructionId = Strong<struct InstructionIdTag, uint64_t>;
using OutreachId = Strong<struct OutreachIdTag, uint64_t>;
using UserId = Strong<struct UserIdTag, uint32_t>;
using RuleId = Strong<struct RuleIdTag, uint32_t>;  // a rule's (id, version), interned by the engine; 1 is the first
using PackVersion = Strong<struct PackVersionTag, uint32_t>;

// Money in fen, a hundredth of a yuan.
using Fen = Strong<struct FenTag, int64_t>;

// Risk in thousandths of a point; 10 points multiply the odds by ten (decibans).
using Millipoints = Strong<struct MillipointsTag, int32_t>;

}  // namespace quanzu

template <class Tag, class Rep>
struct std::hash<quanzu::Strong<Tag, Rep>> {
  size_t operator()(quanzu::Strong<Tag, Rep> id) const noexcept { return std::hash<Rep>()(id.value()); }
};
