// The tree of areas that a place is divided into: district, street, community, grid, and below them whatever rows name
// (building, door). A file with the header area,lat,lon,datum; an area's parents need no row of their own. Read once, then
// any thread.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/registry/datum.h"
#include "adapters/registry/row_error.h"
#include "engine/result.h"

namespace quanzu::registry {

// "street/community/grid": parts without blanks at their ends, full-width slashes made plain. Errors: an empty part, too many.
Result<std::string> clean_area(std::string_view text);
constexpr size_t kMaxAreaDepth = 6;

class AreaTree {
 public:
  void add(const std::string& area, std::optional<Point> point);
  // Whether an area lies in the tree: each part is known down to an area whose own parts are not listed. The reason where it
  // does not, with what is there.
  std::optional<std::string> why_unknown(std::string_view area) const;
  // Of the area or of the nearest one above it that has one.
  std::optional<Point> point_of(std::string_view area) const;
  size_t size() const { return areas_.size(); }

 private:
  struct Area {
    std::optional<Point> point;
    std::vector<std::string> parts;  // the next ones' names, in the file's order
  };
  std::map<std::string, Area, std::less<>> areas_;  // by path; "" is all of it
};

struct AreaFile {
  AreaTree tree;
  std::vector<RowError> errors;
};
// Errors: kInvalidArgument where the file is no such table.
Result<AreaFile> read_areas(std::string_view bytes);

}  // namespace quanzu::registry
