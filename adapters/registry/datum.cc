#include "adapters/registry/datum.h"

#include <algorithm>
#include <cmath>

namespace quanzu::registry {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kAxis = 6378245.0;                       // Krasovsky 1940, in metres
constexpr double kEccentricity = 0.00669342162296594323;  // its square
constexpr double kEarth = 6371008.8;                      // mean radius, in metres
constexpr int kRounds = 5;                                // each leaves a thousandth of the error

double degrees(int32_t units) {
  return units / kUnits;
}
int32_t units(double degrees) {
  return static_cast<int32_t>(std::lround(degrees * kUnits));
}
double radians(double degrees) {
  return degrees * kPi / 180;
}

double waves(double x, double first, double second) {
  return (20 * std::sin(6 * x * kPi) + 20 * std::sin(2 * x * kPi)) * 2 / 3 + first * 2 / 3 + second * 2 / 3;
}

// The formula's shift in its own plane, of degrees from 35 N, 105 E.
double shift_north(double x, double y) {
  const double first = 20 * std::sin(y * kPi) + 40 * std::sin(y / 3 * kPi);
  const double second = 160 * std::sin(y / 12 * kPi) + 320 * std::sin(y * kPi / 30);
  return -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * std::sqrt(std::abs(x)) + waves(x, first, second);
}
double shift_east(double x, double y) {
  const double first = 20 * std::sin(x * kPi) + 40 * std::sin(x / 3 * kPi);
  const double second = 150 * std::sin(x / 12 * kPi) + 300 * std::sin(x / 30 * kPi);
  return 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * std::sqrt(std::abs(x)) + waves(x, first, second);
}

}  // namespace

bool is_shifted(Point point) {
  const double lat = degrees(point.lat);
  const double lon = degrees(point.lon);
  return lon >= 72.004 && lon <= 137.8347 && lat >= 0.8293 && lat <= 55.8271;
}

Point gcj02_of(Point wgs84) {
  if (!is_shifted(wgs84)) return wgs84;
  const double lat = degrees(wgs84.lat);
  const double x = degrees(wgs84.lon) - 105;
  const double y = lat - 35;
  const double sine = std::sin(radians(lat));
  const double magic = 1 - kEccentricity * sine * sine;
  const double north = kAxis * (1 - kEccentricity) / (magic * std::sqrt(magic));
  const double east = kAxis / std::sqrt(magic) * std::cos(radians(lat));
  return {wgs84.lat + units(shift_north(x, y) * 180 / (north * kPi)),
          wgs84.lon + units(shift_east(x, y) * 180 / (east * kPi))};
}

Point wgs84_of(Point gcj02) {
  Point guess = gcj02;
  for (int round = 0; round < kRounds; ++round) {
    const Point back = gcj02_of(guess);
    guess = {guess.lat + (gcj02.lat - back.lat), guess.lon + (gcj02.lon - back.lon)};
  }
  return guess;
}

double metres_between(Point a, Point b) {
  const double lat_a = radians(degrees(a.lat));
  const double lat_b = radians(degrees(b.lat));
  const double half_lat = std::sin((lat_b - lat_a) / 2);
  const double half_lon = std::sin(radians(degrees(b.lon) - degrees(a.lon)) / 2);
  const double chord = half_lat * half_lat + std::cos(lat_a) * std::cos(lat_b) * half_lon * half_lon;
  return 2 * kEarth * std::asin(std::min(1.0, std::sqrt(chord)));
}

}  // namespace quanzu::registry
