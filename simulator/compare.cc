#include "simulator/compare.h"

#include <algorithm>
#include <set>

namespace quanzu::simulator {

namespace {

void count(bool was, bool is, Change& change) {
  change.before += was ? 1 : 0;
  change.after += is ? 1 : 0;
  change.gained += is && !was ? 1 : 0;
  change.lost += was && !is ? 1 : 0;
}

std::set<std::string> ids_of(const rules::Program& program) {
  std::set<std::string> out;
  for (const RuleInfo& rule : program.rules()) out.insert(rule.id);
  return out;
}

std::set<std::string> held(const rules::Program& program, const std::vector<RuleIndex>& alerts) {
  std::set<std::string> out;
  for (const RuleIndex rule : alerts) out.insert(program.rules()[rule].id);
  return out;
}

}  // namespace

Comparison compare(const rules::Program& before, const Evaluation& was, const rules::Program& after,
                   const Evaluation& is, const Corpus& corpus) {
  Comparison out;
  out.rows = corpus.rows.size();
  const std::set<std::string> old_rules = ids_of(before), new_rules = ids_of(after);
  std::map<std::string, Change> changes;
  for (const std::string& id : old_rules) changes[id];
  for (const std::string& id : new_rules) changes[id];
  for (size_t row = 0; row < corpus.rows.size(); ++row) {
    const std::set<std::string> old_held = held(before, was.alerts_of[row]), new_held = held(after, is.alerts_of[row]);
    for (const std::string& id : old_held) count(true, new_held.contains(id), changes[id]);
    for (const std::string& id : new_held) {
      if (!old_held.contains(id)) count(false, true, changes[id]);
    }
    const bool alerted = was.alerted(row), alerts = is.alerted(row);
    count(alerted, alerts, out.alerts);
    LabelChange& label = out.labels[corpus.rows[row].label];
    ++label.rows;
    count(alerted, alerts, label.alerts);
    if (alerts && !alerted) out.gained.push_back(row);
    if (alerted && !alerts) out.lost.push_back(row);
  }
  for (const auto& [id, change] : changes) {
    const RuleChange rule{id, !old_rules.contains(id), !new_rules.contains(id), change};
    if (rule.is_new || rule.is_gone || !change.same()) out.rules.push_back(rule);
  }
  return out;
}

}  // namespace quanzu::simulator
