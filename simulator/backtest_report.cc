#include "simulator/backtest_report.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cstdio>
#include <map>
#include <numeric>

#include "adapters/api/render.h"
#include "engine/fraud_type.h"
#include "engine/statistics.h"
#include "simulator/html.h"

namespace quanzu::simulator {
namespace {

namespace json = boost::json;

constexpr std::array kShownLevels = {Level::kCritical, Level::kHigh, Level::kMedium, Level::kLow};

std::string hours_of(double hours) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", hours);
  return text;
}

// "83% (60 to 94), 15 of 18"; "-" where nothing is known.
std::string share_of(uint64_t k, uint64_t n) {
  if (n == 0) return "-";
  const Interval interval = wilson(static_cast<double>(k), static_cast<double>(n));
  char text[64];
  std::snprintf(text, sizeof text, "%.0f%% (%.0f to %.0f), %llu of %llu",
                100.0 * static_cast<double>(k) / static_cast<double>(n), 100 * interval.low, 100 * interval.high,
                static_cast<unsigned long long>(k), static_cast<unsigned long long>(n));
  return text;
}

uint64_t cases_of(const WorldReport& world, Level level) {
  const auto found = world.cases.find(level);
  return found == world.cases.end() ? 0 : found->second;
}

std::string cost_of(const WorldReport& world, uint64_t signals) {
  if (signals == 0) return "-";
  return std::to_string(static_cast<int64_t>(world.seconds * 1e9 / static_cast<double>(signals)));
}

// The table of both reports: a name, then what the pack that is there makes of it, then the new one.
struct Line {
  std::string name;
  std::string before;
  std::string after;
};

std::vector<Line> table_of(const BacktestReport& report) {
  std::vector<Line> lines;
  const WorldReport* before = report.against ? &*report.against : nullptr;
  const auto add = [&](std::string name, auto&& value) {
    lines.push_back({std::move(name), before == nullptr ? "-" : value(*before), value(report.with)});
  };
  add("rules", [](const WorldReport& of) { return grouped(of.rules); });
  add("alerts", [](const WorldReport& of) { return grouped(of.alerts); });
  add("residents with a case", [](const WorldReport& of) { return grouped(of.residents); });
  add("cases", [](const WorldReport& of) { return grouped(of.case_count()); });
  for (const Level level : kShownLevels) {
    add("  " + std::string(level_name(level)), [level](const WorldReport& of) { return grouped(cases_of(of, level)); });
  }
  add("operator hours (assumed)", [](const WorldReport& of) { return hours_of(of.operator_hours()); });
  add("confirmed of those decided",
      [](const WorldReport& of) { return share_of(of.confirmed, of.confirmed + of.refuted); });
  add("reached of all confirmed", [&](const WorldReport& of) { return share_of(of.confirmed, report.confirmed); });
  add("matching, ns a signal", [&](const WorldReport& of) { return cost_of(of, report.signals); });
  return lines;
}

struct Change {
  std::string rule;
  uint64_t before = 0;
  uint64_t after = 0;
  uint64_t size() const { return before > after ? before - after : after - before; }
};

// Rules whose alerts differ, the greatest difference first.
std::vector<Change> changes_of(const BacktestReport& report) {
  std::map<std::string, Change> by_rule;
  if (report.against) {
    for (const auto& [rule, count] : report.against->alerts_by_rule) by_rule[rule].before = count;
  }
  for (const auto& [rule, count] : report.with.alerts_by_rule) by_rule[rule].after = count;
  std::vector<Change> out;
  for (auto& [rule, change] : by_rule) {
    change.rule = rule;
    if (change.size() > 0) out.push_back(change);
  }
  std::stable_sort(out.begin(), out.end(), [](const Change& a, const Change& b) { return a.size() > b.size(); });
  return out;
}

std::string truth_word(Truth truth) {
  return truth == Truth::kUnlabelled ? "not decided" : std::string(truth_name(truth));
}

std::string reasons_of(const Woken& woken) {
  std::string out;
  for (const Woken::Why& why : woken.reasons) {
    out += (out.empty() ? "" : "; ") + std::string(why.points < 0 ? "" : "+") + std::to_string(why.points) + " " +
           (why.rule.empty() ? why.label : why.rule);
  }
  return out;
}

std::string history_line(const BacktestReport& report) {
  std::string out = grouped(report.signals) + " signals";
  if (report.signals > 0) out += ", " + format_rfc3339(report.first) + " to " + format_rfc3339(report.last);
  if (report.unusable > 0) out += "; " + grouped(report.unusable) + " unusable";
  if (report.gone > 0) out += "; " + grouped(report.gone) + " whose text is no longer kept";
  return out;
}

void append_people(std::string& out, const std::string& name, const std::vector<Woken>& people, size_t examples) {
  out += "\n" + name + ": " + grouped(people.size()) + " residents\n";
  for (size_t i = 0; i < std::min(examples, people.size()); ++i) {
    const Woken& each = people[i];
    char line[160];
    std::snprintf(line, sizeof line, "  %-12s %-8s %-18s %s  %-11s  ", api::masked(each.resident).c_str(),
                  std::string(level_name(each.level)).c_str(), std::string(fraud_type_name(each.fraud_type)).c_str(),
                  format_rfc3339(each.at).c_str(), truth_word(each.truth).c_str());
    out += line + reasons_of(each) + "\n";
  }
  if (people.size() > examples) out += "  and " + grouped(people.size() - examples) + " more: --examples\n";
}

json::value share_json(uint64_t k, uint64_t n) {
  if (n == 0) return nullptr;
  return static_cast<double>(k) / static_cast<double>(n);
}

json::object world_json(const WorldReport& world, const BacktestReport& report) {
  json::object levels, tasks, rules;
  for (const Level level : kShownLevels) levels[level_name(level)] = cases_of(world, level);
  for (const auto& [type, count] : world.tasks) tasks[task_type_name(type)] = count;
  for (const auto& [rule, count] : world.alerts_by_rule) rules[rule] = count;
  return {{"rules", world.rules},
          {"alerts", world.alerts},
          {"cases", world.case_count()},
          {"residents", world.residents},
          {"levels", std::move(levels)},
          {"tasks", std::move(tasks)},
          {"operator_hours", world.operator_hours()},
          {"precision", share_json(world.confirmed, world.confirmed + world.refuted)},
          {"recall", share_json(world.confirmed, report.confirmed)},
          {"confirmed", world.confirmed},
          {"refuted", world.refuted},
          {"matching_seconds", world.seconds},
          {"alerts_by_rule", std::move(rules)}};
}

json::array people_json(const std::vector<Woken>& people, size_t examples) {
  json::array out;
  for (size_t i = 0; i < std::min(examples, people.size()); ++i) {
    const Woken& each = people[i];
    json::array reasons;
    for (const Woken::Why& why : each.reasons) {
      reasons.emplace_back(json::object{{"rule", why.rule}, {"label", why.label}, {"points", why.points}});
    }
    out.emplace_back(json::object{{"resident", api::masked(each.resident)},
                                  {"level", level_name(each.level)},
                                  {"score", each.score},
                                  {"fraud_type", fraud_type_name(each.fraud_type)},
                                  {"at", format_rfc3339(each.at)},
                                  {"truth", truth_name(each.truth)},
                                  {"reasons", std::move(reasons)}});
  }
  return out;
}

void append_people_html(std::string& out, const std::string& name, const std::vector<Woken>& people, size_t examples) {
  out += "<h2>" + name + ": " + grouped(people.size()) + " residents</h2>";
  if (people.empty()) return;
  out +=
      "<table><tr><th>resident</th><th>level</th><th>type</th><th>first case</th><th>people "
      "said</th><th>reasons</th></tr>";
  for (size_t i = 0; i < std::min(examples, people.size()); ++i) {
    const Woken& each = people[i];
    out += "<tr>" + cell(api::masked(each.resident)) + cell(level_name(each.level)) +
           cell(fraud_type_name(each.fraud_type)) + cell(format_rfc3339(each.at)) + cell(truth_word(each.truth)) +
           cell(reasons_of(each)) + "</tr>";
  }
  out += "</table>";
  if (people.size() > examples) out += "<p class=note>and " + grouped(people.size() - examples) + " more</p>";
}

void append_changes_html(std::string& out, const std::vector<Change>& changes) {
  if (changes.empty()) return;
  const uint64_t most =
      std::accumulate(changes.begin(), changes.end(), uint64_t{1}, [](uint64_t most_yet, const Change& of) {
        return std::max({most_yet, of.before, of.after});
      });
  const auto bar = [most](uint64_t count, std::string_view kind) {
    return "<span class='bar" + std::string(kind) + "' style='width:" + std::to_string(200 * count / most) +
           "px'></span> " + grouped(count);
  };
  out += "<h2>Rules whose alerts differ</h2><table><tr><th>rule</th><th>against</th><th>with</th></tr>";
  for (const Change& each : changes) {
    out += "<tr>" + cell(each.rule) + "<td>" + bar(each.before, " before") + "</td><td>" + bar(each.after, "") +
           "</td></tr>";
  }
  out += "</table>";
}

}  // namespace

std::string backtest_text(const BacktestReport& report, size_t examples) {
  std::string out = history_line(report) + "\n\n";
  char line[200];
  std::snprintf(line, sizeof line, "%-28s %-26s %s\n", "", "against", "with");
  out += line;
  for (const Line& each : table_of(report)) {
    std::snprintf(line, sizeof line, "%-28s %-26s %s\n", each.name.c_str(), each.before.c_str(), each.after.c_str());
    out += line;
  }
  const std::vector<Change> changes = changes_of(report);
  if (report.against && !changes.empty()) out += "\nrules whose alerts differ\n";
  for (size_t i = 0; report.against && i < std::min(examples, changes.size()); ++i) {
    std::snprintf(line, sizeof line, "  %-44s %12s %12s\n", changes[i].rule.c_str(), grouped(changes[i].before).c_str(),
                  grouped(changes[i].after).c_str());
    out += line;
  }
  append_people(out, "gained", report.gained, examples);
  append_people(out, "lost", report.lost, examples);
  return out;
}

std::string backtest_json(const BacktestReport& report, size_t examples) {
  json::object out = world_json(report.with, report);
  out["signals"] = report.signals;
  out["unusable"] = report.unusable;
  out["gone"] = report.gone;
  out["from"] = report.signals == 0 ? json::value(nullptr) : json::value(format_rfc3339(report.first));
  out["to"] = report.signals == 0 ? json::value(nullptr) : json::value(format_rfc3339(report.last));
  out["against"] = report.against ? json::value(world_json(*report.against, report)) : json::value(nullptr);
  out["residents_gained_count"] = report.gained.size();
  out["residents_lost_count"] = report.lost.size();
  out["residents_gained"] = people_json(report.gained, examples);
  out["residents_lost"] = people_json(report.lost, examples);
  out["confirmed_residents"] = report.confirmed;
  out["seconds"] = report.seconds;
  return json::serialize(out);
}

std::string backtest_html(const BacktestReport& report, size_t examples) {
  std::string out = page_head("Backtest");
  out += "<p>" + escaped(history_line(report)) + ".</p><table><tr><th></th><th>against</th><th>with</th></tr>";
  for (const Line& each : table_of(report))
    out += "<tr>" + cell(each.name) + cell(each.before) + cell(each.after) + "</tr>";
  out +=
      "</table><p class=note>Nobody works these queues: a case stays open, so a resident counts once for each "
      "exposure. Hours "
      "are each task once, by assumed minutes. Shares are of residents whose truth people have decided, with 95% "
      "intervals; "
      "what the live rules missed, nobody decided, so the second share flatters every pack alike.</p>";
  append_people_html(out, "Gained", report.gained, examples);
  append_people_html(out, "Lost", report.lost, examples);
  if (report.against) append_changes_html(out, changes_of(report));
  return out + page_end();
}

}  // namespace quanzu::simulator
