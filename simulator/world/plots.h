// Plots of a report as inline SVG: bars, intervals, steps and lines, with their figures as text beside them, so that nothing is
// told by colour alone. Pure; any thread.
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace quanzu::simulator {

struct Bar {
  std::string label;
  double value = 0;
  std::string text;  // beside it
};
// Bars from the left, the longest as wide as the plot.
std::string bar_plot(const std::vector<Bar>& bars);

struct IntervalRow {
  std::string label;
  std::optional<double> value, low, high;  // shares, 0 to 1
  double bound_low = 0, bound_high = 1;
  std::optional<double> known;  // marked by a cross
  std::string text;
};
// A line a row over 0 to 100%: the bounds as a thin line, the interval as a thick one, the value as a dot.
std::string interval_plot(const std::vector<IntervalRow>& rows);

struct Point {
  double x = 0;
  double y = 0;
};
struct Curve {
  std::string label;
  std::vector<Point> points;
};
struct Axes {
  std::string x, y;
  double x_max = 1, y_max = 1;
  bool seconds = false;           // x is a logarithm of seconds, 1 s to a day
  bool share = false;             // y is a share, shown in per cent
  std::optional<double> promise;  // a line across
};
std::string curve_plot(const Axes& axes, const std::vector<Curve>& curves);

}  // namespace quanzu::simulator
