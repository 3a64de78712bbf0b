#include "simulator/world/study.h"

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <thread>

#include "simulator/html.h"
#include "simulator/world/reversal.h"

namespace quanzu::simulator {
namespace {

constexpr std::array<std::string_view, 5> kNames = {"protected_rate", "dissuasion_success_rate", "reach_rate",
                                                    "lost_after_warning_rate", "false_alarm_rate"};
constexpr uint32_t kMissing = 150;
constexpr uint32_t kMissingAfterLoss = 600;

// What a seed's worlds came to, without what nobody asks for.
struct Seen {
  std::map<std::string, Measure> measures;
  std::map<std::string, KnownRate> known;
};
struct SeedResult {
  Seen at_random, after_loss, twin;
  uint64_t saved = 0, saved_twin = 0;
  bool planted_reversed = false, plain_reversed = false;
};

// Truth is labelled in full and nobody tells of a loss but by a verdict, so that what is missing, is missing at random.
Scenario with_verdicts(Scenario scenario, uint32_t missing, uint32_t missing_after_loss) {
  scenario.truth.decided = 1000;
  scenario.truth.missing = missing;
  scenario.truth.missing_after_loss = missing_after_loss;
  scenario.people.tells_loss = 0;
  return scenario;
}

Scenario at_half_speed(Scenario scenario) {
  for (TeamPlan& team : scenario.teams) team.speed = std::max<uint32_t>(team.speed / 2, 10);
  return scenario;
}

// The first campaign made easy and the second hard: seldom, or nearly always, those who share their screen pay.
Scenario with_mix(Scenario scenario, bool easy, uint32_t skill) {
  if (scenario.campaigns.size() > 2) scenario.campaigns.resize(2);
  for (size_t i = 0; i < scenario.campaigns.size(); ++i) {
    CampaignPlan& plan = scenario.campaigns[i];
    const bool much = (i == 0) == easy;
    plan.victims *= much ? 4 : 1;
    plan.screen.per_mille = i == 0 ? 200 : 900;
    plan.transfer.per_mille = i == 0 ? 300 : 950;
  }
  for (TeamPlan& team : scenario.teams) team.skill = skill;
  return scenario;
}

class Runner {
 public:
  Runner(const Scenario& scenario, const runtime::SharedPacks& packs)
      : packs_(packs),
        at_random_(with_verdicts(scenario, kMissing, kMissing)),
        after_loss_(with_verdicts(scenario, kMissing, kMissingAfterLoss)),
        twin_(at_half_speed(at_random_)),
        weak_with_easy_(with_mix(at_random_, true, 250)),
        strong_with_hard_(with_mix(at_random_, false, 950)),
        strong_with_easy_(with_mix(at_random_, true, 950)) {}

  SeedResult run(uint64_t seed) const {
    SeedResult out;
    const Outcome plain = world(at_random_, seed);
    const Outcome twin = world(twin_, seed);
    out.at_random = seen(plain);
    out.after_loss = seen(world(after_loss_, seed));
    out.twin = seen(twin);
    out.saved = plain.funnel.saved.people;
    out.saved_twin = twin.funnel.saved.people;
    const Outcome weak = world(weak_with_easy_, seed);
    out.planted_reversed = reversed(weak, world(strong_with_hard_, seed));
    out.plain_reversed = reversed(weak, world(strong_with_easy_, seed));
    return out;
  }

 private:
  Outcome world(const Scenario& scenario, uint64_t seed) const {
    WorldOptions options;
    options.seed = seed;
    options.workers = 0;
    return run_world(scenario, packs_, options);
  }

  static Seen seen(const Outcome& outcome) {
    Seen out;
    for (const Measure& each : outcome.measures) out.measures[each.name] = each;
    out.known = outcome.known;
    return out;
  }

  static bool reversed(const Outcome& a, const Outcome& b) {
    const Duration horizon = Playbook::defaults().horizon;
    return compare_protected(a.exposures, b.exposures, a.start + std::chrono::days(1000), horizon).reversed();
  }

  const runtime::SharedPacks& packs_;
  const Scenario at_random_, after_loss_, twin_, weak_with_easy_, strong_with_hard_, strong_with_easy_;
};

double pooled(const std::vector<SeedResult>& results, Seen SeedResult::*world, std::string_view name) {
  KnownRate sum;
  for (const SeedResult& each : results) {
    const KnownRate& known = (each.*world).known.at(std::string(name));
    sum.numerator += known.numerator;
    sum.denominator += known.denominator;
  }
  return sum.denominator == 0 ? 0 : static_cast<double>(sum.numerator) / static_cast<double>(sum.denominator);
}

std::vector<StudiedRate> study_rates(const std::vector<SeedResult>& results, Seen SeedResult::*world) {
  std::vector<StudiedRate> out;
  for (const std::string_view name : kNames) {
    StudiedRate rate{.name = std::string(name), .known = pooled(results, world, name)};
    for (const SeedResult& each : results) {
      const Measure& measure = (each.*world).measures.at(rate.name);
      const KnownRate& known = (each.*world).known.at(rate.name);
      if (!measure.value || known.denominator == 0) continue;
      ++rate.seeds;
      rate.mean += *measure.value;
      rate.covered += *measure.low <= rate.known && rate.known <= *measure.high;
      const double own = static_cast<double>(known.numerator) / static_cast<double>(known.denominator);
      rate.bounded += *measure.bound_low <= own + 1e-12 && own <= *measure.bound_high + 1e-12;
    }
    if (rate.seeds > 0) rate.mean /= rate.seeds;
    out.push_back(rate);
  }
  return out;
}

Study summarise(const std::vector<SeedResult>& results) {
  Study out;
  out.seeds = static_cast<uint32_t>(results.size());
  out.at_random = study_rates(results, &SeedResult::at_random);
  out.after_loss = study_rates(results, &SeedResult::after_loss);
  out.protected_rate = pooled(results, &SeedResult::at_random, "protected_rate");
  out.protected_twin = pooled(results, &SeedResult::twin, "protected_rate");
  out.success_rate = pooled(results, &SeedResult::at_random, "dissuasion_success_rate");
  out.success_twin = pooled(results, &SeedResult::twin, "dissuasion_success_rate");
  for (const SeedResult& each : results) {
    out.saved += each.saved;
    out.saved_twin += each.saved_twin;
    out.twin_higher += each.saved_twin > each.saved;
    out.planted_reversed += each.planted_reversed;
    out.plain_reversed += each.plain_reversed;
  }
  return out;
}

std::string line(const char* format, auto... values) {
  char text[200];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

std::string table(const char* title, const std::vector<StudiedRate>& rates) {
  std::string out = line("%-58s %8s %8s %9s %8s\n", title, "known", "recorded", "interval", "bounds");
  for (const StudiedRate& each : rates) {
    const double n = std::max<uint32_t>(each.seeds, 1);
    out += line("  %-56s %7.1f%% %7.1f%% %8.1f%% %7.1f%%\n", each.name.c_str(), 100 * each.known, 100 * each.mean,
                100 * each.covered / n, 100 * each.bounded / n);
  }
  return out;
}

std::string rates_html(const char* title, const std::vector<StudiedRate>& rates) {
  std::string out =
      cell(title, "h2") +
      "<table><tr><th>measure</th><th>known, all seeds</th><th>recorded, mean</th><th>intervals that hold "
      "it</th><th>bounds that hold their own world's</th></tr>";
  for (const StudiedRate& each : rates) {
    const double n = std::max<uint32_t>(each.seeds, 1);
    out += "<tr>" + cell(each.name) + cell(line("%.1f%%", 100 * each.known)) + cell(line("%.1f%%", 100 * each.mean)) +
           cell(line("%.1f%%", 100 * each.covered / n)) + cell(line("%.1f%%", 100 * each.bounded / n)) + "</tr>";
  }
  return out + "</table>";
}

boost::json::array rates_json(const std::vector<StudiedRate>& rates) {
  boost::json::array out;
  for (const StudiedRate& each : rates) {
    out.emplace_back(boost::json::object{{"name", each.name},
                                         {"known", each.known},
                                         {"recorded", each.mean},
                                         {"seeds", each.seeds},
                                         {"covered", each.covered},
                                         {"bounded", each.bounded}});
  }
  return out;
}

}  // namespace

Study run_study(const Scenario& scenario, const runtime::SharedPacks& packs, const StudyOptions& options) {
  const auto began = std::chrono::steady_clock::now();
  const Runner runner(scenario, packs);
  std::vector<SeedResult> results(options.seeds);
  std::atomic<uint32_t> next{0};
  std::mutex telling;
  uint32_t done = 0;
  std::vector<std::jthread> threads;
  for (size_t i = 0; i < std::max<size_t>(options.workers, 1); ++i) {
    threads.emplace_back([&] {
      for (uint32_t n = next++; n < options.seeds; n = next++) {
        results[n] = runner.run(options.first_seed + n);
        const std::scoped_lock lock(telling);
        ++done;
        if (options.progress) options.progress(done);
      }
    });
  }
  threads.clear();  // joins
  Study out = summarise(results);
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return out;
}

std::string study_text(const Study& study) {
  const double n = std::max<uint32_t>(study.seeds, 1);
  return std::to_string(study.seeds) + " seeds\n\n" + table("verdicts missing at random", study.at_random) + "\n" +
         table("verdicts missing four times as often after a loss", study.after_loss) +
         line(
             "\nthe team, and its twin at half the speed\n  protected %.2f%% and %.2f%%; success among the reached "
             "%.2f%% and "
             "%.2f%%\n",
             100 * study.protected_rate, 100 * study.protected_twin, 100 * study.success_rate,
             100 * study.success_twin) +
         line("  saved %llu and %llu people; the twin saved more in %u seeds\n",
              static_cast<unsigned long long>(study.saved), static_cast<unsigned long long>(study.saved_twin),
              study.twin_higher) +
         line(
             "\nraw and standardised rates of two teams disagree\n  planted: in %.1f%% of the seeds; with equal cases: "
             "in "
             "%.1f%%\n",
             100 * study.planted_reversed / n, 100 * study.plain_reversed / n);
}

std::string study_html(const Study& study) {
  const double n = std::max<uint32_t>(study.seeds, 1);
  return page_head("The measures against what the worlds know, " + std::to_string(study.seeds) + " seeds") +
         rates_html("Verdicts missing at random", study.at_random) +
         rates_html("Verdicts missing four times as often after a loss", study.after_loss) +
         cell("The team and its twin at half the speed", "h2") +
         cell(line("Protected %.2f%% and %.2f%%, success among the reached %.2f%% and %.2f%%; the twin saved more "
                   "people in %u "
                   "seeds.",
                   100 * study.protected_rate, 100 * study.protected_twin, 100 * study.success_rate,
                   100 * study.success_twin, study.twin_higher),
              "p") +
         cell("Raw and standardised rates of two teams that disagree", "h2") +
         cell(line("Planted: flagged in %.1f%% of the seeds. With equal cases: in %.1f%%.",
                   100 * study.planted_reversed / n, 100 * study.plain_reversed / n),
              "p") +
         page_end();
}

std::string study_json(const Study& study) {
  return boost::json::serialize(boost::json::object{
      {"seeds", study.seeds},
      {"at_random", rates_json(study.at_random)},
      {"after_loss", rates_json(study.after_loss)},
      {"twin", boost::json::object{{"protected", study.protected_rate},
                                   {"protected_twin", study.protected_twin},
                                   {"success", study.success_rate},
                                   {"success_twin", study.success_twin},
                                   {"saved", study.saved},
                                   {"saved_twin", study.saved_twin},
                                   {"twin_higher", study.twin_higher}}},
      {"reversal", boost::json::object{{"planted", study.planted_reversed}, {"plain", study.plain_reversed}}},
      {"seconds", study.seconds}});
}

}  // namespace quanzu::simulator
