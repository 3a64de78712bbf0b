#include "simulator/rule_times.h"

#include <algorithm>
#include <chrono>

#include "rules/author/cost.h"
#include "rules/lang/condition.h"
#include "rules/match/compiled.h"
#include "rules/text/heard.h"
#include "rules/text/normalize.h"
#include "rules/text/pinyin.h"
#include "simulator/evaluate.h"

namespace quanzu::simulator {

namespace {

constexpr size_t kPasses = 5;             // the least of them counts: others were disturbed
constexpr size_t kMostRows = 200'000;     // of a pass over the pack
constexpr size_t kMostRowsAlone = 5'000;  // of one over a rule
constexpr size_t kMostCandidates = 30;
constexpr size_t kShown = 10;

template <class Work>
double least_ns(size_t signals, Work&& work) {
  double least = 0;
  for (size_t pass = 0; pass < kPasses; ++pass) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
    const double ns = took.count() / static_cast<double>(signals);
    least = pass == 0 ? ns : std::min(least, ns);
  }
  return least;
}

// The value of a subject in its form, as the scanner makes it.
void form(rules::Subject subject, const Signal& signal, rules::Normalizer& normalizer, std::string& out) {
  out.clear();
  const std::string_view raw = rules::raw_string(subject.source, signal);
  if (subject.source == rules::Source::kText) {
    const std::string_view text = normalizer.normalize(raw);
    if (subject.form == rules::Form::kSound) {
      rules::to_sounds(text, out);
    } else if (subject.form == rules::Form::kHeard) {
      rules::to_heard(text, out);
    } else {
      out = text;
    }
  } else if (subject.form == rules::Form::kFolded) {
    rules::fold_case(raw, out);
  } else {
    out = raw;
  }
}

class Stopwatch {
 public:
  Stopwatch(const Corpus& corpus, Kind kind) : kind_(kind) {
    for (const CorpusRow& row : corpus.rows) {
      if (signals_.size() == kMostRows) break;
      signals_.push_back(signal_of(row, kind));
      bytes_ += row.text.size();
    }
  }

  size_t signals() const { return signals_.size(); }
  double mean_bytes() const { return static_cast<double>(bytes_) / static_cast<double>(signals_.size()); }

  StageTimes stages(const rules::Program& program) {
    StageTimes out;
    out.total = scan_ns(program, signals_.size());
    out.normalize = form_ns(program, signals_.size());
    out.scan = database_ns(program);
    out.rules = std::max(0.0, out.total - out.normalize - out.scan);
    return out;
  }

  double alone_ns(const rules::Program& program) {
    const size_t rows = std::min(signals_.size(), kMostRowsAlone);
    return std::max(0.0, scan_ns(program, rows) - form_ns(program, rows));
  }

 private:
  const std::vector<const rules::SubjectCode*>& scanned(const rules::Program& program) const {
    return program.compiled().scanned[static_cast<size_t>(kind_)];
  }

  double scan_ns(const rules::Program& program, size_t rows) {
    rules::Scanner scanner;
    std::vector<RuleIndex> matched;
    return least_ns(rows, [&] {
      for (size_t i = 0; i < rows; ++i) {
        matched.clear();
        scanner.scan(program, signals_[i], matched);
      }
    });
  }

  double form_ns(const rules::Program& program, size_t rows) {
    rules::Normalizer normalizer;
    std::string value;
    return least_ns(rows, [&] {
      for (size_t i = 0; i < rows; ++i) {
        for (const rules::SubjectCode* code : scanned(program)) form(code->subject, signals_[i], normalizer, value);
      }
    });
  }

  double database_ns(const rules::Program& program) {
    rules::Normalizer normalizer;
    rules::Scratch scratch;
    double sum = 0;
    size_t hits = 0;
    for (const rules::SubjectCode* code : scanned(program)) {
      if (code->witnesses.empty()) continue;
      code->witnesses.grow(scratch);
      std::vector<std::string> values(signals_.size());
      for (size_t i = 0; i < signals_.size(); ++i) form(code->subject, signals_[i], normalizer, values[i]);
      sum += least_ns(signals_.size(), [&] {
        for (const std::string& value : values) {
          code->witnesses.scan(value, scratch, [&hits](unsigned, size_t, size_t) { ++hits; });
        }
      });
    }
    return sum;
  }

  Kind kind_;
  std::vector<Signal> signals_;
  size_t bytes_ = 0;
};

rules::Pack alone(const rules::Rule& rule) {
  rules::Pack pack;
  rules::Rule& only = pack.rules.emplace_back();
  static_cast<rules::Document&>(only) = rule;
  only.logsource = rule.logsource;
  for (const rules::NodePtr& condition : rule.conditions) only.conditions.push_back(copy(*condition));
  return pack;
}

// Those worth a program of their own, which takes a while to compile each.
std::vector<RuleTime> candidates_of(const rules::Pack& pack) {
  std::vector<RuleTime> out;
  for (RuleIndex i = 0; i < pack.rules.size(); ++i) out.push_back({i, rules::cost_of(pack.rules[i]).ns});
  std::stable_sort(out.begin(), out.end(), [](const RuleTime& a, const RuleTime& b) { return a.ns > b.ns; });
  if (out.size() > kMostCandidates) out.resize(kMostCandidates);
  return out;
}

}  // namespace

Result<PackTimes> measure_pack(rules::Pack pack, const Corpus& corpus, Kind kind) {
  PackTimes out;
  const auto begin = std::chrono::steady_clock::now();
  const Result<std::shared_ptr<const rules::Program>> program = rules::Program::compile(std::move(pack));
  if (!program) return Failure(program.error());
  out.compile_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  Stopwatch watch(corpus, kind);
  out.signals = watch.signals();
  out.mean_bytes = watch.mean_bytes();
  out.size = (*program)->size();
  out.stages = watch.stages(**program);
  out.dearest = candidates_of((*program)->pack());
  out.candidates = out.dearest.size();
  for (RuleTime& one : out.dearest) {
    const Result<std::shared_ptr<const rules::Program>> only =
        rules::Program::compile(alone((*program)->rule(one.rule)));
    ENSURE(only.has_value(), "a rule of a pack that compiles compiles alone");
    one.ns = watch.alone_ns(**only);
  }
  std::stable_sort(out.dearest.begin(), out.dearest.end(),
                   [](const RuleTime& a, const RuleTime& b) { return a.ns > b.ns; });
  if (out.dearest.size() > kShown) out.dearest.resize(kShown);
  return out;
}

}  // namespace quanzu::simulator
