// One signal through a program: find the witnesses that hold, evaluate the rules that they name, and no others.
#include <algorithm>

#include "rules/match/compiled.h"
#include "rules/match/program.h"
#include "rules/text/normalize.h"
#include "rules/text/utf8.h"

namespace quanzu::rules {

struct Scanner::State {
  // What is known is stamped with the signal's number, so that nothing must be cleared between signals.
  uint64_t stamp = 0;
  std::shared_ptr<const int> program;  // last seen
  const Compiled* code = nullptr;
  const Signal* signal = nullptr;
  std::vector<uint64_t> answers;  // by atom: stamp * 2 + whether it holds
  std::vector<uint64_t> seen;     // by rule: stamped once it is a candidate
  std::vector<RuleIndex> candidates;
  Scratch scratch;

  Normalizer normalizer;
  struct Value {  // of a subject, in its form
    uint64_t stamp = 0;
    uint64_t witnesses_found = 0;  // stamps: which of its databases were run
    uint64_t patterns_found = 0;
    std::string_view text;
    std::string buffer;
  };
  std::array<Value, kSubjectCount> values;
  uint64_t repaired = 0;

  void prepare(const Program& next);
  void find_witnesses(const SubjectCode& subject);
  bool holds(RuleIndex rule);
  bool ask(AtomId id);
  bool answer(AtomId id, bool value) {
    answers[id] = stamp * 2 + (value ? 1 : 0);
    return value;
  }
  void find_patterns(const SubjectCode& subject);
  std::string_view value_of(Subject subject);
  std::string_view form_of(Subject subject, Value& value);
};

void Scanner::State::prepare(const Program& next) {
  code = &next.compiled();
  if (program == code->identity) return;
  program = code->identity;
  answers.resize(std::max(answers.size(), code->atoms.size()));
  seen.resize(std::max(seen.size(), code->entries.size()));
  candidates.reserve(code->entries.size());
  for (const auto& subject : code->subjects) {
    if (subject == nullptr) continue;
    subject->witnesses.grow(scratch);
    subject->patterns.grow(scratch);
  }
}

std::string_view Scanner::State::value_of(Subject subject) {
  Value& value = values[subject.index()];
  if (value.stamp != stamp) {
    value.stamp = stamp;
    value.text = form_of(subject, value);
  }
  return value.text;
}

std::string_view Scanner::State::form_of(Subject subject, Value& value) {
  const std::string_view raw = raw_string(subject.source, *signal);
  if (subject.source == Source::kText) {
    const uint64_t before = normalizer.repaired();
    const std::string_view text = normalizer.normalize(raw);
    repaired += normalizer.repaired() - before;
    return text;
  }
  if (subject.form == Form::kFolded) {
    value.buffer.clear();
    repaired += fold_case(raw, value.buffer);
    return value.buffer;
  }
  if (is_ascii(raw) || find_invalid_utf8(raw) == std::string_view::npos) return raw;
  repaired += repair_utf8(raw, value.buffer);
  return value.buffer;
}

void Scanner::State::find_witnesses(const SubjectCode& subject) {
  Value& value = values[subject.subject.index()];
  if (value.witnesses_found == stamp) return;
  value.witnesses_found = stamp;
  if (!is_present(subject.subject.source, *signal)) return;
  const std::string_view text = value_of(subject.subject);
  const auto kind = static_cast<unsigned>(signal->kind);
  const auto on_match = [this, kind](AtomId atom, size_t = 0, size_t = 0) {
    answer(atom, true);
    for (uint32_t i = code->witness_begin[atom]; i < code->witness_begin[atom + 1]; ++i) {
      const RuleIndex rule = code->witness_rules[i];
      if (seen[rule] == stamp || ((code->kinds[rule] >> kind) & 1U) == 0) continue;
      seen[rule] = stamp;
      candidates.push_back(rule);
    }
  };
  subject.index.find(text, on_match);
  subject.witnesses.scan(text, scratch, on_match);
}

void Scanner::State::find_patterns(const SubjectCode& subject) {
  Value& value = values[subject.subject.index()];
  if (value.patterns_found == stamp) return;
  value.patterns_found = stamp;
  if (!is_present(subject.subject.source, *signal)) return;
  subject.patterns.scan(value_of(subject.subject), scratch,
                        [this](AtomId atom, size_t, size_t) { answer(atom, true); });
}

bool Scanner::State::ask(AtomId id) {
  const auto known = [this, id] { return answers[id] >> 1 == stamp; };
  if (known()) return (answers[id] & 1U) != 0;
  const Atom& atom = code->atoms[id];
  switch (code->sites[id]) {
    case AtomSite::kDirect:
      return answer(id, atom_holds(atom, *signal, [this](Subject subject) { return value_of(subject); }));
    case AtomSite::kWitness:
      find_witnesses(*code->subjects[atom.subject.index()]);
      break;
    case AtomSite::kPattern:
      find_patterns(*code->subjects[atom.subject.index()]);
      break;
  }
  return known() ? (answers[id] & 1U) != 0 : answer(id, false);
}

bool Scanner::State::holds(RuleIndex rule) {
  int32_t at = code->entries[rule];
  while (at >= 0) {
    const Step& step = code->steps[static_cast<size_t>(at)];
    at = ask(step.atom) ? step.yes : step.no;
  }
  return at == Step::kAccept;
}

Scanner::Scanner() : state_(std::make_unique<State>()) {}
Scanner::~Scanner() = default;

uint64_t Scanner::repaired() const {
  return state_->repaired;
}

void Scanner::scan(const Program& program, const Signal& signal, std::vector<RuleIndex>& out) {
  State& state = *state_;
  state.prepare(program);
  ++state.stamp;
  state.signal = &signal;
  state.candidates.clear();
  const auto kind = static_cast<size_t>(signal.kind);
  for (const SubjectCode* subject : state.code->scanned[kind]) state.find_witnesses(*subject);
  const size_t first = out.size();
  // By index: an atom's answer may find more witnesses, whose rules are of other kinds' subjects only.
  for (size_t i = 0; i < state.candidates.size(); ++i) {
    if (state.holds(state.candidates[i])) out.push_back(state.candidates[i]);
  }
  for (RuleIndex rule : state.code->always[kind]) {
    if (state.holds(rule)) out.push_back(rule);
  }
  std::sort(out.begin() + static_cast<ptrdiff_t>(first), out.end());
}

}  // namespace quanzu::rules
