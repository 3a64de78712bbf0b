// The steps of a playbook's ladder and how a case ends.
#include "rules/lang/scalar.h"
#include "rules/playbook/keys.h"

namespace quanzu::rules {
namespace {

template <class T>
void take(std::optional<T> value, T& out) {
  if (value) out = std::move(*value);
}

class StepReader {
 public:
  StepReader(LadderStep& step, PlaybookFile& out, Problems& problems) : step_(step), out_(out), problems_(problems) {}

  void read(const YamlNode& node) {
    walk(node, "a step of the ladder",
         {{"authority",
           [&](const YamlNode& value) {
             take(word_of<Authority>(value, "authority", kAuthorityCount, authority_name, find_authority, problems_),
                  step_.authority);
           }},
          {"channel", [&](const YamlNode& value) { take(text_of(value, "channel", problems_), step_.channel); }},
          {"retry", [&](const YamlNode& value) { read_retry(value); }},
          {"escalate", [&](const YamlNode& value) { read_escalation(value); }},
          {"script", [&](const YamlNode& value) { step_.script = words_in(value, "script", problems_); }},
          {"results", [&](const YamlNode& value) { read_results(value); }}},
         problems_);
  }

 private:
  void read_retry(const YamlNode& node) {
    for (const YamlNode* item : items_of(node)) {
      if (const std::optional<Duration> wait = positive_span(*item, "retry", problems_)) step_.retry.push_back(*wait);
    }
  }

  void read_escalation(const YamlNode& node) {
    walk(node, "escalate",
         {{"after",
           [&](const YamlNode& value) { take(count_of(value, "after", 1, 100, problems_), step_.escalates_after); }},
          {"to", [&](const YamlNode& value) { take(task_of(value, "to", problems_), step_.escalates_to); }}},
         problems_);
    if (node.find("after") == nullptr || node.find("to") == nullptr) {
      problems_.error(node.mark, "escalate", "after how many attempts, and to which step", "{after: 3, to: visit}");
    }
  }

  void read_results(const YamlNode& node) {
    walk_names(
        node, "results",
        [&](const YamlNode& name, const YamlNode& value) {
          AttemptOutcome outcome;
          outcome.name = name.text;
          outcome.channel = step_.task;
          for (const YamlNode* item : items_of(value)) read_flag(*item, outcome);
          if (outcome.ends_task && outcome.keeps_lease) {
            problems_.error(name.mark, name.text, "a result either ends the step or keeps it, not both");
          }
          out_.playbook.attempt_outcomes.push_back(std::move(outcome));
          out_.marks.outcomes.push_back(name.mark);
        },
        problems_);
  }

  void read_flag(const YamlNode& item, AttemptOutcome& outcome) {
    if (item.is(YamlType::kMap)) {
      return walk(item, "what a result brings",
                  {{"opens",
                    [&](const YamlNode& value) {
                      for (const YamlNode* each : items_of(value)) {
                        if (const auto task = task_of(*each, "opens", problems_)) outcome.opens.push_back(*task);
                      }
                    }}},
                  problems_);
    }
    const struct {
      std::string_view name;
      bool& flag;
    } flags[] = {{"in_person", outcome.in_person},
                 {"ends", outcome.ends_task},
                 {"keeps", outcome.keeps_lease},
                 {"raises", outcome.raises}};
    std::vector<std::string_view> names;
    for (const auto& each : flags) {
      names.push_back(each.name);
      if (each.name != item.text) continue;
      each.flag = true;
      return;
    }
    problems_.error(item.mark, item.text, "a result's flag is " + one_of(names) + "; or {opens: step}",
                    nearest(item.text, names));
  }

  LadderStep& step_;
  PlaybookFile& out_;
  Problems& problems_;
};

class ClosingReader {
 public:
  ClosingReader(ClosingReason& reason, Problems& problems) : reason_(reason), problems_(problems) {}

  void read(const YamlNode& node) {
    const auto flag = [this](std::string_view name, bool& out) {
      return Key{name, [this, name, &out](const YamlNode& value) { take(boolean_of(value, name, problems_), out); }};
    };
    walk(node, "a closing reason",
         {Key{"counts",
              [&](const YamlNode& value) {
                take(word_of<Counts>(value, "counts", 3, counts_name, find_counts, problems_), reason_.counts);
              }},
          Key{"needs",
              [&](const YamlNode& value) {
                for (const YamlNode* item : items_of(value)) read_need(*item);
              }},
          Key{"second_person_from",
              [&](const YamlNode& value) {
                take(level_of(value, "second_person_from", problems_), reason_.second_person_from);
              }},
          flag("follow_up", reason_.follow_up), flag("excluded", reason_.excluded), flag("lost", reason_.lost)},
         problems_);
  }

 private:
  void read_need(const YamlNode& item) {
    const struct {
      std::string_view name;
      bool& flag;
    } needs[] = {{"in_person", reason_.needs_in_person},
                 {"line_cut", reason_.needs_line_cut},
                 {"proof", reason_.needs_proof},
                 {"supervisor", reason_.supervisor_only}};
    std::vector<std::string_view> names;
    for (const auto& each : needs) {
      names.push_back(each.name);
      if (each.name != item.text) continue;
      each.flag = true;
      return;
    }
    problems_.error(item.mark, item.text, "a closing reason needs " + one_of(names), nearest(item.text, names));
  }

  ClosingReason& reason_;
  Problems& problems_;
};

}  // namespace

void read_ladder(const YamlNode& ladder, PlaybookFile& out, Problems& problems) {
  walk_names(
      ladder, "ladder",
      [&](const YamlNode& name, const YamlNode& value) {
        const std::optional<TaskType> task = task_of(name, "step", problems);
        if (!task) return;
        LadderStep step;
        step.task = *task;
        StepReader(step, out, problems).read(value);
        out.ladder.push_back(std::move(step));
        out.marks.steps.push_back(name.mark);
      },
      problems);
  // The engine has one list of retries, and goes over from calls to a visit alone.
  for (size_t i = 0; i < out.ladder.size(); ++i) {
    const LadderStep& step = out.ladder[i];
    const Mark mark = out.marks.steps[i];
    if (out.playbook.retry.empty()) out.playbook.retry = step.retry;
    if (!step.retry.empty() && step.retry != out.playbook.retry) {
      problems.error(mark, task_type_name(step.task),
                     "its retries differ from another step's: all steps have the same");
    }
    if (step.escalates_after == 0) continue;
    if (step.task == TaskType::kCall && step.escalates_to == TaskType::kVisit) {
      out.playbook.visit_after = step.escalates_after;
    } else {
      problems.error(mark, task_type_name(step.task), "only a call escalates, and to a visit");
    }
  }
}

void read_closing(const YamlNode& closing, PlaybookFile& out, Problems& problems) {
  walk_names(
      closing, "closing",
      [&](const YamlNode& name, const YamlNode& value) {
        ClosingReason reason;
        reason.name = name.text;
        ClosingReader(reason, problems).read(value);
        out.playbook.closing_reasons.push_back(std::move(reason));
        out.marks.closings.push_back(name.mark);
      },
      problems);
}

}  // namespace quanzu::rules
