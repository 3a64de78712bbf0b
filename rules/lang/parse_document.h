// One YAML document to one document of a pack: what all have in common in parse_document.cc, each kind and each part in a
// file of its own. What is wrong goes to the context's problems, and what can be read is returned all the same. Used by
// the loader; one thread a file.
#pragma once
#include "rules/lang/detection.h"

namespace quanzu::rules {

// `alone`: the only document of its file, so that it may do without id and name.
Rule parse_rule(const YamlNode& document, const ParseContext& context, bool alone);
Correlation parse_correlation(const YamlNode& document, const ParseContext& context, bool alone);
Filter parse_filter(const YamlNode& document, const ParseContext& context, bool alone);

// The keys that every kind of document may have, and warnings about those that none has.
void parse_head(const YamlNode& document, const ParseContext& context, bool alone, Document& out);
void require_key(const YamlNode& document, std::string_view key, std::string suggestion, Problems& problems);
LogSource parse_logsource(const YamlNode& node, const ParseContext& context);
void parse_antifraud(const YamlNode& node, Problems& problems, Document& out);
// `kind_known`: by the logsource, so that events need not tell it.
void parse_tests(const YamlNode& node, const ParseContext& context, bool kind_known, Document& out);

// Helpers of all parts. Each reports what is wrong and then returns nothing.
std::optional<std::string> text_of(const YamlNode& node, std::string_view key, Problems& problems);
std::optional<double> number_of(const YamlNode& node, std::string_view key, Problems& problems);
std::optional<Duration> timespan_of(const YamlNode& node, std::string_view key, Problems& problems);
std::optional<Duration> positive_span(const YamlNode& node, std::string_view key, Problems& problems);
std::optional<std::vector<std::string>> texts_of(const YamlNode& node, std::string_view key, Problems& problems);
std::vector<RuleRef> references_of(const YamlNode& node, std::string_view key, Problems& problems);
void unknown_key(const YamlNode& key, std::string_view where, const std::vector<std::string_view>& known,
                 Problems& problems);

}  // namespace quanzu::rules
