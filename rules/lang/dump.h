// A document's conditions as JSON, for tools and for comparison with other readers of Sigma: and, or, not over items
// {"f": field, "v": value} and keywords {"kw": value}. Pure; any thread.
//
// A value is {"str": [parts]} with wildcards {"w": "*"} and placeholders {"ph": name}, {"re", "flags"}, {"num"}, {"bool"},
// {"null": true}, {"cidr"}, {"fieldref"}, {"exists"}, {"lt"|"lte"|"gt"|"gte": number}, {"minute".."year": number or
// comparison}, or {"expansion": [values]} where one written value stands for several. "cased", "phonetic" and the "match" of
// a field reference are told only where they are not the default.
#pragma once
#include <string>
#include <string_view>

#include "rules/lang/rule.h"

namespace quanzu::rules {

std::string dump_conditions(const Rule& rule);  // a JSON list, one tree a condition
// {"type", "rules", "group-by", "timespan_s", "condition", "aliases", "generate"}; the condition is a map of its bounds as
// written, or a tree of and, or, not over {"rule": name}, or null where all of the rules are needed.
std::string dump_correlation(const Correlation& correlation);
std::string dump_filter(const Filter& filter);  // {"rules": "any" or a list, "conditions": [tree]}
void append_json_string(std::string_view valid_utf8, std::string& out);

}  // namespace quanzu::rules
