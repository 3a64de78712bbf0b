// What a YAML scalar is: typed by the core schema of YAML 1.2, except that digits with a leading zero stay text, since
// they are codes and telephone numbers. Pure; any thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "engine/time.h"
#include "rules/lang/yaml.h"

namespace quanzu::rules {

enum class ScalarType : uint8_t { kNull, kBoolean, kNumber, kString };
struct Scalar {
  ScalarType type = ScalarType::kString;
  bool boolean = false;
  double number = 0;  // may be infinite or not a number
};
Scalar type_of(const YamlNode& node);  // of a kScalar or kNull

// Why a reader may take an unquoted scalar for something else; empty where it is plain to everybody.
std::string surprise(const YamlNode& node);

// A JSON number, whole: what a quoted text must be to count as one.
std::optional<double> json_number(std::string_view text);

// "90s", "30m", "12h", "14d", "2w". Errors: kInvalidArgument with the reason.
Result<Duration> parse_timespan(std::string_view text);

bool is_date(std::string_view text);  // YYYY-MM-DD, a day that exists

}  // namespace quanzu::rules
