// The tables that other systems export: comma or tab, UTF-8 or GB18030, with or without a byte order mark, quoted as RFC 4180
// says. Found out from the bytes themselves, since whoever exports seldom knows. Any thread.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"

namespace quanzu::registry {

struct TableText {
  std::string encoding;  // "UTF-8" or "GB18030"
  char separator = ',';
  std::vector<std::string> columns;  // of the first record
  struct Record {
    size_t line = 0;  // where it begins, from 1
    std::vector<std::string> cells;
    std::string fault;  // why its cells can't be told apart; empty where they can
  };
  std::vector<Record> records;  // those that aren't empty
};

// Errors, kInvalidArgument: neither encoding, or a header that is no record.
Result<TableText> read_table(std::string_view bytes);

}  // namespace quanzu::registry
