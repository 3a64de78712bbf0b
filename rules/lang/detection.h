// The detection section: selections become trees, conditions become trees over them. Used by the parser of one file; one
// thread.
#pragma once
#include "rules/lang/load.h"
#include "rules/lang/modifiers.h"
#include "rules/lang/yaml.h"

namespace quanzu::rules {

struct ParseContext {
  Problems& problems;
  const Lists& lists;
  LoadOptions options;
};

// Fills rule.conditions; rule.logsource is read already.
void parse_detection(const YamlNode& detection, const ParseContext& context, Rule& rule);

}  // namespace quanzu::rules
