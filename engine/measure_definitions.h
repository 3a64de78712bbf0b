// What each measure counts, as a table: on which side of it an exposure or an instruction stands, and the words that go
// with the figure. Counting and formulas are in engine/measures. A new measure is a new row here.
#pragma once
#include <optional>
#include <span>
#include <string_view>

#include "engine/exposure.h"
#include "engine/statistics.h"

namespace quanzu {

enum class Side : uint8_t {
  kNone,         // it says nothing to this measure
  kNumerator,    // counts in numerator and denominator
  kDenominator,  // counts in the denominator alone
  kUnsettled,    // not known yet: only in the bounds
  kImmature,
  kExcluded,  // left out, and listed with its reason
};
std::optional<Side> find_side(std::string_view name);  // "numerator", ..., but "none"

struct RatioDefinition {
  std::string_view name;
  Side (*side)(const Exposure&, Standing);  // the standing is neither excluded nor immature
  std::string_view text;
};
std::span<const RatioDefinition> ratio_definitions();

struct LoopDefinition {
  std::string_view name;
  Side (*side)(const ClosedLoop&, Instant as_of);
  std::string_view text;
};
const LoopDefinition& loop_definition();

struct TimeDefinition {
  std::string_view name;
  Wait (*wait)(const Exposure&, Instant as_of);
  double share;  // of those who wait, for whom it has happened
  std::string_view text;
};
std::span<const TimeDefinition> time_definitions();

}  // namespace quanzu
