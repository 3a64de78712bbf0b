// A learned model as a file: what a trainer learned and where it comes from. Text, one fact a line, so that it can be read,
// compared and kept with the rules that use it:
//
//     quanzu-model 1
//     field text
//     grams 4
//     normaliser 1
//     made 2026-11-27
//     corpus 6f1e... rows 1000 skipped 2
//     options positive=fraud features=3000 ...
//     folds 5 seed 1 clusters 912
//     output -1204311 -2100000 130000 tp 95 fp 2 fn 5 tn 898 fraud
//     gram 1410022 转账
//     gram ...
//     sha256 9a0c...                      of all bytes before this line
//
// An output is what the model says of one label: its bias, and the slope and the offset that make a probability of a score
// (rules/learn/model.h), all in millionths, then how often it was right and wrong when it was tested on rows that it had
// not seen, then its label; its grams follow, each with its weight in millionths. `\\`, `\n`, `\r` and `\t` stand for
// themselves in grams and labels. Pure; any thread.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"

namespace quanzu::rules {

struct ModelFile {
  struct Gram {
    std::string text;
    int64_t weight = 0;  // millionths
  };
  struct Output {
    std::string label;
    int64_t bias = 0;   // millionths, as all three
    int64_t slope = 0;  // below zero
    int64_t offset = 0;
    uint64_t true_positives = 0;  // in cross-validation, taken for positive from a probability of one half
    uint64_t false_positives = 0;
    uint64_t false_negatives = 0;
    uint64_t true_negatives = 0;
    std::vector<Gram> grams;
  };

  std::string field = "text";  // what it reads: `text` in its normalised form, or `url` folded
  uint32_t longest = 4;        // of its grams, in code points
  uint32_t normaliser = 0;     // kNormalizerVersion of when it was made
  std::string made;            // YYYY-MM-DD
  std::string corpus_sha256;
  uint64_t rows = 0;
  uint64_t skipped = 0;
  std::string options;
  uint64_t folds = 0;
  uint64_t seed = 0;
  uint64_t clusters = 0;        // of near-duplicates, each in one fold
  std::vector<Output> outputs;  // one, or one a label
};

// What a file may hold, so that scores are sums of 64 bits.
constexpr int64_t kMostWeight = 100'000'000;  // a hundred
constexpr size_t kMostGrams = 20'000;         // of an output
constexpr size_t kMostOutputs = 64;
constexpr uint32_t kLongestGram = 6;

std::string print_model(const ModelFile& file);

// Errors: a file of another format or another normaliser, one that was cut or changed, a line that is none of the above; the
// message says which line and what to do.
Result<ModelFile> parse_model(std::string_view bytes);

}  // namespace quanzu::rules
