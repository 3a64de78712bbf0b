// A learned model ready to be asked: a text's score is bias + sum of the weights of those of its grams that are in the text,
// over the root of how many they are; the probability of an output is 1 / (1 + e^(slope * score + offset)) (Platt, 1999).
// Scores are integers, in millionths, so that they are the same on every machine; a rule's probability is turned into a
// score when it is compiled. A Model is immutable and shared; a ModelScores is one worker's.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/learn/grams.h"
#include "rules/learn/model_file.h"
#include "rules/match/subject.h"

namespace quanzu::rules {

class Model {
 public:
  explicit Model(ModelFile file);

  const ModelFile& file() const { return file_; }
  Subject subject() const;             // what it reads
  uint64_t id() const { return id_; }  // of its content: equal ids score alike
  size_t grams() const { return begins_.size() - 1; }
  size_t outputs() const { return file_.outputs.size(); }

  // The output that a field behind the model's name means: the only one where `label` is empty.
  std::optional<size_t> find_output(std::string_view label) const;

  double probability(size_t output, int64_t score) const;
  // The score at which the probability is p, 0 < p < 1, not rounded.
  double score_at(size_t output, double p) const;

  // on_gram(uint32_t gram, std::string_view where) for each of its grams wherever it stands in the text, which is in the
  // form of its subject.
  template <class OnGram>
  void each_gram_of(std::string_view text, OnGram&& on_gram) const {
    each_gram(text, file_.longest, [&](std::string_view where, uint64_t hash) {
      const Slot* slot = find(hash);
      if (slot == nullptr) return false;
      if (slot->gram != kPrefix) on_gram(slot->gram, where);
      return true;
    });
  }
  // Of the gram for the output; 0 where it has none.
  int64_t weight_of(uint32_t gram, size_t output) const;

 private:
  friend class ModelScores;

  static constexpr uint32_t kPrefix = UINT32_MAX;  // of grams, and none itself
  struct Slot {
    uint64_t hash = 0;
    uint32_t gram = kPrefix;
    bool used = false;
  };
  struct Weight {
    uint32_t output = 0;
    int32_t weight = 0;
  };

  Slot& slot_for(uint64_t hash);
  const Slot* find(uint64_t hash) const {
    for (size_t at = hash & (slots_.size() - 1); slots_[at].used; at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at].hash == hash) return &slots_[at];
    }
    return nullptr;
  }

  ModelFile file_;
  uint64_t id_ = 0;
  std::vector<Slot> slots_;         // a power of two, at most half full
  std::vector<std::string> texts_;  // by gram
  std::vector<uint32_t> begins_;    // by gram, and the end: its weights
  std::vector<Weight> weights_;
  std::vector<int64_t> inverse_root_;  // by n: 2^20 / sqrt(n)
};

// Scores of texts. Allocates nothing but when it first sees a model.
class ModelScores {
 public:
  // The scores by output, borrowed until the next call. `text` is in the form of the model's subject.
  const std::vector<int64_t>& score(const Model& model, std::string_view text);
  // The same, but a text of the number that the model was asked for last is not looked at again.
  const std::vector<int64_t>& score(const Model& model, std::string_view text, uint64_t number);

 private:
  struct Sums {
    uint64_t model = 0;
    uint64_t number = 0;  // of the text asked for last; 0: none
    uint32_t stamp = 0;
    std::vector<uint32_t> seen;    // by gram: the stamp of the text that it was last seen in
    std::vector<uint32_t> counts;  // by output
    std::vector<int64_t> scores;
  };
  Sums& sums_of(const Model& model);
  static void add_up(const Model& model, std::string_view text, Sums& sums);

  std::vector<Sums> sums_;
};

}  // namespace quanzu::rules
