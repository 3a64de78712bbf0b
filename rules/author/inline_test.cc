#include "rules/author/inline_test.h"

#include <algorithm>

#include "rules/author/named_fields.h"
#include "rules/author/test_signal.h"
#include "rules/match/describe.h"
#include "rules/match/explain.h"

namespace quanzu::rules {

namespace {

struct Raised {
  std::optional<size_t> event;  // none where a closing window decided
  Instant at{};
  std::string group;
  bool expected = false;
};

std::string lines(std::string_view text) {
  return "  " + std::string(text) + "\n";
}

std::string place_of(const Document& document, const Mark& mark) {
  return document.file + ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column);
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
  TestRun(const Program& program, const Result<Definitions>& definitions, RuleIndex index, const RuleTest& test,
          Scanner& scanner)
      : program_(program),
        definitions_(definitions),
        index_(index),
        rule_(index < program.pack().rules.size() ? &program.rule(index) : nullptr),
        document_(rule_ != nullptr ? static_cast<const Document&>(*rule_)
                                   : program.pack().correlations[index - program.pack().rules.size()]),
        test_(test),
        scanner_(scanner) {}

  TestResult run() {
    TestResult result{document_.info.id, test_.name, document_.file, test_.mark, {}};
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
    if (!start)
      return fail(Code::kInvalidArgument, place_of(document_, test_.mark) + ": start " + start.error().message);
    start_ = *start;
    if (!definitions_) return Failure(definitions_.error());
    OfflineCorrelator correlator(*definitions_);
    std::vector<OfflineLine> told;
    Instant at = start_;
    for (size_t i = 0; i < test_.events.size(); ++i) {
      const TestEvent& event = test_.events[i];
      Result<Signal> signal = test_signal(event, start_, at);
      if (!signal) return fail(Code::kInvalidArgument, place_of(document_, event.mark) + ": " + signal.error().message);
      at = signal->at;
      std::vector<RuleIndex> matched;
      scanner_.scan(program_, *signal, matched);
      if (std::find(matched.begin(), matched.end(), index_) != matched.end()) raised_.push_back({i, at, {}, false});
      correlator.add(at, matched, SignalFields(*signal), told);
      signals_.push_back(*signal);
    }
    correlator.finish(told);
    take_told(told);
    return {};
  }

  // What the correlation under test raised.
  void take_told(const std::vector<OfflineLine>& told) {
    for (const OfflineLine& line : told) {
      for (const OfflineAlert& alert : line.alerts) {
        if (alert.rule != index_) continue;
        Raised& one = raised_.emplace_back(Raised{line.n, line.at, {}, false});
        for (const auto& [name, value] : alert.group) one.group += (one.group.empty() ? "" : "/") + value;
      }
    }
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
    diff_ = lines(place_of(document_, test_.mark)) + missing;
    if (!missing.empty() && rule_ != nullptr) {
      for (size_t i = 0; i < signals_.size(); ++i) diff_ += told_silent(i);
    }
    for (const Raised& one : raised_) {
      if (!one.expected) diff_ += told_stray(one);
    }
  }

  // Nothing, or a line saying what was expected in vain.
  std::string take(const TestExpect& expect) {
    if (expect.group && rule_ != nullptr) {
      return lines("- group " + *expect.group + ": a rule without correlation has no groups");
    }
    if (expect.level && *expect.level != document_.level) {
      return lines("- level " + *expect.level + ": the rule's level is '" + document_.level + "'");
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
      if (one.expected || (at && one.at != *at) || (expect.group && one.group != *expect.group)) continue;
      one.expected = true;
      ++taken;
    }
    if (taken == wanted) return {};
    return lines("- expected " + std::to_string(wanted) + (wanted == 1 ? " alert" : " alerts") +
                 (expect.at ? " at " + *expect.at : std::string()) +
                 (expect.group ? " of group " + *expect.group : std::string()) + ", got " + std::to_string(taken));
  }

  std::string told_event(size_t i) const {
    return "event " + std::to_string(i + 1) + " (line " + std::to_string(test_.events[i].mark.line) + ")";
  }

  std::string told_silent(size_t i) const {
    if (std::any_of(raised_.begin(), raised_.end(), [i](const Raised& one) { return one.event == i; })) return {};
    std::string why;
    Result<Explainer> explainer = Explainer::make(*rule_);
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
    std::string out = (one.event ? "+ " + told_event(*one.event) : std::string("+ a window that closed")) + " at " +
                      format_rfc3339(one.at) + ": an alert that is not expected";
    if (!one.group.empty()) out += ", of group " + one.group;
    if (rule_ == nullptr || !one.event) return lines(out);
    const std::string_view text = signals_[*one.event].string(Field::kText);
    std::string words;
    for (const auto& [begin, end] : matched_spans(*rule_, text)) {
      words += (words.empty() ? ", on '" : "', '") + std::string(text.substr(begin, end - begin));
    }
    return lines(out + (words.empty() ? "" : words + "'"));
  }

  const Program& program_;
  const Result<Definitions>& definitions_;  // of the program's pack
  const RuleIndex index_;
  const Rule* const rule_;  // null where a correlation is under test
  const Document& document_;
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
  const Pack& pack = program.pack();
  const Result<Definitions> definitions = define(pack);
  const auto run_all = [&](const Document& document, RuleIndex index) {
    for (const RuleTest& test : document.tests) {
      results.push_back(TestRun(program, definitions, index, test, scanner).run());
    }
  };
  RuleIndex index = 0;
  for (const Rule& rule : pack.rules) run_all(rule, index++);
  for (const Correlation& correlation : pack.correlations) run_all(correlation, index++);
  return results;
}

}  // namespace quanzu::rules
