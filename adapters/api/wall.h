// What the wall may say of places (Wall/Get): a community's cases in bands of five, and nothing of one that has fewer than five.
// One case more or less changes no figure of a place but where it ends a band. Pure; HTTP threads.
#pragma once
#include <boost/json.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace quanzu::api {

inline constexpr int64_t kCell = 5;  // cases

// "street/community" of a path that goes on to grid, building and door; empty where there is no community.
std::string community_of(std::string_view area);

// [{"area": "street/community", "band": "10–14"}, ...] of the counts by community.
boost::json::array bands_of(const std::map<std::string, int64_t>& communities);

}  // namespace quanzu::api
