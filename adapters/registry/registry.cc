#include "adapters/registry/registry.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "adapters/api/render.h"

namespace quanzu::registry {
namespace {

constexpr int kOldest = 120;  // years: a birth before that is a typing error
constexpr size_t kMostNumbers = 16;
constexpr size_t kMostText = 1000;  // characters of a note, of a name
constexpr double kSamePlace = 100;  // metres: two points of one building
constexpr double kShifted = 200;  // metres: where people live the shift is 300 to 700; where it is less nothing is told

const std::vector<std::string_view> kColumns = {"id",  "name",  "numbers",   "birth_year", "area",      "lat",
                                                "lon", "datum", "languages", "facts",      "household", "notes"};

bool language_code(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'; };
  return text.size() >= 2 && text.size() <= 12 && std::all_of(text.begin(), text.end(), letter);
}

std::string words(const std::vector<std::string_view>& list) {
  std::string text;
  for (const std::string_view word : list) text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

// "13900001111", which its row's resident owns and uses, or with =owner, =user or =household behind it.
std::optional<NumberTie> read_tie(RowCells& cells, std::string_view text) {
  const size_t mark = text.find('=');
  const std::string_view kind = mark == std::string_view::npos ? std::string_view() : trimmed(text.substr(mark + 1));
  const Result<Number> number = parse_resident_number(trimmed(text.substr(0, mark)));
  if (!number) {
    cells.wrong("numbers", number.error().message);
    return std::nullopt;
  }
  if (kind.empty() && mark == std::string_view::npos) return NumberTie{*number, true, true, false};
  if (kind == "owner") return NumberTie{*number, true, false, false};
  if (kind == "user") return NumberTie{*number, false, true, false};
  if (kind == "household") return NumberTie{*number, false, false, true};
  cells.wrong("numbers", "behind = stands owner, user or household; without it the resident is owner and user");
  return std::nullopt;
}

void read_numbers(RowCells& cells, RegistryRow& row) {
  const std::vector<std::string_view> texts = split(cells.cell("numbers"), ';');
  if (texts.empty())
    cells.wrong("numbers", "a resident without a number can't be warned: give one, several with ; between");
  if (texts.size() > kMostNumbers) cells.wrong("numbers", "more than " + std::to_string(kMostNumbers) + " numbers");
  for (const std::string_view text : texts) {
    const std::optional<NumberTie> tie = read_tie(cells, text);
    if (!tie) continue;
    const auto known = std::ranges::find(row.numbers, tie->number, &NumberTie::number);
    if (known == row.numbers.end()) {
      row.numbers.push_back(*tie);
      continue;
    }
    known->owner |= tie->owner;
    known->user |= tie->user;
    known->household |= tie->household;
  }
  std::ranges::sort(row.numbers, {}, &NumberTie::number);
}

int read_birth_year(RowCells& cells, int year) {
  const std::string_view text = cells.cell("birth_year");
  if (text.empty()) return 0;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && value >= year - kOldest && value <= year)
    return value;
  cells.wrong("birth_year",
              "a year from " + std::to_string(year - kOldest) + " to " + std::to_string(year) + " is wanted");
  return 0;
}

std::vector<std::string> read_words(RowCells& cells, std::string_view column, bool (*known)(std::string_view),
                                    const std::string& wanted) {
  std::vector<std::string> out;
  for (const std::string_view word : split(cells.cell(column), ';')) {
    if (known(word)) {
      out.emplace_back(word);
    } else {
      cells.wrong(column, "\"" + std::string(word.substr(0, 40)) + "\" is not known: " + wanted);
    }
  }
  std::ranges::sort(out);
  return out;
}

std::string read_text(RowCells& cells, std::string_view column) {
  const std::string_view text = cells.cell(column);
  if (text.size() > kMostText) cells.wrong(column, "longer than " + std::to_string(kMostText) + " bytes");
  return std::string(text);
}

RegistryRow read_row(RowCells& cells, size_t line, const AreaTree& areas, int year) {
  RegistryRow row;
  row.line = line;
  row.id = read_text(cells, "id");
  if (row.id.empty())
    cells.wrong("id", "is needed: the other system's key, by which the next import knows the row again");
  row.name = read_text(cells, "name");
  read_numbers(cells, row);
  row.birth_year = read_birth_year(cells, year);
  if (const std::string_view area = cells.cell("area"); !area.empty()) {
    const Result<std::string> clean = clean_area(area);
    const std::optional<std::string> unknown = clean ? areas.why_unknown(*clean) : clean.error().message;
    if (unknown) cells.wrong("area", *unknown);
    if (clean) row.area = *clean;
  }
  row.point = cells.point(row.datum);
  row.languages = read_words(cells, "languages", language_code, "codes such as zh, yue, en-GB, with ; between");
  row.facts = read_words(
      cells, "facts",
      [](std::string_view word) { return std::ranges::find(known_facts(), word) != known_facts().end(); },
      words(known_facts()));
  row.household = read_text(cells, "household");
  row.notes = read_text(cells, "notes");
  return row;
}

// What shows only when rows are seen together. Rows are given in the file's order; the later of two is the one at fault.
class Together {
 public:
  void check(const RegistryRow& row, RowCells& cells) {
    if (!row.id.empty()) {
      const auto [known, fresh] = by_id_.emplace(row.id, row.line);
      if (!fresh) cells.wrong("id", "line " + std::to_string(known->second) + " has it already");
    }
    for (const NumberTie& tie : row.numbers) {
      one(tie.owner, owners_, tie.number, row, cells,
          "as its owner: a number has one; mark whoever only answers it =user, or =household");
      one(tie.user, users_, tie.number, row, cells,
          "as its user: where several answer a number, mark it =household in each row");
    }
    check_datum(row, cells);
  }

 private:
  using Lines = std::unordered_map<Number, size_t>;

  static void one(bool claimed, Lines& lines, const Number& number, const RegistryRow& row, RowCells& cells,
                  const char* what) {
    if (!claimed) return;
    const auto [known, fresh] = lines.emplace(number, row.line);
    if (fresh) return;
    cells.wrong("numbers", "line " + std::to_string(known->second) + " has " + api::masked(number) + " " + what);
  }

  // Two points of one building in two datums that lie together as they are written, and apart once they are converted.
  void check_datum(const RegistryRow& row, RowCells& cells) {
    if (!row.point || row.area.empty()) return;
    const auto [known, fresh] = places_.emplace(row.area, Place{row.line, row.datum, *row.point});
    if (fresh || known->second.datum == row.datum) return;
    const double apart = metres_between(known->second.point, *row.point);
    const double written =
        metres_between(as_written(known->second.datum, known->second.point), as_written(row.datum, *row.point));
    if (written > kSamePlace || apart < kShifted) return;
    cells.wrong("datum", "as it is written the point lies " + std::to_string(static_cast<int>(written)) +
                             " m from that of line " + std::to_string(known->second.line) + " (" +
                             std::string(datum_name(known->second.datum)) + ", the same area), as " +
                             std::string(datum_name(row.datum)) + " it lies " +
                             std::to_string(static_cast<int>(apart)) + " m from it: one of the two is flagged wrongly");
  }
  static Point as_written(Datum datum, Point point) { return datum == Datum::kWgs84 ? point : gcj02_of(point); }

  struct Place {
    size_t line = 0;
    Datum datum{};
    Point point;
  };
  std::unordered_map<std::string, size_t> by_id_;
  Lines owners_;
  Lines users_;
  std::unordered_map<std::string, Place> places_;
};

std::vector<std::string> changed_columns(const RegistryRow& a, const RegistryRow& b) {
  std::vector<std::string> columns;
  const auto compare = [&columns](bool same, const char* column) {
    if (!same) columns.emplace_back(column);
  };
  compare(a.name == b.name, "name");
  compare(a.numbers == b.numbers, "numbers");
  compare(a.birth_year == b.birth_year, "birth_year");
  compare(a.area == b.area, "area");
  compare(a.point == b.point, "point");
  compare(a.languages == b.languages, "languages");
  compare(a.facts == b.facts, "facts");
  compare(a.household == b.household, "household");
  compare(a.notes == b.notes, "notes");
  return columns;
}

}  // namespace

const std::vector<std::string_view>& known_facts() {
  static const std::vector<std::string_view> kFacts = {"lives_alone", "earlier_victim", "finance_post",
                                                       "minor",       "over_80",        "disabled"};
  return kFacts;
}

Result<RegistryFile> read_registry(std::string_view bytes, const AreaTree& areas, int year) {
  const Result<TableText> table = read_table(bytes);
  if (!table) return Failure(table.error());
  if (const Result<void> known = check_columns(*table, {"id", "numbers"}, kColumns); !known)
    return Failure(known.error());
  RegistryFile file;
  file.encoding = table->encoding;
  file.separator = table->separator;
  file.rows = table->records.size();
  Together together;
  for (const TableText::Record& record : table->records) {
    RowCells cells(*table, record);
    if (!record.fault.empty()) {
      cells.wrong({}, record.fault);
    } else {
      RegistryRow row = read_row(cells, record.line, areas, year);
      together.check(row, cells);
      if (cells.errors().empty()) file.sound.push_back(std::move(row));
    }
    file.errors.insert(file.errors.end(), cells.errors().begin(), cells.errors().end());
  }
  return file;
}

RegistryDiff difference(const std::vector<RegistryRow>& before, const std::vector<RegistryRow>& after) {
  RegistryDiff out;
  std::unordered_map<std::string_view, const RegistryRow*> old;
  for (const RegistryRow& row : before) old.emplace(row.id, &row);
  for (const RegistryRow& row : after) {
    const auto known = old.find(row.id);
    if (known == old.end()) {
      out.added.push_back(row.id);
      continue;
    }
    std::vector<std::string> columns = changed_columns(*known->second, row);
    if (columns.empty()) {
      ++out.unchanged;
    } else {
      out.changed.push_back({row.id, std::move(columns)});
    }
    old.erase(known);
  }
  for (const RegistryRow& row : before) {
    if (old.contains(row.id)) out.missing.push_back(row.id);
  }
  return out;
}

}  // namespace quanzu::registry
