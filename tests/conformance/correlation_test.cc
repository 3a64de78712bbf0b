// The vectors of tests/conformance/correlation: each a line that says why. A file's first line gives what its
// correlations share; "c" changes that, "correlations" replaces it.
#include "tests/conformance/correlation_support.h"
#include "tests/conformance/vectors.h"

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
    out.push_back(testing::correlation_from(testing::merged(shared, own)));
  };
  if (const auto* several = vector.if_contains("correlations")) {
    for (const json::value& each : several->as_array()) add(each.as_object());
  } else {
    add(vector.contains("c") ? vector.at("c").as_object() : json::object());
  }
  return out;
}

TEST_CASE("the correlation vectors hold") {
  const size_t count = testing::run_vectors("correlation", [](const json::object& shared, const json::object& vector) {
    const Pack pack = testing::pack_of(correlations_of(vector, shared));
    if (vector.contains("refused")) {
      const auto defined = define(pack);
      REQUIRE(!defined.has_value());
      CHECK(defined.error().message.find(std::string(vector.at("refused").as_string())) != std::string::npos);
    } else {
      CHECK(testing::told(pack, strings(vector.at("events"))) == strings(vector.at("expect")));
    }
  });
  CHECK(count >= 150);
}

}  // namespace
}  // namespace quanzu::rules
