#include "adapters/registry/row_error.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace quanzu::registry {
namespace {

constexpr int32_t kMostLat = 90;
constexpr int32_t kMostLon = 180;

std::string joined(const std::vector<std::string_view>& words) {
  std::string text;
  for (const std::string_view word : words) text.append(text.empty() ? "" : ",").append(word);
  return text;
}

Failure in_header(const std::string& what) {
  return fail(Code::kInvalidArgument, "line 1, the header: " + what);
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kWide = "　";  // the ideographic space
  for (;;) {
    const size_t before = text.size();
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    if (text.starts_with(kWide)) text.remove_prefix(kWide.size());
    if (text.ends_with(kWide)) text.remove_suffix(kWide.size());
    if (text.size() == before) return text;
  }
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    if (!trimmed(part).empty()) parts.push_back(trimmed(part));
  }
  return parts;
}

std::string_view RowCells::cell(std::string_view column) const {
  const auto found = std::ranges::find(table_.columns, column);
  const auto at = static_cast<size_t>(found - table_.columns.begin());
  return at < record_.cells.size() ? trimmed(record_.cells[at]) : std::string_view();
}

void RowCells::wrong(std::string_view column, std::string reason) {
  errors_.push_back({record_.line, std::string(column), std::move(reason)});
}

std::optional<int32_t> RowCells::degrees(std::string_view column, int32_t most) {
  const std::string_view text = cell(column);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    wrong(column, "degrees are wanted, such as 30.2741; leave both lat and lon empty where no point is known");
    return std::nullopt;
  }
  if (std::abs(value) > most) {
    wrong(column, "at most " + std::to_string(most) + " degrees are possible; are lat and lon exchanged?");
    return std::nullopt;
  }
  return static_cast<int32_t>(std::lround(value * kUnits));
}

std::optional<Datum> RowCells::datum_of(std::string_view word) {
  if (word == "wgs84") return Datum::kWgs84;
  if (word == "gcj02") return Datum::kGcj02;
  wrong("datum", word.empty() ? std::string("is needed with a point: wgs84, or gcj02 for what comes from a Chinese map")
                              : "is not known: wgs84 or gcj02; others, such as bd09, must be converted first");
  return std::nullopt;
}

std::optional<Point> RowCells::point(Datum& datum) {
  if (cell("lat").empty() && cell("lon").empty()) return std::nullopt;
  const std::optional<int32_t> lat = degrees("lat", kMostLat);
  const std::optional<int32_t> lon = degrees("lon", kMostLon);
  const std::optional<Datum> of = datum_of(cell("datum"));
  if (!lat || !lon || !of) return std::nullopt;
  const Point point{*lat, *lon};
  datum = *of;
  if (datum == Datum::kWgs84) return point;
  if (is_shifted(point)) return wgs84_of(point);
  const bool exchanged = is_shifted({*lon, *lat});
  wrong("datum", exchanged ? "gcj02 is of China, where the point would lie if lat and lon were exchanged"
                           : "gcj02 is of China, and the point lies elsewhere: wgs84 is meant, or the point is wrong");
  return std::nullopt;
}

Result<void> check_columns(const TableText& table, const std::vector<std::string_view>& needed,
                           const std::vector<std::string_view>& allowed) {
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const std::string& column = table.columns[i];
    if (std::ranges::find(allowed, column) == allowed.end()) {
      return in_header("column \"" + column + "\" is not known; the columns are " + joined(allowed));
    }
    if (std::count(table.columns.begin(), table.columns.end(), column) > 1) {
      return in_header("column \"" + column + "\" is there twice");
    }
  }
  for (const std::string_view column : needed) {
    if (std::ranges::find(table.columns, column) == table.columns.end()) {
      return in_header("column \"" + std::string(column) + "\" is missing; the columns are " + joined(allowed));
    }
  }
  return {};
}

}  // namespace quanzu::registry
