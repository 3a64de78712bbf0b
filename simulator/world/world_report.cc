#include "simulator/world/world_report.h"

#include <boost/json.hpp>
#include <cstdio>

#include "adapters/api/render.h"
#include "simulator/html.h"

namespace quanzu::simulator {
namespace {

namespace json = boost::json;

std::string line(const char* format, auto... values) {
  char text[240];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

std::string percent(double share) {
  return line("%.1f%%", 100 * share);
}

std::string measured(const Measure& of) {
  if (!of.value) return "-";
  return line("%5.1f%% (%.1f to %.1f), bounds %.1f to %.1f, %llu of %llu", 100 * *of.value, 100 * *of.low,
              100 * *of.high, 100 * of.bound_low.value_or(0), 100 * of.bound_high.value_or(1),
              static_cast<unsigned long long>(of.numerator), static_cast<unsigned long long>(of.denominator));
}

json::object harm_json(const Harm& harm) {
  return {{"people", harm.people}, {"fen", harm.fen}};
}

json::object funnel_json(const Funnel& funnel) {
  return {{"lures", funnel.lures},
          {"groomed", funnel.groomed},
          {"would_pay", harm_json(funnel.would_pay)},
          {"warned", harm_json(funnel.warned)},
          {"reached", harm_json(funnel.reached)},
          {"saved", harm_json(funnel.saved)},
          {"paid", harm_json(funnel.paid)}};
}

json::array waiting_json(const Outcome& outcome) {
  json::array out;
  for (const Waiting& each : outcome.waiting) {
    const auto seconds = [&](double q) -> json::value {
      const Duration* at = quantile_of(each, q);
      if (at == nullptr) return nullptr;
      return static_cast<double>(at->count()) / 1000;
    };
    out.emplace_back(json::object{{"level", level_name(each.level)},
                                  {"claimed", each.claimed.size()},
                                  {"never", each.never},
                                  {"p50_s", seconds(0.5)},
                                  {"p90_s", seconds(0.9)}});
  }
  return out;
}

json::array measures_json(const Outcome& outcome) {
  json::array out;
  for (const Measure& each : outcome.measures) {
    json::object row = api::render_measure(each);
    const auto known = outcome.known.find(each.name);
    row["known_numerator"] = known->second.numerator;
    row["known_denominator"] = known->second.denominator;
    out.emplace_back(std::move(row));
  }
  return out;
}

}  // namespace

std::string length_of(const Duration* length) {
  if (length == nullptr) return "-";
  const double seconds = static_cast<double>(length->count()) / 1000;
  if (seconds < 120) return line("%.1f s", seconds);
  if (seconds < 7200) return line("%.1f min", seconds / 60);
  return line("%.1f h", seconds / 3600);
}

const Duration* quantile_of(const Waiting& waiting, double q) {
  if (waiting.claimed.empty()) return nullptr;
  const auto last = waiting.claimed.size() - 1;
  return &waiting.claimed[static_cast<size_t>(q * static_cast<double>(last))];
}

std::string world_text(const Scenario& scenario, const Outcome& outcome) {
  const Funnel& funnel = outcome.funnel;
  std::string out = outcome.title + ", seed " + std::to_string(outcome.seed) + ": " + grouped(outcome.residents) +
                    " residents, " + std::to_string(outcome.days) + " days\n\n";
  out += grouped(outcome.signals) + " signals, " + grouped(outcome.alerts) + " alerts, " + grouped(outcome.cases) +
         " cases (" + grouped(outcome.cases_about_victims) + " about somebody who was lured), " +
         grouped(outcome.attempts) + " attempts\n";
  out += "lawful signals that a rule held for: " + grouped(outcome.lawful_matched) + " of " + grouped(outcome.lawful) +
         "\n\n";
  out += "known from their fates                 people          yuan\n";
  const auto row = [&](const char* name, const Harm& harm) {
    out += line("  %-34s %8s %14s\n", name, grouped(harm.people).c_str(),
                grouped(static_cast<uint64_t>(harm.fen / 100)).c_str());
  };
  out += line("  %-34s %8s\n  %-34s %8s\n", "lured", grouped(funnel.lures).c_str(), "groomed",
              grouped(funnel.groomed).c_str());
  row("would pay, if nobody warned", funnel.would_pay);
  row("had a case before", funnel.warned);
  row("were reached before", funnel.reached);
  row("were saved", funnel.saved);
  row("paid", funnel.paid);
  out += "\nfirst claim, in hours with somebody to call   claimed  never      p50        p90\n";
  for (const Waiting& each : outcome.waiting) {
    out += line("  %-42s %8s %6s %10s %10s\n", std::string(level_name(each.level)).c_str(),
                grouped(each.claimed.size()).c_str(), grouped(each.never).c_str(),
                length_of(quantile_of(each, 0.5)).c_str(), length_of(quantile_of(each, 0.9)).c_str());
  }
  out += "\nteams' share of paid hours at work:";
  for (size_t team = 0; team < outcome.busy.size(); ++team)
    out += " " + scenario.teams[team].name + " " + percent(outcome.busy[team]);
  out += "\n\nmeasure, as the record has it; then with every verdict known\n";
  for (const Measure& each : outcome.measures) {
    const KnownRate& known = outcome.known.at(each.name);
    if (each.name.ends_with("_s") || known.denominator == 0) continue;
    out += line("  %-26s %-62s %5.1f%% (%llu of %llu)\n", each.name.c_str(), measured(each).c_str(),
                100.0 * static_cast<double>(known.numerator) / static_cast<double>(known.denominator),
                static_cast<unsigned long long>(known.numerator), static_cast<unsigned long long>(known.denominator));
  }
  out += "\njournal " + outcome.journal_digest + "\nstate   " + outcome.state_digest + "\n";
  return out;
}

std::string world_json(const Scenario& scenario, const Outcome& outcome) {
  json::array rules, days, teams;
  for (const RuleValue& each : outcome.rules) {
    rules.emplace_back(json::object{{"rule", each.id}, {"alerts", each.alerts}, {"about_victims", each.about_victims}});
  }
  for (const Day& each : outcome.by_day) {
    days.emplace_back(json::object{{"signals", each.signals},
                                   {"alerts", each.alerts},
                                   {"cases", each.cases},
                                   {"would_pay", each.would_pay},
                                   {"paid", each.paid}});
  }
  for (size_t team = 0; team < outcome.busy.size(); ++team) {
    teams.emplace_back(json::object{
        {"team", scenario.teams[team].name}, {"seats", scenario.teams[team].seats}, {"busy", outcome.busy[team]}});
  }
  return json::serialize(json::object{{"title", outcome.title},
                                      {"seed", outcome.seed},
                                      {"residents", outcome.residents},
                                      {"days", outcome.days},
                                      {"signals", outcome.signals},
                                      {"lawful", outcome.lawful},
                                      {"lawful_matched", outcome.lawful_matched},
                                      {"alerts", outcome.alerts},
                                      {"cases", outcome.cases},
                                      {"cases_about_victims", outcome.cases_about_victims},
                                      {"attempts", outcome.attempts},
                                      {"events", outcome.events},
                                      {"funnel", funnel_json(outcome.funnel)},
                                      {"waiting", waiting_json(outcome)},
                                      {"teams", std::move(teams)},
                                      {"by_day", std::move(days)},
                                      {"alerts_by_rule", std::move(rules)},
                                      {"measures", measures_json(outcome)},
                                      {"journal_digest", outcome.journal_digest},
                                      {"state_digest", outcome.state_digest},
                                      {"seconds", outcome.seconds}});
}

}  // namespace quanzu::simulator
