// Playbooks: what ships is sound, passes its own tests and is what the engine runs; what is wrong is named with its place, all
// at once; and docs/playbooks.md says what is so.
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "rules/lang/problems.h"
#include "rules/playbook/check.h"
#include "rules/playbook/load.h"
#include "rules/playbook/read.h"
#include "rules/playbook/show.h"
#include "rules/playbook/timeline.h"
#include "tests/catch.h"
#include "tests/rules/load_text.h"

using namespace quanzu;
using namespace quanzu::rules;

namespace {

const std::filesystem::path kShipped = QUANZU_SOURCE_DIR "/rules/playbooks";

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  REQUIRE(in.is_open());
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// A small playbook without a problem, to be spoilt.
const std::string kSound = R"(kind: care
version: 1
title: {zh: 关爱, en: Care}
levels:
  low: {from: 40, tasks: [call], clocks: {call: 24h, visit: 48h}}
  medium: {from: 50, tasks: [call], clocks: {call: 12h, visit: 24h}}
  high: {from: 70, tasks: [call], clocks: {call: 4h, visit: 8h}}
  critical: {from: 90, tasks: [call, visit], clocks: {call: 1h, visit: 2h}}
times: {lease: 90s, talk: 20m, suppressed: 1d, repeat_window: 1d, horizon: 30d}
ladder:
  call:
    retry: [5m]
    results:
      reached: [in_person, keeps]
      no_answer: [{opens: visit}]
  visit:
    results:
      met: [in_person, keeps]
closing:
  helped: {counts: success, needs: [in_person]}
follow_ups:
  30d: {after: 30d}
tests:
  - name: a call that nobody answers opens a visit
    opens: {level: low}
    events: [{at: +1m, call: no_answer}]
    expect: [{at: +1m, waits: visit}]
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

// Every problem of a file, a line each.
std::string problems_of(const std::string& text) {
  std::vector<Problem> problems;
  Problems collected("care.yml", problems);
  const std::optional<PlaybookFile> read = read_playbook(text, collected);
  if (read && collected.errors() == 0) check_playbook(*read, collected);
  std::string out;
  for (const Problem& problem : problems) out += describe(problem) + "\n";
  return out;
}

}  // namespace

TEST_CASE("the playbook that ships has no problem", "[playbook]") {
  const Playbooks loaded = load_playbooks(kShipped);
  for (const Problem& problem : loaded.problems) UNSCOPED_INFO(describe(problem));
  CHECK(loaded.problems.empty());
  REQUIRE(loaded.files.size() == 1);
  CHECK(loaded.files[0].playbook.kind == "fraud");
  CHECK(loaded.files[0].marks.assumed.size() == 17);
}

TEST_CASE("the playbook that ships passes the tests that stand beside it", "[playbook]") {
  size_t run = 0;
  for (const PlaybookFile& file : load_playbooks(kShipped).files) {
    for (const TimelineResult& result : run_timelines(file)) {
      INFO(file.file << ": " << result.name << "\n" << result.diff);
      CHECK(result.passed());
      ++run;
    }
  }
  CHECK(run == 6);
}

TEST_CASE("the playbook that ships is the one that the engine runs, figure by figure", "[playbook]") {
  const Playbook file = load_playbooks(kShipped).files.at(0).playbook;
  const Playbook engine = Playbook::defaults();
  CHECK(file.kind == engine.kind);
  CHECK(file.version == engine.version);
  CHECK(file.level_from == engine.level_from);
  CHECK(file.lowered_below == engine.lowered_below);
  CHECK(file.opens_from == engine.opens_from);
  for (size_t level = 0; level < kLevelCount; ++level) {
    const auto all = [&](const Playbook& of) {
      const Clocks& clocks = of.clocks[level];
      return std::array{clocks.sign, clocks.call, clocks.visit, clocks.message, clocks.feedback, of.head_start[level]};
    };
    CHECK(all(file) == all(engine));
    CHECK(file.tasks[level] == engine.tasks[level]);
  }
  const auto times = [](const Playbook& of) {
    return std::array{of.lease, of.talk, of.repeat_window, of.suppressed, of.horizon, of.idempotency};
  };
  CHECK(times(file) == times(engine));
  CHECK(file.retry == engine.retry);
  CHECK(file.visit_after == engine.visit_after);
  CHECK(file.stoppers == engine.stoppers);
  CHECK(file.truth_criteria == engine.truth_criteria);
  CHECK(file.strong_identity_from == engine.strong_identity_from);
  CHECK(file.strong_identity_types == engine.strong_identity_types);
  CHECK(file.strong_identity_stage == engine.strong_identity_stage);
}

TEST_CASE("results, closing reasons and follow-ups of the file are the engine's, in order and flag by flag",
          "[playbook]") {
  const Playbook file = load_playbooks(kShipped).files.at(0).playbook;
  const Playbook engine = Playbook::defaults();
  const auto same = [](const auto& a, const auto& b, const auto& equal) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), equal);
  };
  CHECK(same(file.attempt_outcomes, engine.attempt_outcomes, [](const AttemptOutcome& a, const AttemptOutcome& b) {
    return a.name == b.name && a.channel == b.channel && a.in_person == b.in_person && a.ends_task == b.ends_task &&
           a.keeps_lease == b.keeps_lease && a.raises == b.raises && a.opens == b.opens;
  }));
  CHECK(same(file.closing_reasons, engine.closing_reasons, [](const ClosingReason& a, const ClosingReason& b) {
    return a.name == b.name && a.counts == b.counts && a.needs_in_person == b.needs_in_person &&
           a.needs_line_cut == b.needs_line_cut && a.needs_proof == b.needs_proof &&
           a.second_person_from == b.second_person_from && a.supervisor_only == b.supervisor_only &&
           a.follow_up == b.follow_up && a.excluded == b.excluded && a.lost == b.lost;
  }));
  CHECK(same(file.follow_ups, engine.follow_ups, [](const FollowUpPoint& a, const FollowUpPoint& b) {
    return a.name == b.name && a.after == b.after && a.from == b.from;
  }));
}

TEST_CASE("a sound playbook has no problem", "[playbook]") {
  CHECK(problems_of(kSound).empty());
}

TEST_CASE("what is wrong with a playbook is named with its place and the nearest correct form", "[playbook]") {
  struct Spoilt {
    const char* from;
    const char* to;
    const char* problem;
  };
  const auto spoilt = GENERATE(values<Spoilt>({
      {"kind: care", "kind: Care Team", "care.yml:1:7: error: 'Care Team': the kind is a word of small letters"},
      {"version: 1", "version: none", "care.yml:2:10: error: 'none': the version is a number"},
      {"  low: {from", "  lows: {from", "'lows': the level is none, low, medium, high or critical; write low"},
      {"tasks: [call], clocks: {call: 24h", "tasks: [cal], clocks: {call: 24h", "'cal': the task is call, message"},
      {"call: 4h", "call: soon", "a time span is a whole number"},
      {"lease: 90s, ", "", "'lease': the times must have lease"},
      {"[in_person, keeps]", "[in_persn, keeps]", "care.yml:14:17: error: 'in_persn': a result's flag is in_person"},
      {"[in_person, keeps]", "[ends, keeps]", "'reached': a result either ends the step or keeps it, not both"},
      {"retry: [5m]", "escalate: {after: 3}",
       "after how many attempts, and to which step; write {after: 3, to: visit}"},
      {"needs: [in_person]", "from: [in_person]", "unknown key in a closing reason"},
      {"from: 70", "from: 45", "levels begin at more points than the level below"},
      {"  visit:\n    results", "  visit:\n    retry: [9m]\n    results", "'visit': its retries differ"},
      {"retry: [5m]", "escalate: {after: 3, to: call}", "only a call escalates, and to a visit"},
      {"retry: [5m]", "authority: polis", "'polis': the authority is street, police, bank or carrier"},
      {"needs: [in_person]", "needs: [in_persons]", "'in_persons': a closing reason needs in_person"},
      {"counts: success", "counts: win", "'win': the counts is neutral, success or failure"},
      {"counts: success", "counts: failure", "no outcome: no closing reason counts as a success"},
      {"{opens: visit}", "{opens: family}", "care.yml:15:7: error: 'family': the ladder has no such step"},
      {"call: 4h", "call: 48h", "clocks contradict: call has 12h at medium and 48h at high, which is more urgent"},
      {"lease: 90s", "lease: 2h", "clocks contradict: a lease of 2h is longer"},
      {"critical: {from: 90, tasks: [call, visit], clocks: {call: 1h, visit: 2h}}", "",
       "'critical': this level is missing"},
      {"tasks: [call, visit]", "tasks: []", "a case of this level opens with no task"},
      {"{call: 1h, visit: 2h}", "{call: 1h}", "'visit': the level opens this step and gives it no clock"},
      {"  30d: {after: 30d}", "  7d: {after: 7d}", "no follow-up comes at the horizon"},
      {"call: no_answer}", "calls: no_answer}", "unknown key in an event"},
      {"waits: visit", "wait: visit", "unknown key in what is expected"},
  }));
  INFO(spoilt.to);
  CHECK_THAT(problems_of(replaced(kSound, spoilt.from, spoilt.to)), Catch::Contains(spoilt.problem));
}

TEST_CASE("all problems of a playbook are named at once", "[playbook]") {
  std::string text = replaced(kSound, "version: 1", "version: none");
  text = replaced(text, "call: 4h", "call: soon");
  text = replaced(text, "retry: [5m]", "authority: polis");
  const std::string problems = problems_of(text);
  CHECK(std::count(problems.begin(), problems.end(), '\n') == 3);
}

TEST_CASE("a step that nothing leads to, a dead end and a loop without a way out are found", "[playbook]") {
  const std::string lonely = replaced(replaced(kSound, "no_answer: [{opens: visit}]", "no_answer: []"),
                                      "tasks: [call, visit]", "tasks: [call]");
  CHECK_THAT(problems_of(lonely), Catch::Contains("'visit': nothing leads to this step"));

  const std::string mute = replaced(kSound, "    results:\n      met: [in_person, keeps]\n", "    retry: [5m]\n");
  CHECK_THAT(problems_of(mute), Catch::Contains("'visit': a dead end: the step has no results"));

  std::string round = replaced(kSound, "reached: [in_person, keeps]", "reached: [ends, {opens: visit}]");
  round = replaced(round, "met: [in_person, keeps]", "met: [ends, {opens: call}]");
  const std::string problems = problems_of(round);
  CHECK_THAT(problems, Catch::Contains("'call -> visit': a loop without a way out"));
  CHECK_THAT(problems, Catch::Contains("'helped': no result reaches anybody in person"));
}

TEST_CASE("a folder holds one playbook a kind", "[playbook]") {
  quanzu::rules::testing::PackFolder folder;
  const auto problems = [&] {
    std::string out;
    for (const Problem& problem : load_playbooks(folder.path()).problems) out += describe(problem) + "\n";
    return out;
  };
  CHECK_THAT(problems(), Catch::Contains("no playbook (.yml or .yaml) is here"));
  folder.add("a.yml", kSound);
  CHECK(problems().empty());
  folder.add("b.yml", kSound);
  CHECK_THAT(problems(),
             Catch::Contains("b.yml: error: is of kind care, as") && Catch::Contains("one playbook a kind"));
}

TEST_CASE("a test beside a playbook that does not hold says what is and what was expected", "[playbook]") {
  std::vector<Problem> problems;
  Problems collected("care.yml", problems);
  const std::string wrong = replaced(kSound, "expect: [{at: +1m, waits: visit}]",
                                     "expect: [{at: +1m, level: high, absent: visit, state: closed}]");
  const std::optional<PlaybookFile> read = read_playbook(wrong, collected);
  REQUIRE(problems.empty());
  const std::vector<TimelineResult> results = run_timelines(*read);
  REQUIRE(results.size() == 1);
  CHECK_FALSE(results[0].passed());
  CHECK_THAT(results[0].diff, Catch::Contains("the level is low, expected high"));
  CHECK_THAT(results[0].diff, Catch::Contains("visit is open"));
  CHECK_THAT(results[0].diff, Catch::Contains("the state is open, expected closed"));
}

TEST_CASE("a playbook is drawn in both languages", "[playbook]") {
  const Playbooks loaded = load_playbooks(kShipped);
  const std::string english = show_playbook(loaded.files.at(0), Language::kEnglish);
  CHECK_THAT(english, Catch::Contains("[call]  street; retry 5m, 15m, 1h, 4h"));
  CHECK_THAT(english, Catch::Contains("busy_with_suspect: raised, tried again --> [visit]"));
  CHECK_THAT(english, Catch::Contains("3 x reached nobody --> [visit]"));
  CHECK_THAT(english, Catch::Contains("(dissuaded)  success; needs in person, line cut"));
  const std::string chinese = show_playbook(loaded.files.at(0), Language::kChinese);
  CHECK_THAT(chinese, Catch::Contains("电信网络诈骗劝阻 (fraud, 版本 1)"));
  CHECK_THAT(chinese, Catch::Contains("[上门见面]  街道"));
}

TEST_CASE("docs/playbooks.md: each playbook on the page is sound and passes its tests", "[playbook]") {
  const std::string page = text_of(QUANZU_SOURCE_DIR "/docs/playbooks.md");
  size_t blocks = 0;
  for (size_t at = page.find("```yaml\nkind:"); at != std::string::npos; at = page.find("```yaml\nkind:", at + 1)) {
    const size_t begin = page.find('\n', at) + 1;
    const std::string text = page.substr(begin, page.find("```", begin) - begin);
    std::vector<Problem> problems;
    Problems collected("docs/playbooks.md", problems);
    const std::optional<PlaybookFile> read = read_playbook(text, collected);
    REQUIRE(read);
    check_playbook(*read, collected);
    for (const Problem& problem : problems) UNSCOPED_INFO(describe(problem));
    CHECK(problems.empty());
    CHECK_FALSE(read->tests.empty());
    for (const TimelineResult& result : run_timelines(*read)) {
      INFO(result.name << "\n" << result.diff);
      CHECK(result.passed());
    }
    ++blocks;
  }
  CHECK(blocks == 1);
}
