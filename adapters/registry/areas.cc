#include "adapters/registry/areas.h"

#include <algorithm>

namespace quanzu::registry {
namespace {

constexpr size_t kShownParts = 8;

std::string shown(const std::vector<std::string>& parts) {
  std::string text;
  for (size_t i = 0; i < std::min(parts.size(), kShownParts); ++i) text += (i == 0 ? "" : ", ") + parts[i];
  if (parts.size() > kShownParts) text += " and " + std::to_string(parts.size() - kShownParts) + " more";
  return text;
}

// "" after the first part.
std::string_view parent_of(std::string_view area) {
  const size_t slash = area.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : area.substr(0, slash);
}

}  // namespace

Result<std::string> clean_area(std::string_view text) {
  constexpr std::string_view kWideSlash = "／";
  std::string plain(text);
  for (size_t at = plain.find(kWideSlash); at != std::string::npos; at = plain.find(kWideSlash)) {
    plain.replace(at, kWideSlash.size(), "/");
  }
  std::string area;
  size_t depth = 0;
  for (std::string_view rest = plain;;) {
    const size_t slash = rest.find('/');
    const std::string_view part = trimmed(rest.substr(0, slash));
    if (part.empty()) return fail(Code::kInvalidArgument, "a part of the path is empty: write street/community/grid");
    if (++depth > kMaxAreaDepth) {
      return fail(Code::kInvalidArgument, "more than " + std::to_string(kMaxAreaDepth) +
                                              " parts: district/street/community/grid/building/door is the most");
    }
    area.append(area.empty() ? "" : "/").append(part);
    if (slash == std::string_view::npos) return area;
    rest.remove_prefix(slash + 1);
  }
}

void AreaTree::add(const std::string& area, std::optional<Point> point) {
  const bool known = areas_.contains(area);
  if (Area& of = areas_[area]; point) of.point = point;
  if (known || area.empty()) return;
  const std::string parent(parent_of(area));
  add(parent, std::nullopt);
  areas_[parent].parts.push_back(area.substr(parent.empty() ? 0 : parent.size() + 1));
}

std::optional<std::string> AreaTree::why_unknown(std::string_view area) const {
  std::string at;
  for (std::string_view rest = area; !rest.empty();) {
    const std::string_view part = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    const auto found = areas_.find(at);
    if (found == areas_.end() || found->second.parts.empty()) return std::nullopt;
    const std::vector<std::string>& parts = found->second.parts;
    if (std::ranges::find(parts, part) == parts.end()) {
      return (at.empty() ? std::string("the place") : at) + " has no " + std::string(part) + "; it has " + shown(parts);
    }
    at.append(at.empty() ? "" : "/").append(part);
  }
  return std::nullopt;
}

std::optional<Point> AreaTree::point_of(std::string_view area) const {
  for (;; area = parent_of(area)) {
    const auto found = areas_.find(area);
    if (found != areas_.end() && found->second.point) return found->second.point;
    if (area.empty()) return std::nullopt;
  }
}

Result<AreaFile> read_areas(std::string_view bytes) {
  const Result<TableText> table = read_table(bytes);
  if (!table) return Failure(table.error());
  const Result<void> known = check_columns(*table, {"area"}, {"area", "lat", "lon", "datum"});
  if (!known) return Failure(known.error());
  AreaFile file;
  for (const TableText::Record& record : table->records) {
    RowCells cells(*table, record);
    if (!record.fault.empty()) cells.wrong({}, record.fault);
    const Result<std::string> area = clean_area(cells.cell("area"));
    if (record.fault.empty() && !area) cells.wrong("area", area.error().message);
    Datum datum{};
    const std::optional<Point> point = cells.point(datum);
    if (cells.errors().empty()) file.tree.add(*area, point);
    file.errors.insert(file.errors.end(), cells.errors().begin(), cells.errors().end());
  }
  return file;
}

}  // namespace quanzu::registry
