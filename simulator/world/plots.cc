#include "simulator/world/plots.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "simulator/html.h"

namespace quanzu::simulator {
namespace {

constexpr std::array<const char*, 5> kColours = {"#c2571a", "#2b6ca3", "#4d7c3a", "#7a4ea0", "#55636f"};
constexpr std::array<const char*, 5> kDashes = {"", "6 3", "2 3", "8 3 2 3", "1 2"};

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string svg(double width, double height, const std::string& inside) {
  return "<svg role=img width='" + number(width) + "' height='" + number(height) + "' viewBox='0 0 " + number(width) +
         " " + number(height) + "'>" + inside + "</svg>";
}

std::string line(double x1, double y1, double x2, double y2, const std::string& style) {
  return "<line x1='" + number(x1) + "' y1='" + number(y1) + "' x2='" + number(x2) + "' y2='" + number(y2) + "' " +
         style + "/>";
}

std::string text(double x, double y, std::string_view words, std::string_view anchor = "start") {
  return "<text x='" + number(x) + "' y='" + number(y) + "' text-anchor='" + std::string(anchor) + "'>" +
         escaped(words) + "</text>";
}

constexpr double kLabel = 210;  // room for labels at the left
constexpr double kPlot = 460;
constexpr double kBeside = 330;
constexpr double kRow = 24;

}  // namespace

std::string bar_plot(const std::vector<Bar>& bars) {
  double most = 0;
  for (const Bar& bar : bars) most = std::max(most, bar.value);
  std::string out;
  double y = 0;
  for (const Bar& bar : bars) {
    const double width = most > 0 ? kPlot * bar.value / most : 0;
    out += text(kLabel - 10, y + 16, bar.label, "end") + "<rect x='" + number(kLabel) + "' y='" + number(y + 4) +
           "' width='" + number(width) + "' height='15' fill='#c2571a'/>" + text(kLabel + width + 8, y + 16, bar.text);
    y += kRow;
  }
  return svg(kLabel + kPlot + kBeside, y, out);
}

std::string interval_plot(const std::vector<IntervalRow>& rows) {
  std::string out;
  double y = 0;
  const auto at = [](double share) { return kLabel + kPlot * std::clamp(share, 0.0, 1.0); };
  const double height = kRow * static_cast<double>(rows.size()) + 22;
  for (int tick = 0; tick <= 4; ++tick) {
    const double x = at(0.25 * tick);
    out +=
        line(x, 0, x, height - 20, "stroke='#d6dde3'") + text(x, height - 4, std::to_string(25 * tick) + "%", "middle");
  }
  for (const IntervalRow& row : rows) {
    const double middle = y + 12;
    out += text(kLabel - 10, y + 16, row.label, "end");
    if (row.value) {
      out += line(at(row.bound_low), middle, at(row.bound_high), middle, "stroke='#8aa3b5' stroke-width='2'");
      out += line(at(*row.low), middle, at(*row.high), middle, "stroke='#2b6ca3' stroke-width='7'");
      out += "<circle cx='" + number(at(*row.value)) + "' cy='" + number(middle) +
             "' r='4' fill='#fff' stroke='#1b2733' stroke-width='2'/>";
    }
    if (row.known) {
      const double x = at(*row.known);
      out += line(x - 5, middle - 5, x + 5, middle + 5, "stroke='#c2571a' stroke-width='2'") +
             line(x - 5, middle + 5, x + 5, middle - 5, "stroke='#c2571a' stroke-width='2'");
    }
    out += text(kLabel + kPlot + 12, y + 16, row.text);
    y += kRow;
  }
  return svg(kLabel + kPlot + kBeside, height, out);
}

std::string curve_plot(const Axes& axes, const std::vector<Curve>& curves) {
  constexpr double kLeft = 60, kTop = 10, kWidth = 640, kHeight = 240;
  constexpr double kDaySeconds = 86400;
  const auto x_of = [&](double x) {
    const double share = axes.seconds ? std::log(std::max(x, 1.0)) / std::log(kDaySeconds) : x / axes.x_max;
    return kLeft + kWidth * std::clamp(share, 0.0, 1.0);
  };
  const auto y_of = [&](double y) { return kTop + kHeight * (1 - std::clamp(y / axes.y_max, 0.0, 1.0)); };
  std::string out;
  for (int tick = 0; tick <= 4; ++tick) {
    const double y = axes.y_max * tick / 4;
    char label[32];
    std::snprintf(label, sizeof label, axes.share ? "%.0f%%" : "%.0f", axes.share ? 100 * y : y);
    out +=
        line(kLeft, y_of(y), kLeft + kWidth, y_of(y), "stroke='#d6dde3'") + text(kLeft - 8, y_of(y) + 4, label, "end");
  }
  static constexpr std::array<std::pair<double, const char*>, 6> kTimes = {
      {{1, "1 s"}, {10, "10 s"}, {60, "1 min"}, {600, "10 min"}, {3600, "1 h"}, {86400, "1 d"}}};
  if (axes.seconds) {
    for (const auto& [seconds, label] : kTimes) out += text(x_of(seconds), kTop + kHeight + 18, label, "middle");
  } else {
    const double step = std::max(1.0, std::ceil(axes.x_max / 10));
    for (double x = 0; x <= axes.x_max; x += step) {
      out += text(x_of(x), kTop + kHeight + 18, std::to_string(static_cast<int>(x)), "middle");
    }
  }
  out += text(kLeft + kWidth / 2, kTop + kHeight + 36, axes.x, "middle") + text(kLeft, kTop + kHeight + 36, axes.y);
  if (axes.promise) {
    out += line(kLeft, y_of(*axes.promise), kLeft + kWidth, y_of(*axes.promise),
                "stroke='#1b2733' stroke-dasharray='4 3'");
  }
  double legend = kTop + 14;
  for (size_t i = 0; i < curves.size(); ++i) {
    const std::string style = std::string("fill='none' stroke='") + kColours[i % kColours.size()] +
                              "' stroke-width='2' stroke-dasharray='" + kDashes[i % kDashes.size()] + "'";
    std::string points;
    for (const Point& point : curves[i].points) points += number(x_of(point.x)) + "," + number(y_of(point.y)) + " ";
    out += "<polyline points='" + points + "' " + style + "/>";
    out += line(kLeft + kWidth + 12, legend - 4, kLeft + kWidth + 48, legend - 4, style) +
           text(kLeft + kWidth + 54, legend, curves[i].label);
    legend += 20;
  }
  return svg(kLeft + kWidth + 260, kTop + kHeight + 44, out);
}

}  // namespace quanzu::simulator
