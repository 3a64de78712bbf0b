#include "adapters/api/sheet.h"

#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <charconv>

namespace quanzu::api {
namespace {

// What spreadsheets begin a formula with (OWASP, CSV injection).
bool looks_like_formula(const std::string& text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
}

std::string number_text(double value) {
  char buffer[32];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  return error == std::errc() ? std::string(buffer, end) : std::string();
}

void append_csv(const std::string& text, std::string& out) {
  const std::string shown = looks_like_formula(text) ? "'" + text : text;
  if (shown.find_first_of(",\"\r\n") == std::string::npos) {
    out += shown;
    return;
  }
  out += '"';
  for (const char c : shown) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_csv(const Cell& cell, std::string& out) {
  if (const auto* text = std::get_if<std::string>(&cell)) append_csv(*text, out);
  if (const auto* number = std::get_if<double>(&cell)) out += number_text(*number);
}

template <class Cells>
void append_csv_row(const Cells& cells, std::string& out) {
  bool first = true;
  for (const auto& cell : cells) {
    if (!first) out += ',';
    first = false;
    append_csv(cell, out);
  }
  out += "\r\n";
}

// A file in memory, since the library writes to a path alone.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(::memfd_create("sheet", MFD_CLOEXEC)) {}
  ~MemoryFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  bool good() const { return descriptor_ >= 0; }
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }
  std::string read() const {
    const off_t size = ::lseek(descriptor_, 0, SEEK_END);
    std::string out(size > 0 ? static_cast<size_t>(size) : 0, '\0');
    const ssize_t read = ::pread(descriptor_, out.data(), out.size(), 0);
    out.resize(read > 0 ? static_cast<size_t>(read) : 0);
    return out;
  }

 private:
  int descriptor_;
};

void write_cell(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, const Cell& cell) {
  // A string cell is never a formula.
  if (const auto* text = std::get_if<std::string>(&cell)) {
    worksheet_write_string(sheet, row, column, text->c_str(), nullptr);
  }
  if (const auto* number = std::get_if<double>(&cell)) worksheet_write_number(sheet, row, column, *number, nullptr);
}

}  // namespace

std::string csv_of(const Sheet& sheet) {
  std::string out = "\xEF\xBB\xBF";
  append_csv_row(sheet.columns, out);
  for (const std::vector<Cell>& row : sheet.rows) append_csv_row(row, out);
  return out;
}

Result<std::string> xlsx_of(const Sheet& sheet) {
  const MemoryFile file;
  if (!file.good()) return fail(Code::kInternal, "the system gives no memory for a file");
  lxw_workbook* book = workbook_new(file.path().c_str());
  if (book == nullptr) return fail(Code::kInternal, "the system gives no memory for a file");
  lxw_worksheet* page = workbook_add_worksheet(book, sheet.name.c_str());
  lxw_format* bold = workbook_add_format(book);
  format_set_bold(bold);
  for (size_t i = 0; i < sheet.columns.size(); ++i) {
    worksheet_write_string(page, 0, static_cast<lxw_col_t>(i), sheet.columns[i].c_str(), bold);
  }
  for (size_t r = 0; r < sheet.rows.size(); ++r) {
    for (size_t c = 0; c < sheet.rows[r].size(); ++c) {
      write_cell(page, static_cast<lxw_row_t>(r + 1), static_cast<lxw_col_t>(c), sheet.rows[r][c]);
    }
  }
  worksheet_freeze_panes(page, 1, 0);
  const lxw_error closed = workbook_close(book);
  if (closed != LXW_NO_ERROR) return fail(Code::kInternal, std::string("no workbook: ") + lxw_strerror(closed));
  return file.read();
}

}  // namespace quanzu::api
