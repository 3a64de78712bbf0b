// Points of the registry, and the two datums that Chinese maps are drawn in: WGS-84, which we keep, and GCJ-02, which is WGS-84
// shifted by some hundred metres by a published formula and must be converted. Pure; any thread.
#pragma once
#include <cstdint>
#include <string_view>

namespace quanzu::registry {

// Ten-millionths of a degree, about a centimetre.
struct Point {
  int32_t lat = 0;
  int32_t lon = 0;
  friend bool operator==(const Point&, const Point&) = default;
};
constexpr double kUnits = 1e7;

enum class Datum : uint8_t { kWgs84, kGcj02 };
constexpr std::string_view datum_name(Datum datum) {
  return datum == Datum::kWgs84 ? "wgs84" : "gcj02";
}

// Where GCJ-02 is shifted at all: a box around China.
bool is_shifted(Point point);
Point gcj02_of(Point wgs84);
Point wgs84_of(Point gcj02);  // to a unit

double metres_between(Point a, Point b);

}  // namespace quanzu::registry
