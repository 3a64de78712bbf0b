#include "rules/playbook/check.h"

#include <algorithm>
#include <set>

namespace quanzu::rules {
namespace {

std::string name_of(TaskType type) {
  return std::string(task_type_name(type));
}

std::string span_text(Duration span) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(span).count();
  if (minutes % 60 != 0 || minutes == 0) return std::to_string(minutes) + "m";
  return std::to_string(minutes / 60) + "h";
}

constexpr Level level_at(size_t index) {
  return static_cast<Level>(index);
}

// The steps that a person or an instruction works by other commands than an attempt.
bool works_by_itself(TaskType type) {
  return type == TaskType::kFeedback || type == TaskType::kFollowUp || type == TaskType::kMessage;
}

// As the engine reads it: a step without a clock of its own has a call's.
Duration clock_of(const Clocks& clocks, TaskType type) {
  switch (type) {
    case TaskType::kVisit:
      return clocks.visit;
    case TaskType::kMessage:
      return clocks.message;
    case TaskType::kFeedback:
      return clocks.feedback;
    default:
      return clocks.call;
  }
}

// The ladder as a graph: from which step which others are opened, and from which a person gets out.
class LadderCheck {
 public:
  LadderCheck(const PlaybookFile& file, Problems& problems)
      : file_(file), playbook_(file.playbook), marks_(file.marks), problems_(problems) {}

  void check() {
    check_names();
    check_reachable();
    for (size_t i = 0; i < file_.ladder.size(); ++i) check_step(i);
    check_loops();
  }

 private:
  bool has_step(TaskType type) const { return file_.find_step(type) != nullptr; }

  std::vector<std::string_view> step_names() const {
    std::vector<std::string_view> names;
    for (const LadderStep& step : file_.ladder) names.push_back(task_type_name(step.task));
    return names;
  }

  void judge_step(TaskType type, Mark mark) {
    if (has_step(type) || works_by_itself(type)) return;
    problems_.error(mark, task_type_name(type), "the ladder has no such step",
                    nearest(task_type_name(type), step_names()));
  }

  void check_names() {
    for (size_t level = 1; level < kLevelCount; ++level) {
      for (const TaskType type : playbook_.tasks[level]) judge_step(type, marks_.levels[level]);
    }
    for (size_t i = 0; i < playbook_.attempt_outcomes.size(); ++i) {
      const AttemptOutcome& outcome = playbook_.attempt_outcomes[i];
      for (const TaskType type : outcome.opens) judge_step(type, marks_.outcomes[i]);
    }
    for (size_t i = 0; i < file_.ladder.size(); ++i) {
      const LadderStep& step = file_.ladder[i];
      if (step.escalates_after == 0) continue;
      judge_step(step.escalates_to, marks_.steps[i]);
    }
  }

  std::vector<TaskType> opened_by(TaskType type) const {
    std::vector<TaskType> opened;
    for (const AttemptOutcome& outcome : playbook_.attempt_outcomes) {
      if (outcome.channel == type) opened.insert(opened.end(), outcome.opens.begin(), outcome.opens.end());
    }
    const LadderStep* step = file_.find_step(type);
    if (step != nullptr && step->escalates_after > 0) opened.push_back(step->escalates_to);
    return opened;
  }

  // All that can be open once these are.
  std::set<TaskType> reach(std::vector<TaskType> from) const {
    std::set<TaskType> reached;
    while (!from.empty()) {
      const TaskType next = from.back();
      from.pop_back();
      if (!reached.insert(next).second) continue;
      for (const TaskType opened : opened_by(next)) from.push_back(opened);
    }
    return reached;
  }

  void check_reachable() {
    std::vector<TaskType> first;
    for (const auto& tasks : playbook_.tasks) first.insert(first.end(), tasks.begin(), tasks.end());
    const std::set<TaskType> reached = reach(std::move(first));
    for (size_t i = 0; i < file_.ladder.size(); ++i) {
      const TaskType type = file_.ladder[i].task;
      if (reached.contains(type) || works_by_itself(type)) continue;
      problems_.error(marks_.steps[i], task_type_name(type),
                      "nothing leads to this step: no level begins with it, no result opens it",
                      "{opens: " + name_of(type) + "} at a result, or take the step out");
    }
  }

  // A person leaves the step: the resident is reached, or somebody goes on talking.
  bool has_exit(TaskType type) const {
    const auto& outcomes = playbook_.attempt_outcomes;
    return std::any_of(outcomes.begin(), outcomes.end(), [type](const AttemptOutcome& each) {
      return each.channel == type && (each.in_person || each.keeps_lease);
    });
  }

  bool has_results(TaskType type) const {
    const auto& outcomes = playbook_.attempt_outcomes;
    return std::any_of(outcomes.begin(), outcomes.end(),
                       [type](const AttemptOutcome& each) { return each.channel == type; });
  }

  void check_step(size_t index) {
    const LadderStep& step = file_.ladder[index];
    const Mark mark = marks_.steps[index];
    if (!has_results(step.task) && !works_by_itself(step.task)) {
      problems_.error(mark, task_type_name(step.task), "a dead end: the step has no results, so nothing can come of it",
                      "results: {no_answer: []}");
    }
    if (!std::is_sorted(step.retry.begin(), step.retry.end())) {
      problems_.warn(mark, task_type_name(step.task), "a later retry comes sooner than the one before it");
    }
    if (step.authority != Authority::kStreet) check_request(step, mark);
  }

  void check_request(const LadderStep& step, Mark mark) {
    for (size_t level = 1; level < kLevelCount; ++level) {
      if (marks_.levels[level].line == 0 || clock_of(playbook_.clocks[level], step.task) > Duration::zero()) continue;
      problems_.error(mark, task_type_name(step.task),
                      "what another authority is asked needs a clock at each level: by when must it answer",
                      name_of(step.task) + ": 24h");
      return;
    }
  }

  // From a step one comes back to it and meets no way out on all of the way.
  void check_loops() {
    for (size_t i = 0; i < file_.ladder.size(); ++i) {
      const TaskType type = file_.ladder[i].task;
      if (works_by_itself(type) || !has_results(type)) continue;
      const std::set<TaskType> around = reach({type});
      if (std::any_of(around.begin(), around.end(),
                      [&](TaskType each) { return has_exit(each) || works_by_itself(each); })) {
        continue;
      }
      const std::set<TaskType> behind = reach(opened_by(type));
      const bool first = std::all_of(around.begin(), around.end(),
                                     [&](TaskType each) { return !behind.contains(each) || place_of(each) >= i; });
      if (!first) continue;  // the loop is told once, where it begins
      std::string way = name_of(type);
      for (const TaskType each : behind) way += each == type ? "" : " -> " + name_of(each);
      if (behind.contains(type)) {
        problems_.error(marks_.steps[i], way, "a loop without a way out: no result on it reaches a person");
      } else {
        problems_.error(marks_.steps[i], way, "a dead end: no result from here on reaches a person");
      }
    }
  }

  size_t place_of(TaskType type) const {
    const LadderStep* step = file_.find_step(type);
    return step == nullptr ? file_.ladder.size() : static_cast<size_t>(step - file_.ladder.data());
  }

  const PlaybookFile& file_;
  const Playbook& playbook_;
  const PlaybookMarks& marks_;
  Problems& problems_;
};

class ClockCheck {
 public:
  ClockCheck(const PlaybookFile& file, Problems& problems)
      : playbook_(file.playbook), marks_(file.marks), problems_(problems) {}

  void check() {
    check_levels();
    for (const TaskType type : {TaskType::kCall, TaskType::kVisit, TaskType::kMessage, TaskType::kFeedback})
      check_order(type);
    check_opened();
    check_follow_ups();
  }

 private:
  void check_levels() {
    for (size_t level = 1; level < kLevelCount; ++level) {
      if (marks_.levels[level].line == 0) {
        problems_.error(marks_.document, level_name(level_at(level)), "this level is missing: a case may rise to it",
                        std::string(level_name(level_at(level))) + ": {tasks: [...], clocks: {...}}");
      } else if (playbook_.tasks[level].empty()) {
        problems_.error(marks_.levels[level], level_name(level_at(level)), "a case of this level opens with no task",
                        "tasks: [call]");
      }
      const bool lower = level > 1 && playbook_.level_from[level] <= playbook_.level_from[level - 1];
      if (lower || playbook_.level_from[level].value() == 0) {
        problems_.error(marks_.levels[level], "from", "levels begin at more points than the level below");
      }
    }
    if (playbook_.head_start[static_cast<size_t>(Level::kCritical)] > Duration::zero()) {
      problems_.error(marks_.levels[static_cast<size_t>(Level::kCritical)], "head_start",
                      "critical goes before every level without a head start: take it out");
    }
  }

  // A higher level must not have more time than a lower one.
  void check_order(TaskType type) {
    Duration above{};
    size_t above_level = 0;
    for (size_t level = kLevelCount - 1; level > 0; --level) {
      const Duration clock = clock_of(playbook_.clocks[level], type);
      if (clock == Duration::zero()) continue;
      if (clock < above) {
        problems_.error(marks_.clocks.at({level, type}), span_text(clock),
                        "clocks contradict: " + name_of(type) + " has " + span_text(clock) + " at " +
                            std::string(level_name(level_at(level))) + " and " + span_text(above) + " at " +
                            std::string(level_name(level_at(above_level))) + ", which is more urgent");
      }
      above = clock;
      above_level = level;
    }
  }

  void check_opened() {
    for (size_t level = 1; level < kLevelCount; ++level) {
      Duration first{};
      for (const TaskType type : playbook_.tasks[level]) {
        const Duration clock = clock_of(playbook_.clocks[level], type);
        if (clock == Duration::zero()) {
          problems_.error(marks_.levels[level], task_type_name(type), "the level opens this step and gives it no clock",
                          name_of(type) + ": 24h");
        } else {
          first = first == Duration::zero() ? clock : std::min(first, clock);
        }
      }
      if (first > Duration::zero() && playbook_.lease > first) {
        problems_.error(
            marks_.levels[level], span_text(first),
            "clocks contradict: a lease of " + span_text(playbook_.lease) +
                " is longer, so the clock would run out while somebody holds the task and nobody hears of it");
      }
      const Duration feedback = playbook_.clocks[level].feedback;
      if (feedback > Duration::zero() && feedback < first) {
        problems_.error(marks_.clocks.at({level, TaskType::kFeedback}), span_text(feedback),
                        "clocks contradict: feedback is due before the first step is");
      }
    }
  }

  void check_follow_ups() {
    bool at_horizon = false;
    for (size_t i = 0; i < playbook_.follow_ups.size(); ++i) {
      const FollowUpPoint& point = playbook_.follow_ups[i];
      at_horizon |= point.after >= playbook_.horizon;
      const bool later = i > 0 && point.after <= playbook_.follow_ups[i - 1].after;
      if (later) problems_.error(marks_.follow_ups[i], point.name, "follow-ups come in the order of time");
    }
    if (playbook_.horizon == Duration::zero()) {
      problems_.error(marks_.document, "horizon", "a playbook says how long a resident must stay safe", "horizon: 30d");
    } else if (!at_horizon) {
      problems_.error(marks_.document, "follow_ups",
                      "no follow-up comes at the horizon, so nobody ever counts as protected",
                      "30d: {after: " + std::to_string(playbook_.horizon / std::chrono::hours(24)) + "d}");
    }
  }

  const Playbook& playbook_;
  const PlaybookMarks& marks_;
  Problems& problems_;
};

class EndCheck {
 public:
  EndCheck(const PlaybookFile& file, Problems& problems)
      : playbook_(file.playbook), marks_(file.marks), problems_(problems) {}

  void check() {
    const auto& reasons = playbook_.closing_reasons;
    if (std::none_of(reasons.begin(), reasons.end(),
                     [](const auto& each) { return each.counts == Counts::kSuccess; })) {
      problems_.error(marks_.document, "closing", "no outcome: no closing reason counts as a success",
                      "settled: {counts: success}");
    }
    for (size_t i = 0; i < reasons.size(); ++i) check_reason(reasons[i], marks_.closings[i]);
  }

 private:
  void check_reason(const ClosingReason& reason, Mark mark) {
    const auto& outcomes = playbook_.attempt_outcomes;
    const bool person = std::any_of(outcomes.begin(), outcomes.end(), [](const auto& each) { return each.in_person; });
    if ((reason.needs_in_person || reason.needs_line_cut) && !person) {
      problems_.error(mark, reason.name, "no result reaches anybody in person, so nobody can ever close with this");
    }
    if (reason.needs_line_cut && !reason.needs_in_person) {
      problems_.warn(mark, reason.name, "only an attempt in person cuts the line: say needs in_person too");
    }
    if (reason.follow_up && playbook_.follow_ups.empty()) {
      problems_.error(mark, reason.name, "it is followed up, and the playbook has no follow-ups",
                      "follow_ups: {24h: {after: 24h}}");
    }
  }

  const Playbook& playbook_;
  const PlaybookMarks& marks_;
  Problems& problems_;
};

}  // namespace

void check_playbook(const PlaybookFile& playbook, Problems& problems) {
  LadderCheck(playbook, problems).check();
  ClockCheck(playbook, problems).check();
  EndCheck(playbook, problems).check();
  if (playbook.tests.empty()) {
    problems.warn(playbook.marks.document, "tests", "no test stands beside this playbook (docs/playbooks.md)");
  }
}

}  // namespace quanzu::rules
