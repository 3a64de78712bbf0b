#include "cmd/tool_share.h"

#include <cstdio>

#include "engine/statistics.h"

namespace quanzu::tool {

namespace json = boost::json;

Share share(uint64_t k, uint64_t n) {
  return {static_cast<double>(k), static_cast<double>(n)};
}

json::value json_of(const Share& of) {
  if (!of.known()) return nullptr;
  return of.value();
}

json::value interval_of(const Share& of) {
  if (!of.known()) return nullptr;
  const Interval interval = wilson(of.k, of.n);
  return json::array{interval.low, interval.high};
}

std::string text_of(const Share& of) {
  if (!of.known()) return "-";
  const Interval interval = wilson(of.k, of.n);
  char text[64];
  std::snprintf(text, sizeof text, "%.1f%% (%.1f to %.1f)", 100 * of.value(), 100 * interval.low, 100 * interval.high);
  return text;
}

}  // namespace quanzu::tool
