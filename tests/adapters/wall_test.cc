// What the wall says of places.
#include "adapters/api/wall.h"

#include <rapidcheck.h>

#include "tests/catch.h"

using namespace quanzu::api;

TEST_CASE("a community is the first two steps of an area's path", "[console]") {
  CHECK(community_of("street/north/grid 3/12") == "street/north");
  CHECK(community_of("street/north") == "street/north");
  CHECK(community_of("street").empty());
  CHECK(community_of("").empty());
}

TEST_CASE("the wall is silent on a community with fewer than five cases and tells others in bands", "[console]") {
  REQUIRE(rc::check("over any counts", [] {
    const auto counts = *rc::gen::container<std::map<std::string, int64_t>>(rc::gen::string<std::string>(),
                                                                            rc::gen::inRange<int64_t>(0, 40));
    std::map<std::string, std::string> shown;
    for (const boost::json::value& each : bands_of(counts)) {
      shown[std::string(each.at("area").get_string())] = std::string(each.at("band").get_string());
    }
    for (const auto& [area, count] : counts) {
      const auto at = shown.find(area);
      RC_ASSERT((at != shown.end()) == (count >= kCell));
      if (at == shown.end()) continue;
      // The same for every count of the band, so the exact one can't be told from it.
      const int64_t other = count / kCell * kCell + *rc::gen::inRange<int64_t>(0, kCell);
      const boost::json::array same = bands_of({{area, other}});
      RC_ASSERT(std::string(same.front().at("band").get_string()) == at->second);
    }
  }));
}
