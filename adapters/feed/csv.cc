#include "adapters/feed/csv.h"

#include <algorithm>

namespace quanzu::feed {
namespace {

Failure broken(const std::vector<std::string>& cells, const char* what) {
  return fail(Code::kInvalidArgument,
              "column " + std::to_string(cells.size() + 1) + ": " + what +
                  "; a cell with a quote, comma or line break is written \"like \"\"this\"\"\"");
}

// A quoted cell that begins at `at`; where it ends.
Result<size_t> take_quoted(std::string_view record, size_t at, std::vector<std::string>& cells) {
  std::string cell;
  for (++at; at < record.size(); ++at) {
    if (record[at] != '"') {
      cell += record[at];
    } else if (at + 1 < record.size() && record[at + 1] == '"') {
      cell += record[at++];
    } else {
      if (at + 1 < record.size() && record[at + 1] != ',') return broken(cells, "text after a closing quote");
      cells.push_back(std::move(cell));
      return at + 1;
    }
  }
  return broken(cells, "a quote that is never closed");
}

}  // namespace

bool csv_is_open(std::string_view text) {
  return std::count(text.begin(), text.end(), '"') % 2 != 0;
}

Result<void> split_csv(std::string_view record, std::vector<std::string>& cells) {
  cells.clear();
  size_t at = 0;
  while (true) {
    if (at < record.size() && record[at] == '"') {
      const Result<size_t> end = take_quoted(record, at, cells);
      if (!end) return Failure(end.error());
      at = *end;
    } else {
      const size_t end = std::min(record.find(',', at), record.size());
      const std::string_view cell = record.substr(at, end - at);
      if (cell.find('"') != std::string_view::npos) return broken(cells, "a quote in the middle of a plain cell");
      cells.emplace_back(cell);
      at = end;
    }
    if (at >= record.size()) return {};
    ++at;  // the comma
  }
}

void split_tsv(std::string_view record, std::vector<std::string>& cells) {
  cells.clear();
  size_t at = 0;
  while (true) {
    const size_t end = std::min(record.find('\t', at), record.size());
    cells.emplace_back(record.substr(at, end - at));
    if (end == record.size()) return;
    at = end + 1;
  }
}

}  // namespace quanzu::feed
