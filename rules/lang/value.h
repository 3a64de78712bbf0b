// String values in parts: wildcards, escapes and placeholders of Sigma, and the transformations that turn one text into
// others (encodings, dashes). Pure; any thread. Errors carry no place: the caller knows it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"
#include "rules/lang/rule.h"

namespace quanzu::rules {

// `*` any run, `?` one code point; a backslash makes either, or itself, literal, and is itself before all else and at the
// end. With placeholders, %name% is one and `\%` a percent sign.
std::vector<StringPart> parse_pattern(std::string_view text, bool placeholders);

bool has_placeholder(const std::vector<StringPart>& parts);
void append_literal(std::vector<StringPart>& parts, std::string_view text);  // joins a literal that stands before

// Wildcards at the ends, where there is none yet.
void open_left(std::vector<StringPart>& parts);
void open_right(std::vector<StringPart>& parts);

std::string base64(std::string_view bytes);
// The part that is the same wherever the bytes begin in what is encoded, for each of the three offsets; a text of one or
// two bytes may leave none for an offset, which is then left out.
std::vector<std::string> base64_offsets(std::string_view bytes);
std::string utf16(std::string_view valid_utf8, bool big_endian);

// Every combination of the five dashes (- / and U+2013, U+2014, U+2015) in place of each that stands before a word and
// not behind one. Errors: too many of them.
Result<std::vector<std::vector<StringPart>>> windash_variants(const std::vector<StringPart>& parts);

}  // namespace quanzu::rules
