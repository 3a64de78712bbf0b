#include "simulator/world/judge.h"

#include <algorithm>

namespace quanzu::simulator {
namespace {

// The earliest case that is about the lure, and when its resident was reached in person there.
struct Warning {
  Instant opened = kNever;
  Instant reached = kNever;
};

std::vector<Warning> warnings_of(const WorldEnd& end) {
  std::vector<Warning> out(end.lures.all().size());
  const Engine& engine = end.clockwork.engine();
  for (uint64_t id = 1; id <= engine.case_count(); ++id) {
    const Case& of = *engine.find_case(CaseId(id));
    for (const uint32_t lure : end.desk.lures_of(of, end.now)) {
      out[lure].opened = std::min(out[lure].opened, of.opened_at);
      if (of.reached_at) out[lure].reached = std::min(out[lure].reached, *of.reached_at);
    }
  }
  return out;
}

Funnel funnel_of(const WorldEnd& end) {
  Funnel out;
  const std::vector<Warning> warnings = warnings_of(end);
  for (size_t i = 0; i < warnings.size(); ++i) {
    const Lure& lure = end.lures.all()[i];
    ++out.lures;
    out.groomed += lure.grooming != kNever;
    if (!lure.would_pay()) continue;
    out.would_pay.add(lure.fen);
    if (warnings[i].opened < lure.pays) out.warned.add(lure.fen);
    if (warnings[i].reached < lure.pays) out.reached.add(lure.fen);
    if (lure.paid == kNever) {
      out.saved.add(lure.fen);
    } else {
      out.paid.add(lure.fen);
    }
  }
  return out;
}

std::vector<Waiting> waiting_of(const WorldEnd& end) {
  std::vector<Waiting> out;
  const auto staffed = [&](Instant at) {
    return std::any_of(end.scenario.teams.begin(), end.scenario.teams.end(), [&](const TeamPlan& team) {
      return team.hours.hold(at) && std::find(team.does.begin(), team.does.end(), TaskType::kCall) != team.does.end();
    });
  };
  for (const Level level : {Level::kCritical, Level::kHigh, Level::kMedium, Level::kLow}) {
    Waiting waiting{.level = level, .claimed = {}};
    for (size_t i = 0; i < end.clockwork.notes().size(); ++i) {
      const CaseNote& note = end.clockwork.notes()[i];
      const auto index = static_cast<size_t>(level);
      const Instant since = note.since[index];
      const bool higher = level != Level::kCritical && note.since[index + 1] == since;
      if (since == Instant() || higher || !staffed(since) || note.claimed < since) continue;
      if (note.claimed == kNever) {
        ++waiting.never;
      } else {
        waiting.claimed.push_back(note.claimed - since);
      }
    }
    std::sort(waiting.claimed.begin(), waiting.claimed.end());
    out.push_back(std::move(waiting));
  }
  return out;
}

// The exposure as it would be if every verdict and every truth were known.
Exposure known_of(const Exposure& seen, const Case& of, const WorldEnd& end) {
  Exposure out = seen;
  const std::vector<uint32_t> about = end.desk.lures_of(of, end.now);
  out.truth = about.empty() ? Truth::kRefuted : Truth::kConfirmed;
  out.lost_at.reset();
  for (const uint32_t lure : about) {
    const Instant paid = end.lures.all()[lure].paid;
    if (paid != kNever && (!out.lost_at || paid < *out.lost_at)) out.lost_at = paid;
  }
  out.no_loss_at_horizon = true;
  out.excluded = seen.excluded == "transferred_away" ? seen.excluded : std::string();
  return out;
}

void measure_both(const WorldEnd& end, Outcome& out) {
  const Engine& engine = end.clockwork.engine();
  std::vector<Exposure> known;
  for (uint64_t id = 1; id <= engine.case_count(); ++id) {
    const Case& of = *engine.find_case(CaseId(id));
    out.exposures.push_back(exposure_of(of, engine.area_of(of.resident), engine.playbook()));
    known.push_back(known_of(out.exposures.back(), of, end));
    out.cases_about_victims += known.back().truth == Truth::kConfirmed;
  }
  std::vector<ClosedLoop> loops;
  for (uint64_t id = 1; id <= engine.instruction_count(); ++id) {
    const Instruction& of = *engine.find_instruction(InstructionId(id));
    loops.push_back(closed_loop_of(of, engine.area_of(of.resident)));
  }
  MeasureQuery query;
  query.as_of = end.now;
  query.horizon = engine.playbook().horizon;
  const Result<std::vector<Measure>> seen = measure(out.exposures, loops, query);
  ENSURE(seen.has_value(), "all measures of all exposures can be asked for");
  out.measures = *seen;
  const Result<std::vector<Measure>> true_ones = measure(known, loops, query);
  ENSURE(true_ones.has_value(), "all measures of all exposures can be asked for");
  for (const Measure& each : *true_ones) out.known[each.name] = {each.numerator, each.denominator};
}

}  // namespace

double Waiting::within(Duration promise) const {
  const auto all = static_cast<double>(claimed.size() + never);
  if (all == 0) return 1;
  return static_cast<double>(std::upper_bound(claimed.begin(), claimed.end(), promise) - claimed.begin()) / all;
}

void judge(const WorldEnd& end, Outcome& out) {
  const Counters& counters = end.clockwork.engine().counters();
  out.signals = counters.signals;
  out.alerts = counters.alerts;
  out.cases = end.clockwork.engine().case_count();
  out.attempts = end.desk.attempts();
  out.funnel = funnel_of(end);
  out.waiting = waiting_of(end);
  for (const CaseNote& note : end.clockwork.notes()) {
    const auto day = static_cast<size_t>((note.opened - end.scenario.start) / std::chrono::hours(24));
    if (day < out.by_day.size()) ++out.by_day[day].cases;
  }
  for (const Lure& lure : end.lures.all()) {
    if (!lure.would_pay()) continue;
    const auto day = static_cast<size_t>((lure.pays - end.scenario.start) / std::chrono::hours(24));
    if (day >= out.by_day.size()) continue;
    ++out.by_day[day].would_pay;
    out.by_day[day].paid += lure.paid != kNever;
  }
  measure_both(end, out);
}

}  // namespace quanzu::simulator
