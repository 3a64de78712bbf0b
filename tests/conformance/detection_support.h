// Detection rules and events written as data, for the vectors of tests/conformance/detection: packs as files, events as
// JSON, and which rules hold. One thread.
#pragma once
#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "rules/lang/load.h"

namespace quanzu::rules::testing {

struct Judged {
  std::vector<Problem> problems;
  std::vector<std::vector<std::string>> fires;  // by event: the ids of the rules that hold, in the order of the pack
};

// The pack is {"item"|"detection"|"rules"|"files", "lists", "pack.yml", "today"}: one item, one detection, one file
// or several, with the lists and settings beside them, loaded on that day. Without any_schema the events are signals. Where the pack has an error no event is matched.
Judged judge(const boost::json::object& vector, const std::vector<boost::json::value>& events, bool any_schema);

}  // namespace quanzu::rules::testing
