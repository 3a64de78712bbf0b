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
  const Models& models;
  LoadOptions options;
  Zone zone{};              // of the pack
  bool homophones = false;  // of the pack
};

// The trees of the conditions; a list of conditions is several.
std::vector<NodePtr> parse_detection(const YamlNode& detection, const LogSource& logsource,
                                     const ParseContext& context);

}  // namespace quanzu::rules
