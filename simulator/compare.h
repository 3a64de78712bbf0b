// What a change of rules changes on a corpus: which rules hold for more rows and which for fewer, which rows begin and cease
// to raise an alert. Called by `quanzu rules diff`; one thread.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "simulator/evaluate.h"

namespace quanzu::simulator {

struct Change {  // of rows
  uint64_t before = 0;
  uint64_t after = 0;
  uint64_t gained = 0;  // after and not before
  uint64_t lost = 0;
  bool same() const { return gained == 0 && lost == 0; }
};

struct RuleChange {
  std::string rule;
  bool is_new = false;   // only `after` has it
  bool is_gone = false;  // only `before` has it
  Change rows;
};

struct LabelChange {
  uint64_t rows = 0;  // that have the label
  Change alerts;
};

struct Comparison {
  uint64_t rows = 0;
  Change alerts;                              // rows for which any rule holds
  std::vector<RuleChange> rules;              // those that changed, by id; new and gone ones that hold for no row too
  std::map<std::string, LabelChange> labels;  // all
  std::vector<size_t> gained;                 // rows of the corpus that begin to raise an alert
  std::vector<size_t> lost;                   // and that cease
};

// Both evaluations are of the corpus.
Comparison compare(const rules::Program& before, const Evaluation& was, const rules::Program& after,
                   const Evaluation& is, const Corpus& corpus);

}  // namespace quanzu::simulator
