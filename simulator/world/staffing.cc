#include "simulator/world/staffing.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "rules/lang/scalar.h"
#include "simulator/html.h"
#include "simulator/world/plots.h"

namespace quanzu::simulator {
namespace {

// Of the level and above: a case that comes in as critical is a high one too.
double share_within(const Outcome& outcome, const Promise& promise) {
  double in_time = 0;
  double all = 0;
  for (const Waiting& each : outcome.waiting) {
    if (each.level < promise.level) continue;
    const auto size = static_cast<double>(each.claimed.size() + each.never);
    in_time += each.within(promise.within) * size;
    all += size;
  }
  return all > 0 ? in_time / all : 1;
}

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f%%", 100 * share);
  return text;
}

std::string words_of(const Promise& promise) {
  return percent(promise.share) + " of cases that come to " + std::string(level_name(promise.level)) +
         " or above are claimed within " + std::to_string(promise.within.count() / 1000) + " s";
}

std::string answer_of(const Staffing& staffing) {
  if (!staffing.seats) return "not even " + std::to_string(kMostSeats) + " seats of " + staffing.team + " keep it";
  return std::to_string(*staffing.seats) + " seats of " + staffing.team + " keep it";
}

}  // namespace

Result<Promise> parse_promise(std::string_view text) {
  const auto refuse = [&] {
    return fail(Code::kInvalidArgument, quoted(text) + " is no promise: write \"90% of high in 60s\"", "staffing");
  };
  Promise out;
  unsigned share = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), share);
  if (error != std::errc() || share == 0 || share > 100) return refuse();
  out.share = share / 100.0;
  std::string_view rest = text.substr(static_cast<size_t>(end - text.data()));
  if (!rest.starts_with("% of ")) return refuse();
  rest.remove_prefix(5);
  const size_t in = rest.find(" in ");
  if (in == std::string_view::npos) return refuse();
  const std::optional<Level> level = find_level(rest.substr(0, in));
  const Result<Duration> within = rules::parse_timespan(rest.substr(in + 4));
  if (!level || *level == Level::kNone || !within) return refuse();
  out.level = *level;
  out.within = *within;
  return out;
}

Result<Staffing> find_staffing(const Scenario& scenario, const runtime::SharedPacks& packs, const Promise& promise,
                               const WorldOptions& options) {
  Scenario tried = scenario;
  const auto team = std::find_if(tried.teams.begin(), tried.teams.end(), [](const TeamPlan& each) {
    return std::find(each.does.begin(), each.does.end(), TaskType::kCall) != each.does.end();
  });
  if (team == tried.teams.end()) return fail(Code::kInvalidArgument, "no team of the scenario does calls", "staff");
  Staffing out{.promise = promise, .team = team->name, .curve = {}, .seats = {}};
  WorldOptions without = options;
  without.aftermath = false;
  for (uint32_t seats = 1; seats <= kMostSeats; ++seats) {
    team->seats = seats;
    out.curve.push_back({seats, share_within(run_world(tried, packs, without), promise)});
    if (out.seats && seats >= *out.seats + 2) break;  // two more, to show where the curve goes
    if (!out.seats && out.curve.back().share >= promise.share) out.seats = seats;
  }
  return out;
}

std::string staffing_text(const Staffing& staffing) {
  std::string out = words_of(staffing.promise) + ": " + answer_of(staffing) + "\n\nseats  in time\n";
  for (const StaffingPoint& point : staffing.curve) {
    char text[64];
    std::snprintf(text, sizeof text, "%5u  %s\n", point.seats, percent(point.share).c_str());
    out += text;
  }
  return out;
}

std::string staffing_json(const Staffing& staffing) {
  boost::json::array curve;
  for (const StaffingPoint& point : staffing.curve) {
    curve.emplace_back(boost::json::object{{"seats", point.seats}, {"share", point.share}});
  }
  boost::json::object out{{"share", staffing.promise.share},
                          {"level", level_name(staffing.promise.level)},
                          {"within_s", staffing.promise.within.count() / 1000},
                          {"team", staffing.team},
                          {"curve", std::move(curve)}};
  out["seats"] = staffing.seats ? boost::json::value(*staffing.seats) : boost::json::value(nullptr);
  return boost::json::serialize(out);
}

std::string staffing_html(const Scenario& scenario, const Staffing& staffing) {
  Curve curve{"in time", {}};
  double most = 1;
  for (const StaffingPoint& point : staffing.curve) {
    curve.points.push_back({static_cast<double>(point.seats), point.share});
    most = std::max(most, static_cast<double>(point.seats));
  }
  return page_head(scenario.title + ": seats for a promise") +
         cell(words_of(staffing.promise) + ": " + answer_of(staffing) + ".", "p") +
         curve_plot({.x = "seats of " + staffing.team,
                     .y = "claimed in time",
                     .x_max = most,
                     .share = true,
                     .promise = staffing.promise.share},
                    {curve}) +
         page_end();
}

double erlang_c_within(double arrivals_per_s, double service_s, uint32_t seats, Duration within) {
  const double load = arrivals_per_s * service_s;
  if (load >= seats) return 0;
  double blocked = 1;  // Erlang's B, seat by seat
  for (uint32_t seat = 1; seat <= seats; ++seat) blocked = load * blocked / (seat + load * blocked);
  const double waits = seats * blocked / (seats - load * (1 - blocked));
  const double seconds = static_cast<double>(within.count()) / 1000;
  return 1 - waits * std::exp(-(seats - load) * seconds / service_s);
}

}  // namespace quanzu::simulator
