#include "adapters/feed/rows.h"

#include "adapters/feed/csv.h"
#include "adapters/feed/json.h"

namespace quanzu::feed {
namespace {

constexpr size_t kMaxRow = 48 * 1024;   // bytes of a row: its frame must stay under the server's limit
constexpr size_t kShownRow = 2 * 1024;  // of a row that can't be read, kept with the reject
constexpr std::string_view kBom = "\xEF\xBB\xBF";

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

}  // namespace

std::optional<Format> find_format(std::string_view file_name) {
  if (ends_with(file_name, ".jsonl")) return Format::kJsonLines;
  if (ends_with(file_name, ".csv")) return Format::kCsv;
  if (ends_with(file_name, ".tsv")) return Format::kTsv;
  return std::nullopt;
}

Result<RowReader> RowReader::open(std::istream& in, RowOptions options) {
  RowReader reader(in, std::move(options));
  if (reader.options_.format == Format::kJsonLines) return reader;
  Result<void> header = reader.read_header();
  if (!header) return Failure(header.error());
  return reader;
}

Result<void> RowReader::read_header() {
  if (!next_record()) return fail(Code::kInvalidArgument, "the file has no header; its first line names the columns");
  if (problem_) return fail(Code::kInvalidArgument, "line 1, the header: " + *problem_);
  bool has_kind = options_.kind.has_value(), has_text = false;
  for (std::string& column : cells_) {
    if (!options_.text_column.empty() && column == options_.text_column) column = "text";
    if (!is_event_name(column)) {
      if (options_.text_column.empty()) {
        return fail(Code::kInvalidArgument,
                    "line 1, the header: column " + quoted(column) +
                        " is no field of a signal; rename it, or use --kind K --text-column C to "
                        "send one column's texts and leave the unknown ones out",
                    column);
      }
      column.clear();
    } else if (std::find(columns_.begin(), columns_.end(), column) != columns_.end()) {
      return fail(Code::kInvalidArgument, "line 1, the header: column " + quoted(column) + " is there twice", column);
    }
    has_kind |= column == "kind";
    has_text |= column == "text";
    has_resident_column_ |= column == "resident.number";
    columns_.push_back(column);
  }
  if (!has_kind) {
    return fail(Code::kInvalidArgument, "line 1, the header: no column kind; add one, or use --kind sms", "kind");
  }
  if (!options_.text_column.empty() && !has_text) {
    return fail(Code::kInvalidArgument,
                "line 1, the header: no column " + quoted(options_.text_column) + ", which --text-column names",
                options_.text_column);
  }
  return {};
}

bool RowReader::next_line(std::string& line) {
  if (!unread_.empty()) {
    line = std::move(unread_.front());
    unread_.pop_front();
  } else if (!std::getline(*in_, line)) {
    return false;
  }
  ++line_;
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (line_ == 1 && std::string_view(line).substr(0, kBom.size()) == kBom) line.erase(0, kBom.size());
  return true;
}

bool RowReader::next_record() {
  problem_.reset();
  do {
    if (!next_line(record_)) return false;
  } while (record_.empty());
  record_line_ = line_;
  if (options_.format == Format::kCsv && csv_is_open(record_)) {
    // Its quotes go on over the next lines; a quote that nobody closes must not swallow the file.
    const size_t first_line = record_.size();
    std::deque<std::string> taken;
    std::string line;
    while (csv_is_open(record_) && record_.size() <= kMaxRow && next_line(line)) {
      record_ += '\n';
      record_ += line;
      taken.push_back(std::move(line));
    }
    if (csv_is_open(record_)) {
      record_.resize(first_line);
      line_ -= taken.size();
      unread_.insert(unread_.begin(), std::make_move_iterator(taken.begin()), std::make_move_iterator(taken.end()));
    }
  }
  if (record_.size() > kMaxRow) {
    problem_ =
        "the row has " + std::to_string(record_.size()) + " bytes; at most " + std::to_string(kMaxRow) + " are sent";
  } else if (options_.format == Format::kTsv) {
    split_tsv(record_, cells_);
  } else if (options_.format == Format::kCsv) {
    const Result<void> split = split_csv(record_, cells_);
    if (!split) problem_ = split.error().message;
  }
  return true;
}

Result<void> RowReader::read_table_row() {
  if (cells_.size() != columns_.size()) {
    return fail(Code::kInvalidArgument, "the row has " + std::to_string(cells_.size()) + " cells, the header " +
                                            std::to_string(columns_.size()));
  }
  for (size_t i = 0; i < cells_.size(); ++i) {
    if (cells_[i].empty() || columns_[i].empty()) continue;  // an empty cell is an absent field
    if (options_.residents > 0 && columns_[i] == "resident.number") continue;
    Result<void> done = fields_.set_cell(columns_[i], cells_[i]);
    if (!done) return done;
  }
  return {};
}

std::optional<Row> RowReader::next() {
  if (!next_record()) return std::nullopt;
  ++row_;
  fields_.clear();
  if (!problem_) {
    if (options_.kind && options_.format == Format::kJsonLines) fields_.set_text("kind", kind_name(*options_.kind));
    const Result<void> done =
        options_.format == Format::kJsonLines ? read_json_event(record_, fields_) : read_table_row();
    if (!done) problem_ = done.error().message;
  }
  if (!problem_ && !fields_.has_kind()) {
    if (options_.kind) {
      fields_.set_text("kind", kind_name(*options_.kind));
    } else {
      problem_ = "kind is empty; name one, or use --kind sms";
    }
  }
  if (problem_) {
    *problem_ = "line " + std::to_string(record_line_) + ": " + *problem_;
    unreadable_.clear();
    SignalWriter(unreadable_).unreadable(*problem_, std::string_view(record_).substr(0, kShownRow));
    return Row{record_line_, unreadable_, problem_};
  }
  const bool table_without = options_.format != Format::kJsonLines && !has_resident_column_;
  if (options_.residents > 0) {
    fields_.set_text("resident.number", synthetic_number((row_ - 1) % options_.residents));
  } else if (table_without && !fields_.has_resident()) {
    fields_.set_text("resident.number", synthetic_number(row_ - 1));
  }
  return Row{record_line_, fields_.bytes(), std::nullopt};
}

}  // namespace quanzu::feed
