// A corpus of texts, labelled or all of one kind, read row by row: TSV or CSV with a header, or a text a line. Rows that
// are broken are left out and told by their line, never guessed at. One thread.
#pragma once
#include <istream>
#include <string>
#include <vector>

#include "engine/result.h"

namespace quanzu::simulator {

struct CorpusOptions {
  enum class Format : uint8_t { kTsv, kCsv, kLines } format = Format::kTsv;
  std::string text_column = "text";  // a name of the header; of a table
  std::string label_column{};        // empty: rows have no label
};

struct CorpusRow {
  uint64_t line = 0;  // where it begins, from 1
  std::string label;
  std::string text;
};

struct Corpus {
  struct Skipped {
    uint64_t line = 0;
    std::string why;
  };
  std::vector<CorpusRow> rows;
  std::vector<Skipped> skipped;
};

// Errors: a file that is not UTF-8 (GB18030 and UTF-16 are named, with the command that converts), no header, no column of
// that name, not one row.
Result<Corpus> read_corpus(std::istream& in, const CorpusOptions& options);

}  // namespace quanzu::simulator
