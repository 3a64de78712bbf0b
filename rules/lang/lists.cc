#include "rules/lang/lists.h"

#include "rules/lang/scalar.h"
#include "rules/text/utf8.h"

namespace quanzu::rules {

namespace {

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

constexpr std::chrono::days kSoon{14};

std::string date_text(std::chrono::sys_days day) {
  return format_rfc3339(Instant(day)).substr(0, 10);
}

std::string entries_of(size_t count) {
  return std::to_string(count) + (count == 1 ? " entry" : " entries");
}

}  // namespace

std::vector<ListEntry> parse_list(std::string_view bytes, bool columns, Problems& problems) {
  std::vector<ListEntry> entries;
  int line_number = 0;
  while (!bytes.empty()) {
    std::string_view line = bytes.substr(0, bytes.find('\n'));
    bytes.remove_prefix(std::min(line.size() + 1, bytes.size()));
    ++line_number;
    line = line.substr(0, line.find('#'));
    if (const size_t bad = find_invalid_utf8(line); bad != std::string_view::npos) {
      problems.error({line_number, static_cast<int>(bad) + 1}, "", "invalid UTF-8: save the file as UTF-8");
      continue;
    }
    const size_t tab = columns ? line.find('\t') : std::string_view::npos;
    const std::string_view value = trimmed(line.substr(0, tab));
    if (value.empty()) continue;
    const std::string_view expires = tab == std::string_view::npos ? "" : trimmed(line.substr(tab + 1));
    if (!expires.empty() && !is_date(expires)) {
      problems.error({line_number, static_cast<int>(tab) + 2}, expires,
                     "the second column is the last day of the entry", "a date like 2026-12-31");
      continue;
    }
    entries.push_back({std::string(value), std::string(expires), false, {line_number, 1}});
  }
  return entries;
}

// Dates of this form compare as their texts do.
void judge_expiry(std::vector<ListEntry>& entries, std::chrono::sys_days today, Problems& problems) {
  const std::string first_day = date_text(today);
  const std::string last_day = date_text(today + kSoon);
  size_t past = 0, soon = 0;
  const ListEntry* first_past = nullptr;
  const ListEntry* next = nullptr;  // to end
  for (ListEntry& entry : entries) {
    if (entry.expires.empty() || entry.expires > last_day) continue;
    entry.past = entry.expires < first_day;
    ++(entry.past ? past : soon);
    const ListEntry*& told = entry.past ? first_past : next;
    if (told == nullptr || entry.expires < told->expires) told = &entry;
  }
  if (past > 0) {
    problems.warn(
        first_past->mark, first_past->value,
        "past their last day, and out: " + entries_of(past) + " of this list, this one since " + first_past->expires,
        "a later day, or take them out");
  }
  if (soon > 0) {
    problems.warn(next->mark, next->value,
                  "out within 14 days: " + entries_of(soon) + " of this list, this one after " + next->expires,
                  "a later day where it still holds");
  }
}

}  // namespace quanzu::rules
