#include "adapters/registry/table_text.h"

#include <iconv.h>

#include <algorithm>
#include <cerrno>

#include "adapters/feed/csv.h"
#include "rules/text/utf8.h"

namespace quanzu::registry {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

// Nothing where the bytes are not of that encoding.
Result<std::string> utf8_of_gb18030(std::string_view bytes) {
  iconv_t converter = ::iconv_open("UTF-8", "GB18030");
  if (converter == reinterpret_cast<iconv_t>(-1)) {  // NOLINT(performance-no-int-to-ptr): how iconv says no
    return fail(Code::kUnavailable, "this system can't read GB18030: install its C library's converters");
  }
  std::string text(bytes.size() * 3, '\0');  // two bytes of GB18030 are at most three of UTF-8, four are four
  std::string copy(bytes);
  char* in = copy.data();
  char* out = text.data();
  size_t in_left = copy.size();
  size_t out_left = text.size();
  const bool whole = ::iconv(converter, &in, &in_left, &out, &out_left) != static_cast<size_t>(-1);
  ::iconv_close(converter);
  if (!whole) {
    return fail(Code::kInvalidArgument, "the file is neither UTF-8 nor GB18030: at byte " +
                                            std::to_string(copy.size() - in_left) +
                                            " it is not even the latter; export it again as UTF-8");
  }
  text.resize(text.size() - out_left);
  return text;
}

Result<std::string> decode(std::string_view bytes, std::string& encoding) {
  const std::string_view head = bytes.substr(0, 2);
  if (head == "\xFF\xFE" || head == "\xFE\xFF") {
    return fail(Code::kInvalidArgument, "the file is UTF-16: convert it with `iconv -f UTF-16 -t UTF-8`");
  }
  encoding = "UTF-8";
  if (bytes.starts_with(kBom)) bytes.remove_prefix(kBom.size());
  if (rules::find_invalid_utf8(bytes) == std::string_view::npos) return std::string(bytes);
  encoding = "GB18030";
  return utf8_of_gb18030(bytes);
}

// A record may go on over line breaks within quotes.
std::string_view take_record(std::string_view& rest, bool quoted, size_t& lines) {
  const std::string_view all = rest;
  size_t size = 0;
  lines = 0;
  for (;;) {
    const size_t end = std::min(all.find('\n', size), all.size());
    size = std::min(end + 1, all.size());
    ++lines;
    std::string_view record = all.substr(0, end);
    if (!record.empty() && record.back() == '\r') record.remove_suffix(1);
    if (size == all.size() || !quoted || !feed::csv_is_open(record)) {
      rest.remove_prefix(size);
      return record;
    }
  }
}

}  // namespace

Result<TableText> read_table(std::string_view bytes) {
  TableText table;
  const Result<std::string> text = decode(bytes, table.encoding);
  if (!text) return Failure(text.error());
  std::string_view rest = *text;
  const std::string_view first = rest.substr(0, rest.find('\n'));
  table.separator = first.find('\t') != std::string_view::npos ? '\t' : ',';
  const bool quoted = table.separator == ',';
  size_t line = 1;
  for (size_t lines = 0; !rest.empty(); line += lines) {
    const std::string_view record = take_record(rest, quoted, lines);
    if (record.find_first_not_of(", \t") == std::string_view::npos) continue;
    TableText::Record out{line, {}, {}};
    if (!quoted) {
      feed::split_tsv(record, out.cells);
    } else if (const Result<void> split = feed::split_csv(record, out.cells); !split) {
      out.fault = split.error().message;
    }
    if (!table.columns.empty()) {
      table.records.push_back(std::move(out));
      continue;
    }
    if (!out.fault.empty())
      return fail(Code::kInvalidArgument, "line " + std::to_string(line) + ", the header: " + out.fault);
    table.columns = std::move(out.cells);
  }
  if (table.columns.empty()) return fail(Code::kInvalidArgument, "the file is empty: its first line names the columns");
  return table;
}

}  // namespace quanzu::registry
