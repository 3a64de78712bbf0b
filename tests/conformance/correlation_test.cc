// The vectors of tests/conformance/correlation: each a line that says why. A file's first line gives what its
// correlations share; "c" changes that, "correlations" replaces it.
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>

#include "tests/catch.h"
#include "tests/conformance/correlation_support.h"

namespace quanzu::rules {
namespace {

namespace json = boost::json;

std::vector<std::string> strings(const json::value& value) {
  std::vector<std::string> out;
  for (const json::value& each : value.as_array()) out.emplace_back(each.as_string());
  return out;
}

std::vector<Correlation> correlations_of(const json::object& vector, const json::object& shared) {
  std::vector<Correlation> out;
  const auto add = [&](const json::object& own) {
    json::object merged = shared;
    for (const auto& [key, value] : own) merged[key] = value;
    out.push_back(testing::correlation_from(merged));
  };
  if (const auto* several = vector.if_contains("correlations")) {
    for (const json::value& each : several->as_array()) add(each.as_object());
  } else {
    add(vector.contains("c") ? vector.at("c").as_object() : json::object());
  }
  return out;
}

size_t run_file(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::string line;
  REQUIRE(std::getline(in, line));
  const json::object shared = json::parse(line).as_object();
  size_t count = 0;
  for (; std::getline(in, line); ++count) {
    if (line.empty()) continue;
    const json::object vector = json::parse(line).as_object();
    INFO(path.filename().string() << ": " << line);
    REQUIRE(!vector.at("why").as_string().empty());
    const Pack pack = testing::pack_of(correlations_of(vector, shared));
    if (vector.contains("refused")) {
      const auto defined = define(pack);
      REQUIRE(!defined.has_value());
      CHECK(defined.error().message.find(std::string(vector.at("refused").as_string())) != std::string::npos);
    } else {
      CHECK(testing::told(pack, strings(vector.at("events"))) == strings(vector.at("expect")));
    }
  }
  return count;
}

TEST_CASE("the correlation vectors hold") {
  size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(QUANZU_SOURCE_DIR) /
                                                               "tests/conformance/correlation")) {
    count += run_file(entry.path());
  }
  CHECK(count >= 150);
}

}  // namespace
}  // namespace quanzu::rules
