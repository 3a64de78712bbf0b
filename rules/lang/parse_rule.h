// One YAML document to one rule: its own keys here, detection, namespace and tests in files of their own. Used by the
// loader; one thread a file.
#pragma once
#include "rules/lang/detection.h"

namespace quanzu::rules {

// The rule as far as it could be read; what is wrong is in the context's problems. Nothing where the document is no
// detection rule. `alone`: the only document of its file, so that it may do without id and name.
std::optional<Rule> parse_rule(const YamlNode& document, const ParseContext& context, bool alone);

// The parts with files of their own.
void parse_antifraud(const YamlNode& node, Problems& problems, Rule& rule);
void parse_tests(const YamlNode& node, const ParseContext& context, Rule& rule);

// Helpers of all parts. Each reports what is wrong and then returns nothing.
std::optional<std::string> text_of(const YamlNode& node, std::string_view key, Problems& problems);
std::optional<double> number_of(const YamlNode& node, std::string_view key, Problems& problems);
std::optional<Duration> timespan_of(const YamlNode& node, std::string_view key, Problems& problems);
std::optional<std::vector<std::string>> texts_of(const YamlNode& node, std::string_view key, Problems& problems);
void unknown_key(const YamlNode& key, std::string_view where, const std::vector<std::string_view>& known,
                 Problems& problems);

}  // namespace quanzu::rules
