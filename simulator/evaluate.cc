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
    if (alerts.size() == 1) {
      RuleCount& only = out.per_rule[alerts.front()];
      ++(positive ? only.right_alone : only.wrong_alone);
    }
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

std::vector<RuleIndex> redundant_rules(const Evaluation& evaluation, const Corpus& corpus) {
  std::vector<std::vector<size_t>> rows_of(evaluation.per_rule.size());  // by rule: positive rows
  std::vector<size_t> covered(corpus.rows.size());                       // by row: rules that are not left out
  for (size_t row = 0; row < corpus.rows.size(); ++row) {
    if (!evaluation.per_label.at(corpus.rows[row].label).positive) continue;
    covered[row] = evaluation.alerts_of[row].size();
    for (const RuleIndex rule : evaluation.alerts_of[row]) rows_of[rule].push_back(row);
  }
  std::vector<RuleIndex> order;
  for (RuleIndex rule = 0; rule < rows_of.size(); ++rule) {
    if (!rows_of[rule].empty() && evaluation.per_rule[rule].right_alone == 0) order.push_back(rule);
  }
  std::stable_sort(order.begin(), order.end(), [&](RuleIndex a, RuleIndex b) {
    const RuleCount &x = evaluation.per_rule[a], &y = evaluation.per_rule[b];
    return std::pair(y.wrong, x.right) < std::pair(x.wrong, y.right);
  });
  std::vector<RuleIndex> out;
  for (const RuleIndex rule : order) {
    const std::vector<size_t>& rows = rows_of[rule];
    if (std::any_of(rows.begin(), rows.end(), [&](size_t row) { return covered[row] < 2; })) continue;
    for (const size_t row : rows) --covered[row];
    out.push_back(rule);
  }
  return out;
}

}  // namespace quanzu::simulator
