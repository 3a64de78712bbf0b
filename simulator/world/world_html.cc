#include <algorithm>
#include <cstdio>

#include "simulator/html.h"
#include "simulator/world/plots.h"
#include "simulator/world/world_report.h"

namespace quanzu::simulator {
namespace {

constexpr size_t kMostRules = 25;

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f%%", 100 * share);
  return text;
}

std::string yuan(int64_t fen) {
  return grouped(static_cast<uint64_t>(fen / 100)) + " yuan";
}

std::string heading(std::string_view text) {
  return cell(text, "h2");
}

std::string note(std::string_view text) {
  return "<p class=note>" + escaped(text) + "</p>";
}

std::string funnel_html(const Funnel& funnel) {
  std::vector<Bar> bars;
  const auto add = [&](const char* label, const Harm& harm) {
    bars.push_back({label, static_cast<double>(harm.people), grouped(harm.people) + " people, " + yuan(harm.fen)});
  };
  add("would pay unwarned", funnel.would_pay);
  add("had a case before", funnel.warned);
  add("were reached before", funnel.reached);
  add("were saved", funnel.saved);
  add("paid", funnel.paid);
  return heading("Who would have paid, and who did not") + bar_plot(bars) +
         note("Of " + grouped(funnel.lures) + " who got a hook, " + grouped(funnel.groomed) +
              " were groomed. Every resident's fate without a warning is known here, so this is an effect; reality "
              "never "
              "shows it.");
}

std::string measures_html(const Outcome& outcome) {
  std::vector<IntervalRow> rows;
  for (const Measure& each : outcome.measures) {
    if (each.name.ends_with("_s")) continue;
    const KnownRate& known = outcome.known.at(each.name);
    IntervalRow row{each.name, each.value, each.low, each.high, each.bound_low.value_or(0), each.bound_high.value_or(1),
                    {},        {}};
    if (known.denominator > 0) {
      row.known = static_cast<double>(known.numerator) / static_cast<double>(known.denominator);
    }
    row.text = (each.value ? percent(*each.value) : std::string("-")) + " (" + grouped(each.numerator) + " of " +
               grouped(each.denominator) + "), known " + (row.known ? percent(*row.known) : std::string("-"));
    rows.push_back(std::move(row));
  }
  return heading("The measures, and the same with every verdict known") + interval_plot(rows) +
         note(
             "Dot: the rate that the record gives. Thick: its 95% interval. Thin: its bounds, all that is unsettled "
             "against "
             "it to all for it. Cross: the rate with every verdict and truth known. Definitions: docs/measures.md.");
}

std::string waits_html(const Outcome& outcome) {
  std::vector<Curve> curves;
  std::string table = "<table><tr><th>level</th><th>claimed</th><th>never</th><th>half by</th><th>90% by</th></tr>";
  for (const Waiting& each : outcome.waiting) {
    Curve curve{std::string(level_name(each.level)), {}};
    const auto all = static_cast<double>(each.claimed.size() + each.never);
    const size_t step = std::max<size_t>(1, each.claimed.size() / 200);
    for (size_t i = 0; i < each.claimed.size(); i += step) {
      curve.points.push_back({static_cast<double>(each.claimed[i].count()) / 1000, static_cast<double>(i + 1) / all});
    }
    if (!curve.points.empty()) curves.push_back(std::move(curve));
    table += "<tr>" + cell(level_name(each.level)) + cell(grouped(each.claimed.size())) + cell(grouped(each.never)) +
             cell(length_of(quantile_of(each, 0.5))) + cell(length_of(quantile_of(each, 0.9))) + "</tr>";
  }
  return heading("How long cases waited for the first claim") +
         curve_plot({.x = "time since the case came to the level",
                     .y = "share claimed",
                     .seconds = true,
                     .share = true,
                     .promise = {}},
                    curves) +
         table + "</table>" +
         note(
             "Cases that came to the level in hours when somebody was there to call; each at the highest level at "
             "which it began.");
}

std::string days_html(const Outcome& outcome) {
  std::vector<Curve> curves = {{"cases opened", {}}, {"would pay", {}}, {"paid", {}}};
  double most = 1;
  for (size_t day = 0; day < outcome.by_day.size(); ++day) {
    const Day& of = outcome.by_day[day];
    const auto x = static_cast<double>(day + 1);
    curves[0].points.push_back({x, static_cast<double>(of.cases)});
    curves[1].points.push_back({x, static_cast<double>(of.would_pay)});
    curves[2].points.push_back({x, static_cast<double>(of.paid)});
    most = std::max({most, static_cast<double>(of.cases), static_cast<double>(of.would_pay)});
  }
  return heading("Day by day") + curve_plot({.x = "day",
                                             .y = "a day",
                                             .x_max = static_cast<double>(outcome.by_day.size()),
                                             .y_max = most,
                                             .promise = {}},
                                            curves);
}

std::string rules_html(const Outcome& outcome) {
  std::string out = heading("What each rule was worth") +
                    "<table><tr><th>rule</th><th>alerts</th><th>about somebody who was lured</th><th>share</th></tr>";
  for (size_t i = 0; i < std::min(kMostRules, outcome.rules.size()); ++i) {
    const RuleValue& rule = outcome.rules[i];
    out += "<tr>" + cell(rule.id) + cell(grouped(rule.alerts)) + cell(grouped(rule.about_victims)) +
           cell(percent(static_cast<double>(rule.about_victims) /
                        static_cast<double>(std::max<uint64_t>(rule.alerts, 1)))) +
           "</tr>";
  }
  out += "</table>";
  if (outcome.rules.size() > kMostRules)
    out += note("and " + grouped(outcome.rules.size() - kMostRules) + " more: --json");
  return out;
}

std::string teams_html(const Scenario& scenario, const Outcome& outcome) {
  std::vector<Bar> bars;
  for (size_t team = 0; team < outcome.busy.size(); ++team) {
    const TeamPlan& plan = scenario.teams[team];
    bars.push_back(
        {plan.name + ", " + std::to_string(plan.seats) + " seats", outcome.busy[team], percent(outcome.busy[team])});
  }
  return heading("Teams: share of their paid hours at work") + bar_plot(bars);
}

}  // namespace

std::string world_html(const Scenario& scenario, const Outcome& outcome) {
  std::string out = page_head(outcome.title);
  out += "<p>" + grouped(outcome.residents) + " residents, " + std::to_string(outcome.days) + " days from " +
         format_rfc3339(outcome.start) + ", seed " + std::to_string(outcome.seed) + ": " + grouped(outcome.signals) +
         " signals, " + grouped(outcome.alerts) + " alerts, " + grouped(outcome.cases) + " cases, of which " +
         grouped(outcome.cases - outcome.cases_about_victims) + " about nobody who was lured; " +
         grouped(outcome.attempts) +
         " attempts. Every lawful signal went through the rules' real matcher; a rule held for " +
         grouped(outcome.lawful_matched) + " of " + grouped(outcome.lawful) + ".</p>" +
         note(
             "An invented world: probabilities are assumed unless docs/simulator.md names a source. It compares rules, "
             "staff "
             "and clocks; it says nothing about a real street's rates.");
  out += funnel_html(outcome.funnel) + measures_html(outcome) + waits_html(outcome) + days_html(outcome) +
         teams_html(scenario, outcome) + rules_html(outcome);
  out += note("journal " + outcome.journal_digest + ", state " + outcome.state_digest);
  return out + page_end();
}

}  // namespace quanzu::simulator
