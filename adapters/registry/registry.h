// The registry of residents as another system exports it: what its rows say, and what is wrong with those that can't be taken.
// A row stands or falls as a whole. And what a new export changes against the one before. Pure but for its input; any thread.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "adapters/registry/areas.h"
#include "engine/number.h"

namespace quanzu::registry {

// Who has a number: its owner pays for it, its user answers it; a household's is answered by whoever is at home.
struct NumberTie {
  Number number;
  bool owner = false;
  bool user = false;
  bool household = false;
  friend bool operator==(const NumberTie&, const NumberTie&) = default;
};

struct RegistryRow {
  size_t line = 0;
  std::string id;  // the other system's
  std::string name;
  std::vector<NumberTie> numbers;  // by number
  int birth_year = 0;              // 0: unknown
  std::string area;                // empty: unknown
  std::optional<Point> point;      // WGS-84
  Datum datum = Datum::kWgs84;     // that the file had it in
  std::vector<std::string> languages;
  std::vector<std::string> facts;
  std::string household;  // those with the same live together
  std::string notes;
};

struct RegistryFile {
  std::string encoding;
  char separator = ',';
  size_t rows = 0;
  std::vector<RegistryRow> sound;  // in the file's order
  std::vector<RowError> errors;    // by line; a row may have several
  size_t rejected() const { return rows - sound.size(); }
};

// The facts that a row may state.
const std::vector<std::string_view>& known_facts();

// `areas` empty: any area is taken. `year`: the present one. Errors: kInvalidArgument where the file is no such table.
Result<RegistryFile> read_registry(std::string_view bytes, const AreaTree& areas, int year);

struct RegistryDiff {
  struct Changed {
    std::string id;
    std::vector<std::string> columns;
  };
  std::vector<std::string> added;  // ids, in the order of the new file
  std::vector<Changed> changed;
  std::vector<std::string> missing;  // in the order of the old one: nobody is removed for it
  size_t unchanged = 0;
};
RegistryDiff difference(const std::vector<RegistryRow>& before, const std::vector<RegistryRow>& after);

}  // namespace quanzu::registry
