#include "rules/learn/model.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <unordered_set>

#include "engine/hash.h"

namespace quanzu::rules {

namespace {

constexpr double kMillion = 1'000'000;
constexpr int kRootBits = 20;

// Of the gram: on_beginning(std::string_view, uint64_t hash), itself the last.
template <class OnBeginning>
void each_beginning(std::string_view gram, OnBeginning&& on_beginning) {
  each_gram(gram, kLongestGram, [&](std::string_view begun, uint64_t hash) {
    if (begun.data() == gram.data()) on_beginning(begun, hash);
    return begun.data() == gram.data();
  });
}

uint64_t id_of(const ModelFile& file) {
  SipHash hash({0, 0});
  hash.text(print_model(file));
  return hash.finish();
}

}  // namespace

Model::Model(ModelFile file) : file_(std::move(file)), id_(id_of(file_)) {
  std::map<std::string, std::vector<Weight>> grams;
  size_t most = 1;
  for (size_t output = 0; output < file_.outputs.size(); ++output) {
    for (const ModelFile::Gram& gram : file_.outputs[output].grams) {
      grams[gram.text].push_back({static_cast<uint32_t>(output), static_cast<int32_t>(gram.weight)});
    }
    most = std::max(most, file_.outputs[output].grams.size());
  }
  std::unordered_set<uint64_t> beginnings;
  for (const auto& [text, weights] : grams) {
    each_beginning(text, [&](std::string_view, uint64_t hash) { beginnings.insert(hash); });
  }
  slots_.resize(std::bit_ceil(2 * beginnings.size() + 1));
  for (const auto& [text, weights] : grams) {
    uint32_t* gram = nullptr;
    each_beginning(text, [&](std::string_view, uint64_t hash) { gram = &slot_for(hash).gram; });
    *gram = static_cast<uint32_t>(begins_.size());
    begins_.push_back(static_cast<uint32_t>(weights_.size()));
    weights_.insert(weights_.end(), weights.begin(), weights.end());
  }
  begins_.push_back(static_cast<uint32_t>(weights_.size()));
  inverse_root_.push_back(0);
  for (size_t n = 1; n <= most; ++n) {
    inverse_root_.push_back(std::llround(std::ldexp(1.0 / std::sqrt(static_cast<double>(n)), kRootBits)));
  }
}

Model::Slot& Model::slot_for(uint64_t hash) {
  size_t at = hash & (slots_.size() - 1);
  while (slots_[at].used && slots_[at].hash != hash) at = (at + 1) & (slots_.size() - 1);
  slots_[at].hash = hash;
  slots_[at].used = true;
  return slots_[at];
}

Subject Model::subject() const {
  const Source source = *find_source(file_.field);
  return {source, caseless_form(source)};
}

std::optional<size_t> Model::find_output(std::string_view label) const {
  if (label.empty()) return outputs() == 1 ? std::optional<size_t>(0) : std::nullopt;
  for (size_t i = 0; i < outputs() && outputs() > 1; ++i) {
    if (file_.outputs[i].label == label) return i;
  }
  return std::nullopt;
}

double Model::probability(size_t output, int64_t score) const {
  const ModelFile::Output& of = file_.outputs[output];
  const double slope = static_cast<double>(of.slope) / kMillion;
  return 1 / (1 + std::exp(slope * static_cast<double>(score) / kMillion + static_cast<double>(of.offset) / kMillion));
}

double Model::score_at(size_t output, double p) const {
  const ModelFile::Output& of = file_.outputs[output];
  return kMillion * (kMillion * std::log(1 / p - 1) - static_cast<double>(of.offset)) / static_cast<double>(of.slope);
}

int64_t Model::weight_of(uint32_t gram, size_t output) const {
  for (uint32_t i = begins_[gram]; i < begins_[gram + 1]; ++i) {
    if (weights_[i].output == output) return weights_[i].weight;
  }
  return 0;
}

ModelScores::Sums& ModelScores::sums_of(const Model& model) {
  constexpr size_t kMost = 16;  // packs come and go while a scanner lives
  for (Sums& sums : sums_) {
    if (sums.model == model.id()) return sums;
  }
  if (sums_.size() == kMost) sums_.clear();
  Sums& sums = sums_.emplace_back();
  sums.model = model.id();
  sums.seen.resize(model.grams());
  sums.counts.resize(model.outputs());
  sums.scores.resize(model.outputs());
  return sums;
}

const std::vector<int64_t>& ModelScores::score(const Model& model, std::string_view text) {
  return score(model, text, 0);
}

const std::vector<int64_t>& ModelScores::score(const Model& model, std::string_view text, uint64_t number) {
  Sums& sums = sums_of(model);
  if (number == 0 || sums.number != number) add_up(model, text, sums);
  sums.number = number;
  return sums.scores;
}

void ModelScores::add_up(const Model& model, std::string_view text, Sums& sums) {
  if (++sums.stamp == 0) {  // after 2^32 texts
    std::fill(sums.seen.begin(), sums.seen.end(), 0U);
    sums.stamp = 1;
  }
  std::fill(sums.counts.begin(), sums.counts.end(), 0U);
  std::fill(sums.scores.begin(), sums.scores.end(), 0);
  model.each_gram_of(text, [&](uint32_t gram, std::string_view) {
    if (sums.seen[gram] == sums.stamp) return;
    sums.seen[gram] = sums.stamp;
    for (uint32_t i = model.begins_[gram]; i < model.begins_[gram + 1]; ++i) {
      const Model::Weight& weight = model.weights_[i];
      ++sums.counts[weight.output];
      sums.scores[weight.output] += weight.weight;
    }
  });
  for (size_t output = 0; output < sums.scores.size(); ++output) {
    const int64_t part = sums.scores[output] * model.inverse_root_[sums.counts[output]];
    sums.scores[output] = model.file_.outputs[output].bias + part / (int64_t{1} << kRootBits);
  }
}

}  // namespace quanzu::rules
