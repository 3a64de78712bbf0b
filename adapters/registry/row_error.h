// What is wrong with a row of an imported table, and where: its line, its column, and what to do. And the reading of cells that
// all such tables share. Belongs to who reads a file; one thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "adapters/registry/datum.h"
#include "adapters/registry/table_text.h"

namespace quanzu::registry {

struct RowError {
  size_t line = 0;
  std::string column;  // empty: the whole row
  std::string reason;
};

// A record's cells by the columns' names, with what was wrong about them.
class RowCells {
 public:
  RowCells(const TableText& table, const TableText::Record& record) : table_(table), record_(record) {}
  // Without blanks at its ends; empty where the column is not there.
  std::string_view cell(std::string_view column) const;
  void wrong(std::string_view column, std::string reason);
  // lat, lon and datum, converted to WGS-84; nothing where both are empty, or where something is wrong.
  std::optional<Point> point(Datum& datum);
  const std::vector<RowError>& errors() const { return errors_; }

 private:
  std::optional<int32_t> degrees(std::string_view column, int32_t most);
  std::optional<Datum> datum_of(std::string_view word);

  const TableText& table_;
  const TableText::Record& record_;
  std::vector<RowError> errors_;
};

// Errors, kInvalidArgument: a column that is missing, is there twice, or that nobody knows.
Result<void> check_columns(const TableText& table, const std::vector<std::string_view>& needed,
                           const std::vector<std::string_view>& allowed);

std::string_view trimmed(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);  // trimmed, without empty ones

}  // namespace quanzu::registry
