// What a pack makes of a corpus: which rows raise an alert, against the labels that people gave them.
// Called by `quanzu rules eval` and `bench`; one thread.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "rules/match/program.h"
#include "simulator/corpus.h"

namespace quanzu::simulator {

struct EvaluateOptions {
  Kind kind = Kind::kSms;            // of every row; its text is `text`, or the address of kUrl
  std::set<std::string> positive{};  // labels of rows that must raise an alert; empty: none must
};

struct LabelCount {
  uint64_t rows = 0;
  uint64_t alerted = 0;
  bool positive = false;
};
struct RuleCount {
  uint64_t right = 0;  // positive rows that it holds for
  uint64_t wrong = 0;
  // Of those the ones that no other rule holds for: what the pack would lose, and be spared, without it.
  uint64_t right_alone = 0;
  uint64_t wrong_alone = 0;
};

struct Evaluation {
  // Of rows: positive with and without an alert, the others with and without.
  uint64_t true_positives = 0;
  uint64_t false_negatives = 0;
  uint64_t false_positives = 0;
  uint64_t true_negatives = 0;
  std::map<std::string, LabelCount> per_label;
  std::vector<RuleCount> per_rule;                // by RuleIndex
  std::vector<std::vector<RuleIndex>> alerts_of;  // by row of the corpus: the rules that hold

  bool alerted(size_t row) const { return !alerts_of[row].empty(); }
};

Evaluation evaluate(const rules::Program& program, const Corpus& corpus, const EvaluateOptions& options);

// Rules without which, all of them left out together, the pack would find every positive row that it finds: chosen one by
// one, first those that hold wrongly most often, then those that hold rightly least often.
std::vector<RuleIndex> redundant_rules(const Evaluation& evaluation, const Corpus& corpus);

// The row as a signal, whose strings are the row's.
Signal signal_of(const CorpusRow& row, Kind kind);

// The host of an address: "https://user@Example.com:8080/a" is "Example.com".
std::string_view host_of(std::string_view url);

}  // namespace quanzu::simulator
