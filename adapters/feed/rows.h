// The rows of a file of signals: JSON lines, CSV (RFC 4180 quotes) or TSV (plain). Row n is the stream's seq n, whatever
// is in it: a row that can't be read becomes a signal that says so, which the server keeps as a reject under the row's
// number, so that nothing is dropped silently and every row can be told from the acks. One thread.
#pragma once
#include <deque>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/feed/event.h"

namespace quanzu::feed {

enum class Format : uint8_t { kJsonLines, kCsv, kTsv };
// By the name's ending: .jsonl, .csv, .tsv.
std::optional<Format> find_format(std::string_view file_name);

struct RowOptions {
  Format format = Format::kJsonLines;
  std::optional<Kind> kind;  // of rows that name none
  std::string text_column;   // a table's column that holds `text`; columns of unknown names are then left out
  uint64_t residents = 0;    // rows are spread over this many synthetic residents; 0: not
};

struct Row {
  uint64_t line = 0;                   // where it begins, from 1
  std::string_view fields;             // of its Signal message, until the next call
  std::optional<std::string> problem;  // why it can't be read; fields say so too
};

class RowReader {
 public:
  // Reads a table's header. Errors: no header, a column that is unknown or there twice, no kind, no text column.
  static Result<RowReader> open(std::istream& in, RowOptions options);
  // The next row; nothing at the end. Empty lines are no rows.
  std::optional<Row> next();

 private:
  RowReader(std::istream& in, RowOptions options) : in_(&in), options_(std::move(options)) {}
  Result<void> read_header();
  bool next_line(std::string& line);
  bool next_record();  // into record_ (its text) and cells_; problem_ where it is broken
  Result<void> read_table_row();

  std::istream* in_;
  RowOptions options_;
  std::vector<std::string> columns_;  // event names; empty: left out
  bool has_resident_column_ = false;
  uint64_t line_ = 0;  // of the line read last
  uint64_t row_ = 0;
  std::deque<std::string> unread_;  // lines that a broken quote had swallowed
  std::string record_;
  uint64_t record_line_ = 0;
  std::vector<std::string> cells_;
  std::optional<std::string> problem_;
  EventFields fields_;
  std::string unreadable_;
};

}  // namespace quanzu::feed
