#include "rules/playbook/timeline.h"

#include <algorithm>

#include "engine/engine.h"

namespace quanzu::rules {
namespace {

const Number kResident("8613900001111");

std::string offset_text(Duration offset) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(offset).count();
  std::string text = "+";
  if (minutes >= 60) text += std::to_string(minutes / 60) + "h";
  if (minutes % 60 != 0 || minutes < 60) text += std::to_string(minutes % 60) + "m";
  return text;
}

class TimelineRun {
 public:
  TimelineRun(const PlaybookFile& file, const Timeline& test) : test_(test), engine_(file.playbook), now_(test.start) {
    must(Genesis{"00", {}});
    for (size_t i = 0; i <= static_cast<size_t>(Role::kSupervisor); ++i) {
      User user;
      user.name = role_name(static_cast<Role>(i));
      user.role = static_cast<Role>(i);
      must(UserAdded{user});
    }
    User second;
    second.name = "second supervisor";
    second.role = Role::kSupervisor;
    must(UserAdded{second});
  }

  std::string run() {
    happen(test_.opening);
    std::vector<TimelineExpect> sorted = test_.expect;
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    auto expect = sorted.begin();
    for (const TimelineEvent& event : test_.events) {
      for (; expect != sorted.end() && expect->at < event.at; ++expect) compare(*expect);
      happen(event);
    }
    for (; expect != sorted.end(); ++expect) compare(*expect);
    return diff_;
  }

 private:
  Result<Applied> apply(EventBody body) {
    return engine_.apply(Event{Sequence(engine_.last_sequence().value() + 1), now_, std::move(body)}, {}, effects_);
  }
  void must(EventBody body) { ENSURE(apply(std::move(body)).has_value(), "a test's own events are sound"); }

  void move_to(Duration offset) {
    const Instant to = test_.start + offset;
    while (engine_.next_due() <= to) {
      now_ = std::max(now_, engine_.next_due());
      must(Tick());
    }
    now_ = std::max(now_, to);
  }

  void differ(const Mark& mark, const std::string& what) {
    diff_ += "  line " + std::to_string(mark.line) + ", at " + offset_text(now_ - test_.start) + ": " + what + "\n";
  }

  const Case* latest() const { return engine_.find_case(CaseId(engine_.case_count())); }

  void happen(const TimelineEvent& event) {
    move_to(event.at);
    const Result<Applied> applied = dispatch(event);
    if (applied && event.refused) return differ(event.mark, "it was not refused");
    if (applied) return;
    if (!event.refused) return differ(event.mark, "it was refused: " + applied.error().message);
    if (applied.error().message.find(*event.refused) == std::string::npos) {
      differ(event.mark, "it was refused, but with: " + applied.error().message);
    }
  }

  Result<Applied> dispatch(const TimelineEvent& event) {
    switch (event.what) {
      case TimelineEvent::What::kOpen:
        return open(event);
      case TimelineEvent::What::kAttempt:
        return attempt(event);
      case TimelineEvent::What::kClose:
        return close(event);
    }
    return Applied::kUnchanged;
  }

  Result<Applied> as(Role role, CommandBody body) {
    return apply(Command{engine_.find_user(role_name(role))->id, {}, {}, std::move(body)});
  }

  Result<Applied> open(const TimelineEvent& event) {
    OpenCase open;
    open.kind = engine_.playbook().kind;
    open.number = kResident;
    open.fraud_type = event.fraud_type;
    open.level = event.level;
    open.text = "test";
    return as(Role::kOperator, std::move(open));
  }

  Result<Applied> attempt(const TimelineEvent& event) {
    const Case* of = latest();
    if (of == nullptr) return fail(Code::kFailedPrecondition, "there is no case");
    const auto task = std::find_if(of->tasks.begin(), of->tasks.end(),
                                   [&](const Task& each) { return each.type == event.task && each.live(); });
    if (task == of->tasks.end()) {
      return fail(Code::kFailedPrecondition, "no " + std::string(task_type_name(event.task)) + " is open");
    }
    const Role role = event.by.value_or(Role::kOperator);
    RecordAttempt record;
    record.task = task->id;
    record.result = event.word;
    record.identity = event.identity;
    record.line_cut = event.line_cut;
    record.stopped_by = event.stopped_by;
    if (!task->held()) {
      const Result<Applied> claimed = as(role, ClaimTask{record.task, 0});
      if (!claimed) return claimed;
    }
    return as(role, std::move(record));
  }

  Result<Applied> close(const TimelineEvent& event) {
    if (latest() == nullptr) return fail(Code::kFailedPrecondition, "there is no case");
    CloseCase close;
    close.case_id = latest()->id;
    close.reason = event.word;
    close.proof = event.proof;
    if (event.second_person) close.second_person = "second supervisor";
    return as(event.by.value_or(Role::kOperator), std::move(close));
  }

  void compare(const TimelineExpect& expect) {
    move_to(expect.at);
    const auto same = [&](const std::string& what, const std::string& is, const std::string& wanted) {
      if (is != wanted) differ(expect.mark, what + " is " + (is.empty() ? "none" : is) + ", expected " + wanted);
    };
    const Case* of = latest();
    if (of == nullptr) return differ(expect.mark, "there is no case");
    if (expect.level) same("the level", std::string(level_name(of->level)), std::string(level_name(*expect.level)));
    if (expect.state) {
      same("the state", std::string(case_state_name(of->state)), std::string(case_state_name(*expect.state)));
    }
    if (expect.closing) same("the closing reason", of->closing ? of->closing->reason : "", *expect.closing);
    if (expect.waits) compare_waiting(expect, *of);
    if (expect.absent && find(*of, *expect.absent, false) != nullptr) {
      differ(expect.mark, std::string(task_type_name(expect.absent->type)) + " is open");
    }
    if (expect.sent) compare_sent(expect);
  }

  const Task* find(const Case& of, const TimelineExpect::TaskName& name, bool waiting) const {
    for (const Task& task : of.tasks) {
      if (task.type != name.type || !task.live() || (waiting && task.held())) continue;
      if (name.point.empty() || task.point == name.point) return &task;
    }
    return nullptr;
  }

  void compare_waiting(const TimelineExpect& expect, const Case& of) {
    const Task* task = find(of, *expect.waits, true);
    if (task == nullptr) return differ(expect.mark, "no " + std::string(task_type_name(expect.waits->type)) + " waits");
    const auto same = [&](const std::string& what, Instant is, Duration wanted) {
      if (is == test_.start + wanted) return;
      differ(expect.mark, what + " is " + offset_text(is - test_.start) + ", expected " + offset_text(wanted));
    };
    if (expect.due) same("its due time", task->due_at, *expect.due);
    if (expect.not_before) same("its first moment", task->not_before, *expect.not_before);
  }

  void compare_sent(const TimelineExpect& expect) {
    const bool sent = std::any_of(effects_.outreach.begin(), effects_.outreach.end(),
                                  [&](const OutreachDue& each) { return each.channel == *expect.sent; });
    if (!sent) differ(expect.mark, "nothing was sent by " + *expect.sent);
  }

  const Timeline& test_;
  Engine engine_;
  Effects effects_;
  Instant now_;
  std::string diff_;
};

}  // namespace

std::vector<TimelineResult> run_timelines(const PlaybookFile& playbook) {
  std::vector<TimelineResult> results;
  for (const Timeline& test : playbook.tests) {
    results.push_back({test.name, test.mark, TimelineRun(playbook, test).run()});
  }
  return results;
}

}  // namespace quanzu::rules
