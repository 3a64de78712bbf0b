// How much of what a pack finds in a corpus it still finds when the senders write the same texts in other characters
// (simulator/obfuscate.h): `quanzu rules eval --obfuscate SEED`. The main thread alone.
#pragma once
#include <boost/json.hpp>
#include <string>
#include <vector>

#include "cmd/tool_share.h"
#include "rules/match/program.h"
#include "simulator/evaluate.h"

namespace quanzu::tool {

struct Robustness {
  struct Case {
    std::string mutation;  // "mixed": each row in a way of its own
    uint64_t changed = 0;  // positive rows that it changes
    Share recall;
    Share fpr;
    double lost = 0;  // points of recall beside the corpus as it is
  };
  uint64_t seed = 0;
  Share recall;             // of the corpus as it is
  std::vector<Case> cases;  // mixed first, then each kind
};

Robustness measure_robustness(const rules::Program& program, const simulator::Corpus& corpus,
                              const simulator::EvaluateOptions& options, const simulator::Evaluation& plain,
                              uint64_t seed);

boost::json::object json_of(const Robustness& robustness);
void print_text(const Robustness& robustness);

}  // namespace quanzu::tool
