#include "cmd/tool_robustness.h"

#include <cstdio>

#include "simulator/obfuscate.h"

namespace quanzu::tool {
namespace {

namespace json = boost::json;

Share recall_of(const simulator::Evaluation& of) {
  return share(of.true_positives, of.true_positives + of.false_negatives);
}
Share fpr_of(const simulator::Evaluation& of) {
  return share(of.false_positives, of.false_positives + of.true_negatives);
}

}  // namespace

Robustness measure_robustness(const rules::Program& program, const simulator::Corpus& corpus,
                              const simulator::EvaluateOptions& options, const simulator::Evaluation& plain,
                              uint64_t seed) {
  Robustness out{.seed = seed, .recall = recall_of(plain), .cases = {}};
  for (size_t kind = 0; kind <= simulator::kMutationCount; ++kind) {
    std::optional<simulator::Mutation> mutation;
    if (kind > 0) mutation = static_cast<simulator::Mutation>(kind - 1);
    const simulator::Corpus written = simulator::obfuscate(corpus, mutation, seed);
    const simulator::Evaluation evaluation = simulator::evaluate(program, written, options);
    Robustness::Case& one = out.cases.emplace_back();
    one.mutation = mutation ? simulator::mutation_name(*mutation) : "mixed";
    for (size_t i = 0; i < corpus.rows.size(); ++i) {
      const bool positive = options.positive.contains(corpus.rows[i].label);
      one.changed += positive && corpus.rows[i].text != written.rows[i].text ? 1 : 0;
    }
    one.recall = recall_of(evaluation);
    one.fpr = fpr_of(evaluation);
    if (out.recall.known()) one.lost = 100 * (out.recall.value() - one.recall.value());
  }
  return out;
}

json::object json_of(const Robustness& robustness) {
  json::array kinds;
  for (const Robustness::Case& one : robustness.cases) {
    kinds.push_back(json::object{{"mutation", one.mutation},
                                 {"changed", one.changed},
                                 {"recall", json_of(one.recall)},
                                 {"recall_interval", interval_of(one.recall)},
                                 {"points_lost", one.lost},
                                 {"fpr", json_of(one.fpr)}});
  }
  return {{"seed", robustness.seed}, {"recall", json_of(robustness.recall)}, {"mutations", std::move(kinds)}};
}

void print_text(const Robustness& robustness) {
  std::printf("\nobfuscated, seed %zu: positive rows changed, recall, points lost of %s, false positive rate\n",
              static_cast<size_t>(robustness.seed), text_of(robustness.recall).c_str());
  for (const Robustness::Case& one : robustness.cases) {
    std::printf("  %-12s %7zu   %-24s %5.1f   %s\n", one.mutation.c_str(), static_cast<size_t>(one.changed),
                text_of(one.recall).c_str(), one.lost, text_of(one.fpr).c_str());
  }
  std::fflush(stdout);
}

}  // namespace quanzu::tool
