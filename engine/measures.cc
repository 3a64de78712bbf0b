#include "engine/measures.h"

#include <algorithm>
#include <iterator>

#include "engine/measure_definitions.h"

namespace quanzu {
namespace {

constexpr uint64_t kSmall = 20;

struct Tally {
  uint64_t numerator = 0;
  uint64_t denominator = 0;
  uint64_t unsettled = 0;
  uint64_t immature = 0;
  std::map<std::string, uint64_t> excluded;
  std::vector<ResidentId> residents;  // of the denominator

  void add(Side side, ResidentId resident) {
    switch (side) {
      case Side::kNumerator:
      case Side::kDenominator:
        numerator += side == Side::kNumerator ? 1 : 0;
        ++denominator;
        residents.push_back(resident);
        break;
      case Side::kUnsettled:
        ++unsettled;
        break;
      case Side::kImmature:
        ++immature;
        break;
      case Side::kNone:
      case Side::kExcluded:  // counted by reason
        break;
    }
  }
};

Side side_of(const RatioDefinition& ratio, const Exposure& exposure, const MeasureQuery& query) {
  const Standing standing = standing_of(exposure, query.as_of, query.horizon);
  if (standing == Standing::kExcluded) return Side::kExcluded;
  return standing == Standing::kImmature ? Side::kImmature : ratio.side(exposure, standing);
}

Side side_of(const TimeDefinition& time, const Exposure& exposure, const MeasureQuery& query) {
  if (!exclusion_of(exposure).empty()) return Side::kExcluded;
  return time.wait(exposure, query.as_of).happened ? Side::kNumerator : Side::kDenominator;
}

// n^2 / sum(m_i^2): one resident with many exposures tells less than many residents. Who is unknown stands alone.
double effective_size(std::vector<ResidentId> residents) {
  std::sort(residents.begin(), residents.end());
  double squares = 0;
  for (auto first = residents.begin(); first != residents.end();) {
    const auto last = *first ? std::upper_bound(first, residents.end(), *first) : std::next(first);
    const auto repeats = static_cast<double>(last - first);
    squares += repeats * repeats;
    first = last;
  }
  const auto n = static_cast<double>(residents.size());
  return squares > 0 ? n * n / squares : 0;
}

std::vector<Excluded> listed(const std::map<std::string, uint64_t>& counts) {
  std::vector<Excluded> out;
  for (const auto& [reason, count] : counts) out.push_back({reason, count});
  return out;
}

Measure ratio_of(std::string_view name, std::string_view definition, const Tally& tally) {
  Measure out;
  out.name = name;
  out.definition = definition;
  out.numerator = tally.numerator;
  out.denominator = tally.denominator;
  out.immature = tally.immature;
  out.small = tally.denominator < kSmall;
  out.excluded = listed(tally.excluded);
  const auto k = static_cast<double>(tally.numerator);
  const auto n = static_cast<double>(tally.denominator);
  if (tally.denominator > 0) {
    out.value = k / n;
    const double effective = effective_size(tally.residents);
    const Interval interval = wilson(k / n * effective, effective);
    out.low = interval.low;
    out.high = interval.high;
  }
  if (const double all = n + static_cast<double>(tally.unsettled); all > 0) {
    out.bound_low = k / all;
    out.bound_high = (k + static_cast<double>(tally.unsettled)) / all;
  }
  return out;
}

std::optional<double> in_seconds(const std::optional<Duration>& length) {
  if (!length) return std::nullopt;
  return static_cast<double>(length->count()) / 1000;
}

using Exposures = std::vector<const Exposure*>;
using Loops = std::vector<const ClosedLoop*>;

Measure measure_ratio(const RatioDefinition& ratio, const Exposures& exposures, const MeasureQuery& query) {
  Tally tally;
  for (const Exposure* each : exposures) {
    const Side side = side_of(ratio, *each, query);
    if (side == Side::kExcluded) ++tally.excluded[std::string(exclusion_of(*each))];
    tally.add(side, each->resident);
  }
  return ratio_of(ratio.name, ratio.text, tally);
}

Measure measure_time(const TimeDefinition& time, const Exposures& exposures, const MeasureQuery& query) {
  std::vector<Wait> waits;
  std::map<std::string, uint64_t> excluded;
  for (const Exposure* each : exposures) {
    if (const std::string_view reason = exclusion_of(*each); !reason.empty()) {
      ++excluded[std::string(reason)];
    } else {
      waits.push_back(time.wait(*each, query.as_of));
    }
  }
  Measure out;
  out.name = time.name;
  out.definition = time.text;
  out.numerator =
      static_cast<uint64_t>(std::count_if(waits.begin(), waits.end(), [](const Wait& each) { return each.happened; }));
  out.denominator = waits.size();
  out.small = waits.size() < kSmall;
  out.excluded = listed(excluded);
  const Quantile quantile = kaplan_meier(std::move(waits), time.share);
  out.value = in_seconds(quantile.at);
  out.low = in_seconds(quantile.low);
  out.high = in_seconds(quantile.high);
  return out;
}

Measure measure_closed_loop(const Loops& loops, const MeasureQuery& query) {
  const LoopDefinition& loop = loop_definition();
  Tally tally;
  for (const ClosedLoop* each : loops) tally.add(loop.side(*each, query.as_of), ResidentId());
  return ratio_of(loop.name, loop.text, tally);
}

using Group = std::map<std::string, std::string>;

std::string or_none(std::string_view word) {
  return std::string(word.empty() ? "none" : word);
}

// "2026-11" as a calendar in China has it; there is one zone and no summer time.
std::string month_of(Instant at) {
  return format_rfc3339(at + std::chrono::hours(8)).substr(0, 7);
}

template <class Row>
Group group_of(const Row& row, Instant at, const std::vector<std::string>& group_by) {
  Group group;
  for (const std::string& key : group_by) {
    if (key == "area") group[key] = or_none(row.area);
    if (key == "level") group[key] = level_name(row.level);
    if (key == "fraud_type") group[key] = or_none(fraud_type_name(row.fraud_type));
    if (key == "month") group[key] = month_of(at);
  }
  return group;
}

template <class Row>
std::map<Group, std::vector<const Row*>> grouped(std::span<const Row> rows, Instant Row::*start,
                                                 const MeasureQuery& query) {
  std::map<Group, std::vector<const Row*>> groups;
  if (query.group_by.empty()) groups[{}];
  for (const Row& row : rows) {
    const Instant at = row.*start;
    if ((query.from && at < *query.from) || (query.to && at >= *query.to)) continue;
    groups[group_of(row, at, query.group_by)].push_back(&row);
  }
  return groups;
}

template <class Row>
std::vector<const Row*> rows_of(const std::map<Group, std::vector<const Row*>>& groups, const Group& group) {
  const auto found = groups.find(group);
  return found == groups.end() ? std::vector<const Row*>() : found->second;
}

template <class Rows, class Formula>
void add_rows(const std::map<Group, Rows>& groups, const Formula& formula, std::vector<Measure>& out) {
  for (const auto& [group, rows] : groups) {
    out.push_back(formula(rows));
    out.back().group = group;
  }
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string out;
  for (const std::string_view word : words) out.append(out.empty() ? "" : ", ").append(word);
  return out;
}

Result<void> check(const MeasureQuery& query) {
  const std::vector<std::string_view> names = measure_names();
  for (const std::string& name : query.names) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      return fail(Code::kInvalidArgument, "there is no measure " + quoted(name) + "; there are " + joined(names),
                  "names");
    }
  }
  const std::vector<std::string_view> groups = {"area", "level", "fraud_type", "month"};
  for (const std::string& key : query.group_by) {
    if (std::find(groups.begin(), groups.end(), key) == groups.end()) {
      return fail(Code::kInvalidArgument, "measures are not grouped by " + quoted(key) + " but by " + joined(groups),
                  "group_by");
    }
  }
  if (query.from && query.to && *query.from >= *query.to) {
    return fail(Code::kInvalidArgument, "the period is empty: from must be before to", "from");
  }
  if (query.horizon <= Duration(0)) return fail(Code::kInvalidArgument, "the horizon must be positive", "horizon");
  return {};
}

template <class Definition>
const Definition* find_definition(std::span<const Definition> definitions, std::string_view name) {
  for (const Definition& each : definitions) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

}  // namespace

std::vector<std::string_view> measure_names() {
  std::vector<std::string_view> names;
  for (const RatioDefinition& ratio : ratio_definitions()) names.push_back(ratio.name);
  names.push_back(loop_definition().name);
  for (const TimeDefinition& time : time_definitions()) names.push_back(time.name);
  return names;
}

Result<std::vector<Measure>> measure(std::span<const Exposure> exposures, std::span<const ClosedLoop> loops,
                                     const MeasureQuery& query) {
  if (Result<void> good = check(query); !good) return Failure(std::move(good.error()));
  const auto by_group = grouped(exposures, &Exposure::t0, query);
  const auto loops_by_group = grouped(loops, &ClosedLoop::issued_at, query);
  std::vector<std::string_view> names = measure_names();
  if (!query.names.empty()) names.assign(query.names.begin(), query.names.end());
  std::vector<Measure> out;
  for (const std::string_view name : names) {
    if (const auto* ratio = find_definition(ratio_definitions(), name)) {
      add_rows(
          by_group, [&](const Exposures& rows) { return measure_ratio(*ratio, rows, query); }, out);
    } else if (const auto* time = find_definition(time_definitions(), name)) {
      add_rows(
          by_group, [&](const Exposures& rows) { return measure_time(*time, rows, query); }, out);
    } else {
      add_rows(
          loops_by_group, [&](const Loops& rows) { return measure_closed_loop(rows, query); }, out);
    }
  }
  return out;
}

Result<Drilled> drill(std::span<const Exposure> exposures, std::span<const ClosedLoop> loops, const MeasureQuery& query,
                      const Group& group, Side side) {
  if (Result<void> good = check(query); !good) return Failure(std::move(good.error()));
  if (query.names.size() != 1) return fail(Code::kInvalidArgument, "one measure is drilled at a time", "names");
  const auto stands = [side](Side where) {
    return where == side || (side == Side::kDenominator && where == Side::kNumerator);
  };
  const std::string_view name = query.names.front();
  Drilled out;
  if (name == loop_definition().name) {
    for (const ClosedLoop* each : rows_of(grouped(loops, &ClosedLoop::issued_at, query), group)) {
      if (stands(loop_definition().side(*each, query.as_of))) out.instructions.push_back(each->id);
    }
    return out;
  }
  const auto* ratio = find_definition(ratio_definitions(), name);
  const auto* time = find_definition(time_definitions(), name);
  for (const Exposure* each : rows_of(grouped(exposures, &Exposure::t0, query), group)) {
    const Side where = ratio != nullptr ? side_of(*ratio, *each, query) : side_of(*time, *each, query);
    if (stands(where)) out.cases.push_back(each->id);
  }
  return out;
}

}  // namespace quanzu
