// Evidence about one resident, and the risk that it adds up to. Weights are decibans in integer thousandths and decay by
// an integer table of 2^-x, so that every machine and build gets the same score. No floating point.
#pragma once
#include <array>
#include <span>
#include <string>
#include <vector>

#include "engine/alert.h"
#include "engine/number.h"
#include "engine/playbook.h"

namespace quanzu {

struct Evidence {
  Sequence sequence;  // the event that brought it
  RuleId rule;
  FraudType fraud_type = FraudType::kNone;
  Stage stage = Stage::kHook;
  Number peer;
  Instant at{};
  Millipoints weight;  // already diminished where it repeats
  Duration half_life{};
  std::string text;  // as received; what the operator is shown
};

// weight * 2^-(elapsed/half_life), rounded down; weight where nothing elapsed or half_life is zero (no decay).
Millipoints decayed(Millipoints weight, Duration elapsed, Duration half_life);

// The k-th repeat (0 is the first) of a rule and peer inside the repeat window weighs weight/2^k.
Millipoints diminished(Millipoints weight, uint32_t repeats);

// A piece of a score: which evidence (index), and its points; whole points add up to the whole score.
struct Piece {
  uint32_t evidence = 0;
  Millipoints exact;
  int32_t points = 0;
};

struct Risk {
  FraudType fraud_type = FraudType::kNone;
  Millipoints score;           // of the largest type
  int32_t points = 0;          // shown; the pieces' points add up to it
  std::vector<Piece> pieces;   // of that type, largest first
};

// The risk at `now` from evidence: the type with the largest sum (ties: the lower type), explained by pieces rounded by
// largest remainder. Evidence of kNone counts for every type.
Risk assess(std::span<const Evidence> evidence, Instant now);

}  // namespace quanzu
