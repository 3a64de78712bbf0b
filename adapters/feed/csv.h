// Table records: CSV by RFC 4180 (quotes, doubled quotes, line breaks within quotes), TSV plain.
// Pure functions, any thread.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"

namespace quanzu::feed {

// Whether the text ends within quotes: its record goes on with the next line.
bool csv_is_open(std::string_view text);
// Errors: a quote in the middle of a plain cell, text after a closing quote, a quote that is never closed.
Result<void> split_csv(std::string_view record, std::vector<std::string>& cells);
void split_tsv(std::string_view record, std::vector<std::string>& cells);

}  // namespace quanzu::feed
