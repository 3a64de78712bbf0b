// A labelled corpus as a learner sees it: each row's text in the form that rules see, as the set of its character n-grams,
// each n-gram a number. Built once a training; one thread.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "rules/match/subject.h"
#include "simulator/corpus.h"

namespace quanzu::simulator {

// The least of each of 64 hashes over a text's n-grams: as many agree as the texts have n-grams in common (MinHash, Broder
// 1997).
using Signature = std::array<uint64_t, 64>;

struct Example {
  size_t row = 0;               // of the corpus
  std::vector<uint32_t> grams;  // ascending, each once; without the rare ones
  Signature signature{};        // over all, rare or not
};

struct Examples {
  std::vector<Example> all;
  std::vector<std::string> grams;        // by number: those that stand in `least_rows` rows or more
  std::vector<Corpus::Skipped> skipped;  // rows of which nothing is left in that form
};

// `longest`: of an n-gram, in code points.
Examples make_examples(const Corpus& corpus, rules::Subject subject, size_t longest, size_t least_rows);

// By example: the number of its cluster, from 0 in the order of their first members. Two texts are near-duplicates where
// they share about 0.8 of their n-grams: 51 of the 64 hashes agree. Those are looked for among texts that agree in one of 16
// bands of 4 (which 99.9% of pairs at 0.8 do), so that the work grows with the rows and not with their pairs; clusters are
// what such pairs connect.
std::vector<uint32_t> near_duplicates(const Examples& examples);

}  // namespace quanzu::simulator
