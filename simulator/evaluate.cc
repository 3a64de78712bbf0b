#include "simulator/evaluate.h"

#include <algorithm>

namespace quanzu::simulator {

Signal signal_of(const CorpusRow& row, Kind kind) {
  Signal signal;
  signal.kind = kind;
  if (kind != Kind::kUrl) {
    signal.set(Field::kText, row.text);
    return signal;
  }
  const std::string_view url = row.text;
  signal.set(Field::kUrl, url);
  signal.set(Field::kUrlHost, host_of(url));
  const size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) signal.set(Field::kUrlScheme, url.substr(0, scheme));
  return signal;
}

std::string_view host_of(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  const size_t user = url.rfind('@');
  if (user != std::string_view::npos) url.remove_prefix(user + 1);
  if (url.starts_with('[')) return url.substr(0, std::min(url.find(']'), url.size() - 1) + 1);  // an IPv6 address
  return url.substr(0, url.find(':'));
}

Evaluation evaluate(const rules::Program& program, const Corpus& corpus, const EvaluateOptions& options) {
  Evaluation out;
  out.per_rule.resize(program.rules().size());
  out.alerts_of.resize(corpus.rows.size());
  rules::Scanner scanner;
  for (size_t i = 0; i < corpus.rows.size(); ++i) {
    const CorpusRow& row = corpus.rows[i];
    const bool positive = options.positive.contains(row.label);
    std::vector<RuleIndex>& alerts = out.alerts_of[i];
    scanner.scan(program, signal_of(row, options.kind), alerts);
    for (const RuleIndex rule : alerts) ++(positive ? out.per_rule[rule].right : out.per_rule[rule].wrong);
    LabelCount& label = out.per_label[row.label];
    label.positive = positive;
    ++label.rows;
    if (alerts.empty()) {
      ++(positive ? out.false_negatives : out.true_negatives);
    } else {
      ++label.alerted;
      ++(positive ? out.true_positives : out.false_positives);
    }
  }
  return out;
}

}  // namespace quanzu::simulator
