#include "rules/author/inline_test.h"

#include <algorithm>

#include "rules/author/test_signal.h"
#include "rules/match/describe.h"
#include "rules/match/explain.h"

namespace quanzu::rules {

namespace {

struct Raised {
  size_t event = 0;
  Instant at{};
  bool expected = false;
};

std::string lines(std::string_view text) {
  return "  " + std::string(text) + "\n";
}

std::string place_of(const Rule& rule, const Mark& mark) {
  return rule.file + ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column);
}

// The selections, or single items, that stand in the way; at most three.
void append_lacks(const Verdict& verdict, std::vector<std::string>& lacks) {
  if (verdict.holds || lacks.size() == 3) return;
  if (!verdict.node->selection.empty()) {
    lacks.push_back(verdict.node->selection);
  } else if (verdict.node->type == NodeType::kAnd) {
    for (const Verdict& child : verdict.children) append_lacks(child, lacks);
  } else if (verdict.node->type == NodeType::kNot) {
    const Verdict& child = verdict.children.front();
    lacks.push_back("not " + (child.node->selection.empty() ? std::string("(...)") : child.node->selection));
  } else if (verdict.node->type == NodeType::kItem) {
    lacks.push_back(describe(verdict.node->item));
  } else {
    lacks.push_back("(... or ...)");
  }
}

class TestRun {
 public:
  TestRun(const Program& program, RuleIndex index, const RuleTest& test, Scanner& scanner)
      : program_(program), index_(index), rule_(program.rule(index)), test_(test), scanner_(scanner) {}

  TestResult run() {
    TestResult result{rule_.info.id, test_.name, rule_.file, test_.mark, {}};
    const Result<void> played = play();
    if (played) {
      compare();
    } else {
      diff_ = lines(played.error().message);
    }
    result.diff = std::move(diff_);
    return result;
  }

 private:
  // Every event in its order; who names no time stands at that of the event before it.
  Result<void> play() {
    Result<Instant> start = test_time(test_.start.empty() ? kDefaultStart : test_.start, {}, {});
    if (!start) return fail(Code::kInvalidArgument, place_of(rule_, test_.mark) + ": start " + start.error().message);
    start_ = *start;
    Instant at = start_;
    for (size_t i = 0; i < test_.events.size(); ++i) {
      const TestEvent& event = test_.events[i];
      Result<Signal> signal = test_signal(event, start_, at);
      if (!signal) return fail(Code::kInvalidArgument, place_of(rule_, event.mark) + ": " + signal.error().message);
      at = signal->at;
      std::vector<RuleIndex> matched;
      scanner_.scan(program_, *signal, matched);
      if (std::find(matched.begin(), matched.end(), index_) != matched.end()) raised_.push_back({i, at, false});
      signals_.push_back(*signal);
    }
    return {};
  }

  // Each expectation takes alerts that fit it; those that name a time choose first.
  void compare() {
    std::vector<const TestExpect*> expects;
    for (const TestExpect& expect : test_.expect) expects.push_back(&expect);
    std::stable_sort(expects.begin(), expects.end(),
                     [](const TestExpect* a, const TestExpect* b) { return a->at.has_value() > b->at.has_value(); });
    std::string missing;
    for (const TestExpect* expect : expects) missing += take(*expect);
    const bool stray = std::any_of(raised_.begin(), raised_.end(), [](const Raised& one) { return !one.expected; });
    if (missing.empty() && !stray) return;
    diff_ = lines(place_of(rule_, test_.mark)) + missing;
    if (!missing.empty() && raised_.size() < signals_.size()) {
      for (size_t i = 0; i < signals_.size(); ++i) diff_ += told_silent(i);
    }
    for (const Raised& one : raised_) {
      if (!one.expected) diff_ += told_stray(one);
    }
  }

  // Nothing, or a line saying what was expected in vain.
  std::string take(const TestExpect& expect) {
    if (expect.group) return lines("- group " + *expect.group + ": a rule without correlation has no groups");
    if (expect.level && *expect.level != rule_.level) {
      return lines("- level " + *expect.level + ": the rule's level is '" + rule_.level + "'");
    }
    std::optional<Instant> at;
    if (expect.at) {
      const Result<Instant> time = test_time(*expect.at, start_, start_);
      if (!time) return lines("- at " + time.error().message);
      at = *time;
    }
    const int wanted = expect.count.value_or(1);
    int taken = 0;
    for (Raised& one : raised_) {
      if (taken == wanted) break;
      if (one.expected || (at && one.at != *at)) continue;
      one.expected = true;
      ++taken;
    }
    if (taken == wanted) return {};
    return lines("- expected " + std::to_string(wanted) + (wanted == 1 ? " alert" : " alerts") +
                 (expect.at ? " at " + *expect.at : std::string()) + ", got " + std::to_string(taken));
  }

  std::string told_event(size_t i) const {
    return "event " + std::to_string(i + 1) + " (line " + std::to_string(test_.events[i].mark.line) + ")";
  }

  std::string told_silent(size_t i) const {
    if (std::any_of(raised_.begin(), raised_.end(), [i](const Raised& one) { return one.event == i; })) return {};
    std::string why;
    Result<Explainer> explainer = Explainer::make(rule_);
    ENSURE(explainer.has_value(), "a rule of a compiled program has an explanation");
    const Explanation explanation = explainer->explain(signals_[i]);
    if (!explanation.takes) {
      why = "the rule's logsource takes no " + std::string(kind_name(signals_[i].kind));
    } else {
      std::vector<std::string> lacks;
      for (const Verdict& condition : explanation.conditions) append_lacks(condition, lacks);
      for (const std::string& lack : lacks) why += (why.empty() ? "" : ", ") + lack;
      why = "does not hold: " + why;
    }
    return lines("- " + told_event(i) + ": silent; " + why);
  }

  std::string told_stray(const Raised& one) const {
    const Signal& signal = signals_[one.event];
    const std::string_view text = signal.string(Field::kText);
    std::string words;
    for (const auto& [begin, end] : matched_spans(rule_, text)) {
      words += (words.empty() ? " on '" : "', '") + std::string(text.substr(begin, end - begin));
    }
    return lines("+ " + told_event(one.event) + " at " + format_rfc3339(one.at) + ": an alert that is not expected" +
                 (words.empty() ? "" : "," + words + "'"));
  }

  const Program& program_;
  const RuleIndex index_;
  const Rule& rule_;
  const RuleTest& test_;
  Scanner& scanner_;
  Instant start_{};
  std::vector<Signal> signals_;
  std::vector<Raised> raised_;
  std::string diff_;
};

}  // namespace

std::vector<TestResult> run_tests(const Program& program) {
  std::vector<TestResult> results;
  Scanner scanner;
  for (RuleIndex index = 0; index < program.rules().size(); ++index) {
    for (const RuleTest& test : program.rule(index).tests) {
      results.push_back(TestRun(program, index, test, scanner).run());
    }
  }
  return results;
}

}  // namespace quanzu::rules
