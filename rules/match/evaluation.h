// One event through a compiled pack: find the witnesses that hold, evaluate the rules that they name, and no others. What an
// event holds is asked of `Event`, a signal's values or a foreign event's:
//   bool takes(RuleIndex)                  whether the rule's logsource takes the event
//   void each_text(Subject, on_text)       on_text(std::string_view) for each value of the subject, in its form
//   void each_number(Subject, on_number)   on_number(double), likewise; asked only where a number is a witness
//   bool holds(const Atom&)                an atom that no index or database finds
//   constexpr bool kFindsAll               whether all subjects that it has are looked at before a rule is evaluated
// One thread.
#pragma once
#include <algorithm>

#include "rules/match/compiled.h"

namespace quanzu::rules {

template <class Event>
class Evaluation {
 public:
  explicit Evaluation(Event& event) : event_(event) {}

  // Before the first event of a program, and whenever it changes.
  void prepare(const Compiled& code) {
    code_ = &code;
    if (program_ == code.identity) return;
    program_ = code.identity;
    forget();
    answers_.resize(std::max(answers_.size(), code.sites.size()));
    seen_.resize(std::max(seen_.size(), code.entries.size()));
    found_.resize(std::max(found_.size(), code.subjects.size()));
    answered_.reserve(code.sites.size());
    candidates_.reserve(code.entries.size());
    for (const auto& subject : code.subjects) {
      if (subject == nullptr) continue;
      subject->witnesses.grow(scratch_);
      subject->patterns.grow(scratch_);
    }
  }

  // The next event: what was known of the last is forgotten.
  void begin() {
    ++stamp_;
    forget();
  }

  // Looks for the witnesses of a subject; what literals stand there is known once they are settled.
  void find_witnesses(const SubjectCode& subject) {
    Found& found = found_[subject.subject.index()];
    if (found.witnesses == stamp_) return;
    found.witnesses = stamp_;
    const auto on_literal = [this](AtomId atom) { meet_later(atom); };
    if (!subject.numbers.empty()) {
      event_.each_number(subject.subject, [&](double number) {
        const auto known = subject.numbers.find(number);
        if (known != subject.numbers.end()) meet(known->second);
      });
    }
    event_.each_text(subject.subject, [&](std::string_view text) {
      if (subject.has_literals) code_->literals.look(subject.space, text, literals_, on_literal);
      if (subject.subject.source == kEachString) settle();  // the next one takes its place
      subject.witnesses.scan(text, scratch_, [this](AtomId atom, size_t, size_t) { meet(atom); });
    });
  }

  // Appends the rules that hold, ascending: candidates, and those of `always` that take the event.
  void finish(const std::vector<RuleIndex>& always, std::vector<RuleIndex>& out) {
    settle();
    const size_t first = out.size();
    // By index: an atom's answer may find more witnesses.
    for (size_t i = 0; i < candidates_.size(); ++i) {
      if (holds(candidates_[i])) out.push_back(candidates_[i]);
    }
    for (RuleIndex rule : always) {
      if (event_.takes(rule) && holds(rule)) out.push_back(rule);
    }
    std::sort(out.begin() + static_cast<ptrdiff_t>(first), out.end());
  }

 private:
  static constexpr size_t kMostMet = 1024;

  struct Found {  // stamps: which of a subject's databases were run
    uint64_t witnesses = 0;
    uint64_t patterns = 0;
  };

  enum class Answer : uint8_t { kUnknown, kNo, kYes };

  bool answer(AtomId id, bool value) {
    answers_[id] = value ? Answer::kYes : Answer::kNo;
    answered_.push_back(id);
    return value;
  }

  void forget() {
    for (AtomId id : answered_) answers_[id] = Answer::kUnknown;
    for (RuleIndex rule : candidates_) seen_[rule] = 0;
    answered_.clear();
    candidates_.clear();
  }

  // Here is an atom that holds: a witness, perhaps.
  void meet(AtomId atom) {
    if (answers_[atom] == Answer::kYes) return;
    answer(atom, true);
    for (uint32_t i = code_->witness_begin[atom]; i < code_->witness_begin[atom + 1]; ++i) {
      const RuleIndex rule = code_->witness_rules[i];
      if (seen_[rule] != 0 || !event_.takes(rule)) continue;
      seen_[rule] = 1;
      candidates_.push_back(rule);
    }
  }

  // A literal stands there. What meet() must wait for is asked for at once.
  void meet_later(AtomId atom) {
    if (answers_[atom] == Answer::kYes) return;
    __builtin_prefetch(&code_->witness_begin[atom]);
    met_.push_back(atom);
    if (met_.size() == kMostMet) meet_all();  // a text may hold a literal at every byte
  }

  void meet_all() {
    for (const AtomId atom : met_) __builtin_prefetch(code_->witness_rules.data() + code_->witness_begin[atom]);
    for (const AtomId atom : met_) meet(atom);
    met_.clear();
  }

  void settle() {
    code_->literals.settle(literals_, [this](AtomId atom) { meet_later(atom); });
    meet_all();
  }

  void find_patterns(const SubjectCode& subject) {
    Found& found = found_[subject.subject.index()];
    if (found.patterns == stamp_) return;
    found.patterns = stamp_;
    event_.each_text(subject.subject, [&](std::string_view text) {
      subject.patterns.scan(text, scratch_, [this](AtomId atom, size_t, size_t) {
        if (answers_[atom] != Answer::kYes) answer(atom, true);
      });
    });
  }

  bool ask(AtomId id) {
    if (answers_[id] != Answer::kUnknown) return answers_[id] == Answer::kYes;
    const auto subject = [this, id]() -> const SubjectCode& {
      return *code_->subjects[code_->atoms[id].subject.index()];
    };
    switch (code_->sites[id]) {
      case AtomSite::kDirect:
        return answer(id, event_.holds(code_->atoms[id]));
      case AtomSite::kConfirm:
        return answer(id, confirm(id));
      case AtomSite::kGroup:
        return answer(id, any_of(id - static_cast<AtomId>(code_->atoms.size())));
      case AtomSite::kWitness:
        if constexpr (Event::kFindsAll) return false;
        find_witnesses(subject());
        settle();
        break;
      case AtomSite::kPattern:
        find_patterns(subject());
        break;
    }
    return answers_[id] == Answer::kUnknown ? answer(id, false) : answers_[id] == Answer::kYes;
  }

  // All of its atoms are found before anybody asks.
  bool any_of(uint32_t group) {
    const AtomGroups& groups = code_->groups;
    if constexpr (!Event::kFindsAll) {
      find_witnesses(*code_->subjects[groups.subjects[group].index()]);
      settle();
    }
    unsigned any = 0;
    for (uint32_t i = groups.begin[group]; i < groups.begin[group + 1]; ++i) {
      any |= static_cast<unsigned>(answers_[groups.members[i]] == Answer::kYes);
    }
    return any != 0;
  }

  bool confirm(AtomId id) {
    bool found = false;
    event_.each_text(code_->atoms[id].subject, [&](std::string_view text) {
      found = found || code_->confirmers[id]->holds(text, confirmation_);
    });
    return found;
  }

  bool holds(RuleIndex rule) {
    int32_t at = code_->entries[rule];
    while (at >= 0) {
      const Step& step = code_->steps[static_cast<size_t>(at)];
      at = ask(step.atom) ? step.yes : step.no;
    }
    return at == Step::kAccept;
  }

  Event& event_;
  uint64_t stamp_ = 0;                  // of the event
  std::shared_ptr<const int> program_;  // last seen
  const Compiled* code_ = nullptr;
  std::vector<Answer> answers_;   // by atom, then by group; a byte each, so that all stay in the nearest cache
  std::vector<AtomId> answered_;  // those that are known
  std::vector<uint8_t> seen_;     // by rule: whether it is a candidate
  std::vector<Found> found_;      // by subject
  std::vector<RuleIndex> candidates_;
  LiteralIndex::Search literals_;
  std::vector<AtomId> met_;  // literals that stand in the event and are not yet answers
  Scratch scratch_;
  Confirmation confirmation_;
};

}  // namespace quanzu::rules
