// A share of rows as the commands show it: the value with its 95% interval (Wilson), in words and in JSON; nothing of
// nothing is no share. Pure; any thread.
#pragma once
#include <boost/json.hpp>
#include <cstdint>
#include <string>

namespace quanzu::tool {

struct Share {
  double k = 0;
  double n = 0;
  bool known() const { return n > 0; }
  double value() const { return k / n; }
};

Share share(uint64_t k, uint64_t n);

boost::json::value json_of(const Share& of);
boost::json::value interval_of(const Share& of);
std::string text_of(const Share& of);  // "98.2% (97.9 to 98.5)"

}  // namespace quanzu::tool
