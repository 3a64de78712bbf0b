// A warning instruction as an issuer writes it (预警指令), pasted by an operator: what its text says, field by field, for
// confirmation. Nothing is made up: a field that the text does not hold stays empty. Pure; any thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/event.h"

namespace quanzu::api {

enum class Confidence : uint8_t {
  kNone,  // not found
  kLow,   // guessed from words that may mean something else: look at it
  kHigh,  // behind its label, or the only one there
};
std::string_view confidence_name(Confidence confidence);  // "high"

template <class T>
struct Found {
  T value{};
  Confidence confidence = Confidence::kNone;
};

struct PastedInstruction {
  Found<std::string> upstream_id;
  Found<std::string> unit;
  Found<std::optional<Instant>> issued_at;
  Found<std::optional<Level>> level;
  Found<FraudType> fraud_type;
  Found<Number> number;
  Found<Number> peer;
  Found<std::string> action;  // the hardest that it asks for: meet, contact, feed_back, sign
  struct Deadline {
    std::string action;
    Duration within{};
  };
  std::vector<Deadline> deadlines;  // "30 分钟内见面": as the issuer set them

  // Whether anything in it looks like an instruction: a resident's number, an issuer's number or a level.
  bool is_instruction() const;
};

// `now` gives the year where the text leaves it out. Times without a zone are China's.
PastedInstruction read_instruction(std::string_view text, Instant now);

}  // namespace quanzu::api
