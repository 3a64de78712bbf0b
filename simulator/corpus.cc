#include "simulator/corpus.h"

#include <algorithm>
#include <iterator>

#include "adapters/feed/csv.h"
#include "rules/text/utf8.h"

namespace quanzu::simulator {

namespace {

using Format = CorpusOptions::Format;

bool between(char c, int low, int high) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= low && byte <= high;
}

// Whether the bytes are well-formed GB18030, whose two and four byte characters UTF-8's hardly ever are by chance.
bool is_gb18030(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    if (between(text[i], 0, 0x80)) {
      ++i;
      continue;
    }
    const std::string_view rest = text.substr(i);
    if (!between(rest[0], 0x81, 0xFE) || rest.size() < 2) return false;
    if (between(rest[1], 0x40, 0xFE) && !between(rest[1], 0x7F, 0x7F)) {
      i += 2;
    } else if (rest.size() >= 4 && between(rest[1], 0x30, 0x39) && between(rest[2], 0x81, 0xFE) &&
               between(rest[3], 0x30, 0x39)) {
      i += 4;
    } else {
      return false;
    }
  }
  return true;
}

// Nothing where the file is UTF-8, but for a few broken rows.
Result<void> check_encoding(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, 2);
  if (head == "\xFF\xFE" || head == "\xFE\xFF") {
    return fail(Code::kInvalidArgument, "the file is UTF-16: convert it with `iconv -f UTF-16 -t UTF-8`");
  }
  if (rules::find_invalid_utf8(bytes) == std::string_view::npos) return {};
  if (is_gb18030(bytes)) {
    return fail(Code::kInvalidArgument,
                "the file is not UTF-8 but reads as GB18030: convert it with `iconv -f GB18030 -t UTF-8`");
  }
  return {};
}

// Takes the next line off `bytes`, without its end.
std::string_view take_line(std::string_view& bytes) {
  const size_t end = std::min(bytes.find('\n'), bytes.size());
  std::string_view line = bytes.substr(0, end);
  bytes.remove_prefix(std::min(end + 1, bytes.size()));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

class Reader {
 public:
  Reader(std::string_view bytes, const CorpusOptions& options) : bytes_(bytes), options_(options) {}

  Result<Corpus> run() {
    if (options_.format != Format::kLines) {
      Result<void> header = read_header();
      if (!header) return Failure(header.error());
    }
    while (!bytes_.empty()) read_row();
    if (corpus_.rows.empty()) {
      return fail(Code::kInvalidArgument, corpus_.skipped.empty()
                                              ? "the file has no rows"
                                              : "no row can be read; line " + std::to_string(corpus_.skipped[0].line) +
                                                    ": " + corpus_.skipped[0].why);
    }
    return std::move(corpus_);
  }

 private:
  // A record and its cells; a quoted cell of CSV goes on over lines, but never swallows the rest of the file.
  Result<void> take_record() {
    line_ = next_line_++;
    record_ = take_line(bytes_);
    if (options_.format == Format::kCsv && feed::csv_is_open(record_)) {
      std::string_view rest = bytes_;
      std::string whole = record_;
      uint64_t lines = 0;
      for (; feed::csv_is_open(whole) && !rest.empty() && lines < kMostLines; ++lines) {
        whole.append("\n").append(take_line(rest));
      }
      if (!feed::csv_is_open(whole)) {
        record_ = std::move(whole);
        bytes_ = rest;
        next_line_ += lines;
      }
    }
    if (rules::find_invalid_utf8(record_) != std::string_view::npos) {
      return fail(Code::kInvalidArgument, "it is not UTF-8");
    }
    if (options_.format == Format::kCsv) return feed::split_csv(record_, cells_);
    if (options_.format == Format::kTsv) feed::split_tsv(record_, cells_);
    return {};
  }

  Result<void> read_header() {
    const Result<void> taken = take_record();
    if (!taken) return fail(Code::kInvalidArgument, "line 1, the header: " + taken.error().message);
    columns_ = cells_.size();
    Result<size_t> text = column_of(options_.text_column, "--text-column");
    if (!text) return Failure(text.error());
    text_ = *text;
    if (options_.label_column.empty()) return {};
    Result<size_t> label = column_of(options_.label_column, "--label-column");
    if (!label) return Failure(label.error());
    label_ = *label;
    return {};
  }

  Result<size_t> column_of(const std::string& name, const char* option) const {
    const auto at = std::find(cells_.begin(), cells_.end(), name);
    if (at != cells_.end()) return static_cast<size_t>(at - cells_.begin());
    std::string all;
    for (const std::string& cell : cells_) all += (all.empty() ? "" : ", ") + quoted(cell);
    return fail(Code::kInvalidArgument,
                "line 1, the header, has no column " + quoted(name) + ": name one of " + all + " with " + option, name);
  }

  void read_row() {
    const Result<void> taken = take_record();
    if (record_.empty()) return;
    if (!taken) return skip(taken.error().message);
    if (options_.format == Format::kLines) {
      corpus_.rows.push_back({line_, {}, record_});
      return;
    }
    if (cells_.size() != columns_) {
      return skip("it has " + std::to_string(cells_.size()) + " cells, the header " + std::to_string(columns_));
    }
    if (cells_[text_].empty()) return skip("its text is empty");
    if (!options_.label_column.empty() && cells_[label_].empty()) return skip("its label is empty");
    corpus_.rows.push_back({line_, options_.label_column.empty() ? std::string() : cells_[label_], cells_[text_]});
  }

  void skip(std::string why) { corpus_.skipped.push_back({line_, std::move(why)}); }

  static constexpr uint64_t kMostLines = 1000;  // of one CSV record

  std::string_view bytes_;
  const CorpusOptions& options_;
  uint64_t next_line_ = 1;
  uint64_t line_ = 0;
  std::string record_;
  std::vector<std::string> cells_;
  size_t columns_ = 0;
  size_t text_ = 0;
  size_t label_ = 0;
  Corpus corpus_;
};

}  // namespace

Result<Corpus> read_corpus(std::istream& in, const CorpusOptions& options) {
  const std::string all{std::istreambuf_iterator<char>(in), {}};
  const Result<void> encoding = check_encoding(all);
  if (!encoding) return Failure(encoding.error());
  std::string_view bytes = all;
  constexpr std::string_view kBom = "\xEF\xBB\xBF";
  if (bytes.starts_with(kBom)) bytes.remove_prefix(kBom.size());
  return Reader(bytes, options).run();
}

}  // namespace quanzu::simulator
