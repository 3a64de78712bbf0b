// A signal that owns its bytes: made by the world, matched, and kept only where the engine will see it.
// A value of one thread at a time; begin() reuses its memory.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "engine/alert.h"
#include "engine/signal.h"

namespace quanzu::simulator {

inline constexpr std::string_view kWorldFeed = "world";

class Draft {
 public:
  void begin(Kind kind, Instant at, std::string_view resident);
  void set(Field field, std::string_view value);
  void set(Field field, int64_t value) { numbers_.push_back({field, value}); }

  Instant at() const { return at_; }
  Kind kind() const { return kind_; }
  // Borrows from the draft: as long as it neither moves nor changes.
  void view(Signal& into) const;

 private:
  struct Part {
    Field field;
    uint32_t from;
    uint32_t size;
  };
  struct Figure {
    Field field;
    int64_t value;
  };
  Kind kind_ = Kind::kSms;
  Instant at_{};
  std::string bytes_;
  std::vector<Part> parts_;
  std::vector<Figure> numbers_;
};

// A signal on its way to the engine, with the rules that hold for it and how many unmatched ones came since the last.
struct Spelled {
  Draft draft;
  std::vector<RuleIndex> rules;
  uint64_t skipped = 0;
};

// The n-th resident's number, and back.
std::string resident_number(uint32_t index);
uint32_t resident_index(const Number& canonical);

}  // namespace quanzu::simulator
