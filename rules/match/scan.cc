// A signal's values for the matcher, each in its form once, and the matcher's run over them.
#include "rules/match/evaluation.h"
#include "rules/match/program.h"
#include "rules/text/heard.h"
#include "rules/text/normalize.h"
#include "rules/text/pinyin.h"
#include "rules/text/utf8.h"

namespace quanzu::rules {

struct Scanner::State {
  static constexpr bool kFindsAll = false;  // a keyword may ask for what another kind of signal carries

  uint64_t stamp = 0;  // of the signal: nothing must be cleared between signals
  const Compiled* code = nullptr;
  const Signal* signal = nullptr;
  Normalizer normalizer;
  struct Value {  // of a subject, in its form
    uint64_t stamp = 0;
    std::string_view text;
    std::string buffer;
  };
  std::array<Value, kSubjectCount> values;
  uint64_t repaired = 0;
  ModelScores scores;
  Evaluation<State> evaluation{*this};

  bool takes(RuleIndex rule) const { return ((code->kinds[rule] >> static_cast<unsigned>(signal->kind)) & 1U) != 0; }
  template <class OnText>
  void each_text(Subject subject, OnText&& on_text) {
    if (is_present(subject.source, *signal)) on_text(value_of(subject));
  }
  template <class OnNumber>
  void each_number(Subject subject, OnNumber&& on_number) {
    if (is_present(subject.source, *signal)) on_number(number_of(subject.source, *signal));
  }
  bool holds(const Atom& atom) {
    if (atom.op == AtomOp::kModel) {
      return is_present(atom.subject.source, *signal) && holds_model(atom, value_of(atom.subject), stamp, scores);
    }
    return atom_holds(atom, *signal, [this](Subject subject) { return value_of(subject); });
  }
  std::string_view value_of(Subject subject);
  std::string_view form_of(Subject subject, Value& value);
};

std::string_view Scanner::State::value_of(Subject subject) {
  Value& value = values[subject.index()];
  if (value.stamp != stamp) {
    value.stamp = stamp;
    value.text = form_of(subject, value);
  }
  return value.text;
}

std::string_view Scanner::State::form_of(Subject subject, Value& value) {
  if (subject.form == Form::kSound) {
    to_sounds(value_of({subject.source, caseless_form(subject.source)}), value.buffer);
    return value.buffer;
  }
  if (subject.form == Form::kHeard) {
    to_heard(value_of({subject.source, caseless_form(subject.source)}), value.buffer);
    return value.buffer;
  }
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

Scanner::Scanner() : state_(std::make_unique<State>()) {}
Scanner::~Scanner() = default;

uint64_t Scanner::repaired() const {
  return state_->repaired;
}

void Scanner::scan(const Program& program, const Signal& signal, std::vector<RuleIndex>& out) {
  State& state = *state_;
  state.code = &program.compiled();
  state.signal = &signal;
  ++state.stamp;
  state.evaluation.prepare(*state.code);
  state.evaluation.begin();
  const auto kind = static_cast<size_t>(signal.kind);
  for (const SubjectCode* subject : state.code->scanned[kind]) state.evaluation.find_witnesses(*subject);
  state.evaluation.finish(state.code->always[kind], out);
}

}  // namespace quanzu::rules
