// Tables for spreadsheets: CSV as Excel reads it (UTF-8 with its mark, RFC 4180), and XLSX. A cell that a spreadsheet would
// take for a formula is shown as text, since areas and reasons are other people's words. Pure; any thread.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "engine/result.h"

namespace quanzu::api {

using Cell = std::variant<std::monostate, std::string, double>;
struct Sheet {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;  // each as long as the columns
};

std::string csv_of(const Sheet& sheet);
// Errors: kInternal where the system gives no memory for the file.
Result<std::string> xlsx_of(const Sheet& sheet);

}  // namespace quanzu::api
