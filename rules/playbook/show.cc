#include "rules/playbook/show.h"

#include <algorithm>
#include <array>

namespace quanzu::rules {
namespace {

// What the drawing says, in both languages.
struct Term {
  std::string_view word;
  std::string_view zh;
};
constexpr std::array kTerms = {
    Term{"version", "版本"},
    Term{"levels", "等级"},
    Term{"ladder", "阶梯"},
    Term{"ends", "结束"},
    Term{"follow-ups", "回访"},
    Term{"begins with", "首先"},
    Term{"from", "起分"},
    Term{"points", "分"},
    Term{"retry", "重试"},
    Term{"reached nobody", "未触达"},
    Term{"in person", "触达本人"},
    Term{"goes on", "继续处理"},
    Term{"done", "完成"},
    Term{"tried again", "再试"},
    Term{"raised", "升一级"},
    Term{"success", "成功"},
    Term{"failure", "失败"},
    Term{"neutral", "不计"},
    Term{"needs", "须有"},
    Term{"line cut", "已断开联系"},
    Term{"proof", "证明"},
    Term{"supervisor", "值班长"},
    Term{"second person from", "双人复核起"},
    Term{"assumed figures, to be confirmed", "项暂定数值，须由本地确认"},
};

struct NameInChinese {
  std::string_view name;
  std::string_view zh;
};
constexpr std::array kNames = {
    NameInChinese{"low", "低"},
    NameInChinese{"medium", "中"},
    NameInChinese{"high", "高"},
    NameInChinese{"critical", "特高危"},
    NameInChinese{"call", "电话劝阻"},
    NameInChinese{"message", "短信"},
    NameInChinese{"visit", "上门见面"},
    NameInChinese{"family", "家属协助"},
    NameInChinese{"stop_payment", "止付"},
    NameInChinese{"line_block", "保护性停机"},
    NameInChinese{"feedback", "反馈"},
    NameInChinese{"follow_up", "回访"},
    NameInChinese{"street", "街道"},
    NameInChinese{"police", "公安"},
    NameInChinese{"bank", "银行"},
    NameInChinese{"carrier", "运营商"},
};

std::string span_text(Duration span) {
  using namespace std::chrono;
  const auto total = duration_cast<seconds>(span).count();
  if (total % 86400 == 0 && total >= 2 * 86400) return std::to_string(total / 86400) + "d";
  if (total % 3600 == 0) return std::to_string(total / 3600) + "h";
  if (total % 60 == 0) return std::to_string(total / 60) + "m";
  return std::to_string(total) + "s";
}

class Drawing {
 public:
  Drawing(const PlaybookFile& file, Language language)
      : file_(file), playbook_(file.playbook), chinese_(language == Language::kChinese) {}

  std::string draw() {
    const std::string title = chinese_ ? file_.title.zh : file_.title.en;
    out_ += title + " (" + playbook_.kind + ", " + term("version") + " " + std::to_string(playbook_.version) + ")\n";
    draw_levels();
    draw_ladder();
    draw_ends();
    if (!file_.marks.assumed.empty()) {
      out_ += "\n" + std::to_string(file_.marks.assumed.size()) + " " + term("assumed figures, to be confirmed") + "\n";
    }
    return std::move(out_);
  }

 private:
  std::string term(std::string_view word) const {
    if (!chinese_) return std::string(word);
    const auto found = std::find_if(kTerms.begin(), kTerms.end(), [&](const Term& each) { return each.word == word; });
    ENSURE(found != kTerms.end(), "every term is in the table");
    return std::string(found->zh);
  }
  std::string name(std::string_view word) const {
    if (!chinese_) return std::string(word);
    const auto found = std::find_if(kNames.begin(), kNames.end(), [&](const auto& each) { return each.name == word; });
    return found == kNames.end() ? std::string(word) : std::string(found->zh);
  }
  std::string task(TaskType type) const { return name(task_type_name(type)); }

  void draw_levels() {
    out_ += "\n" + term("levels") + "\n";
    for (size_t level = kLevelCount - 1; level > 0; --level) {
      out_ += "  " + name(level_name(static_cast<Level>(level)));
      out_ +=
          ", " + term("from") + " " + std::to_string(playbook_.level_from[level].value() / 1000) + " " + term("points");
      out_ += ": " + term("begins with") + " ";
      std::string tasks;
      for (const TaskType type : playbook_.tasks[level]) {
        const Clocks& clocks = playbook_.clocks[level];
        const Duration clock = type == TaskType::kVisit ? clocks.visit : clocks.call;
        tasks += (tasks.empty() ? "" : " + ") + task(type) + " <= " + span_text(clock);
      }
      out_ += tasks + "\n";
    }
  }

  void draw_ladder() {
    out_ += "\n" + term("ladder") + "\n";
    for (const LadderStep& step : file_.ladder) {
      out_ += "  [" + task(step.task) + "]  " + name(authority_name(step.authority)) + details_of(step) + "\n";
      for (const AttemptOutcome& outcome : playbook_.attempt_outcomes) {
        if (outcome.channel == step.task) out_ += "    |- " + outcome.name + ": " + what_follows(outcome) + "\n";
      }
      if (step.escalates_after > 0) {
        out_ += "    `- " + std::to_string(step.escalates_after) + " x " + term("reached nobody") + " --> [" +
                task(step.escalates_to) + "]\n";
      }
    }
  }

  std::string details_of(const LadderStep& step) const {
    std::string out;
    if (!step.retry.empty()) {
      std::string waits;
      for (const Duration wait : step.retry) waits += (waits.empty() ? "" : ", ") + span_text(wait);
      out += "; " + term("retry") + " " + waits;
    }
    return out;
  }

  std::string what_follows(const AttemptOutcome& outcome) const {
    std::string out;
    const auto add = [&out](const std::string& piece) { out += (out.empty() ? "" : ", ") + piece; };
    if (outcome.in_person) add(term("in person"));
    if (outcome.keeps_lease) add(term("goes on"));
    if (outcome.ends_task) add(term("done"));
    if (outcome.raises) add(term("raised"));
    if (!outcome.keeps_lease && !outcome.ends_task) add(term("tried again"));
    for (const TaskType opened : outcome.opens) out += " --> [" + task(opened) + "]";
    return out;
  }

  void draw_ends() {
    out_ += "\n" + term("ends") + "\n";
    for (const ClosingReason& reason : playbook_.closing_reasons) {
      std::string needs;
      const auto add = [&needs](const std::string& piece) { needs += (needs.empty() ? "" : ", ") + piece; };
      if (reason.needs_in_person) add(term("in person"));
      if (reason.needs_line_cut) add(term("line cut"));
      if (reason.needs_proof) add(term("proof"));
      if (reason.supervisor_only) add(term("supervisor"));
      if (reason.second_person_from != Level::kNone) {
        add(term("second person from") + " " + name(level_name(reason.second_person_from)));
      }
      out_ += "  (" + reason.name + ")  " + term(counts_name(reason.counts)) +
              (needs.empty() ? "" : "; " + term("needs") + " " + needs) + "\n";
    }
    if (playbook_.follow_ups.empty()) return;
    out_ += "\n" + term("follow-ups") + "\n ";
    for (const FollowUpPoint& point : playbook_.follow_ups) {
      out_ += " " + point.name;
      if (point.from > Level::kLow) out_ += " (" + name(level_name(point.from)) + ")";
    }
    out_ += "\n";
  }

  const PlaybookFile& file_;
  const Playbook& playbook_;
  const bool chinese_;
  std::string out_;
};

}  // namespace

std::string show_playbook(const PlaybookFile& playbook, Language language) {
  return Drawing(playbook, language).draw();
}

}  // namespace quanzu::rules
