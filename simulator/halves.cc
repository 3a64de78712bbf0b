#include "simulator/halves.h"

#include "simulator/folds.h"

namespace quanzu::simulator {

Corpus half_of(const Corpus& corpus, Half half, uint64_t seed) {
  constexpr size_t kLongest = 4;
  const rules::Subject text{rules::Source::kText, rules::caseless_form(rules::Source::kText)};
  const Examples examples = make_examples(corpus, text, kLongest, 1);
  std::vector<std::string> labels;
  for (const Example& example : examples.all) labels.push_back(corpus.rows[example.row].label);
  const Folds folds(examples, labels, 2, seed);
  Corpus out;
  out.skipped = corpus.skipped;
  for (size_t i = 0; i < examples.all.size(); ++i) {
    if (folds.fold_of(i) == static_cast<size_t>(half)) out.rows.push_back(corpus.rows[examples.all[i].row]);
  }
  return out;
}

}  // namespace quanzu::simulator
