// The lists of a pack, `lists/*.txt` and `lists/*.tsv` in any of its folders: one entry a line, `#` starts a comment, in a
// .tsv the second column is the day (YYYY-MM-DD) after which the entry no longer counts. Named by their files; made by
// the loader, read by the parser. One thread.
#pragma once
#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rules/lang/problems.h"

namespace quanzu::rules {

struct ListEntry {
  std::string value;    // wildcards and escapes as in a rule's value
  std::string expires;  // its last day, YYYY-MM-DD; empty: it has none
  bool past = false;    // that day is over: the entry counts no more
  Mark mark;
};
using Lists = std::map<std::string, std::vector<ListEntry>, std::less<>>;

std::vector<ListEntry> parse_list(std::string_view bytes, bool columns, Problems& problems);

// Marks the entries whose last day is before today, and warns of them and of those that end soon.
void judge_expiry(std::vector<ListEntry>& entries, std::chrono::sys_days today, Problems& problems);

}  // namespace quanzu::rules
