// Correlations and events written as data, for the vectors of tests/conformance/correlation and for the properties.
// An event is "at rules field=value ..": seconds, the rules that hold ("-" for none), fields. What is told of it is
// "#n correlation key=value ..", and "@at .." where a window's close told it.
#pragma once
#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "rules/correlate/offline.h"

namespace quanzu::rules::testing {

// Of {"id","type","rules","group-by","timespan","condition","aliases","field","percentile","generate","window","suppress"};
// a text condition is a nested list: ["and", "a", ["not", "b"]].
Correlation correlation_from(const boost::json::object& json);

// With a detection rule for each name that is none of the correlations'.
Pack pack_of(std::vector<Correlation> correlations);

std::vector<std::string> told(const Pack& pack, const std::vector<std::string>& events);

}  // namespace quanzu::rules::testing
