#include "simulator/examples.h"

#include <algorithm>
#include <deque>
#include <numeric>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "rules/learn/grams.h"
#include "rules/text/normalize.h"

namespace quanzu::simulator {

namespace {

std::string in_form(const std::string& text, rules::Subject subject, rules::Normalizer& normalizer) {
  if (subject.source == rules::Source::kText) return std::string(normalizer.normalize(text));
  std::string out;
  rules::fold_case(text, out);
  return out;
}

// Drops the grams of fewer rows than that, and numbers the rest anew, in the order of their first rows.
void drop_rare(Examples& examples, const std::vector<std::string_view>& names, const std::vector<uint32_t>& rows,
               size_t least_rows) {
  constexpr uint32_t kDropped = UINT32_MAX;
  std::vector<uint32_t> renamed(names.size(), kDropped);
  for (size_t gram = 0; gram < names.size(); ++gram) {
    if (rows[gram] < least_rows) continue;
    renamed[gram] = static_cast<uint32_t>(examples.grams.size());
    examples.grams.emplace_back(names[gram]);
  }
  for (Example& example : examples.all) {
    for (uint32_t& gram : example.grams) gram = renamed[gram];
    std::erase(example.grams, kDropped);
    std::sort(example.grams.begin(), example.grams.end());
  }
}

constexpr size_t kHashes = std::tuple_size_v<Signature>;
constexpr size_t kBand = 4;
constexpr size_t kAgree = 51;

// Takes the gram with this hash into account.
void take_up(uint64_t hash, Signature& signature) {
  for (uint64_t& least : signature) {
    hash = (hash ^ (hash >> 31U)) * 0xBF58476D1CE4E5B9U + 0x9E3779B97F4A7C15U;
    least = std::min(least, hash);
  }
}

bool agree(const Signature& a, const Signature& b) {
  size_t same = 0;
  for (size_t i = 0; i < kHashes; ++i) same += a[i] == b[i] ? 1 : 0;
  return same >= kAgree;
}

class Clusters {  // union and find
 public:
  explicit Clusters(size_t size) : parents_(size) { std::iota(parents_.begin(), parents_.end(), 0U); }

  uint32_t find(uint32_t at) {
    while (parents_[at] != at) at = parents_[at] = parents_[parents_[at]];
    return at;
  }
  void join(uint32_t a, uint32_t b) {
    a = find(a);
    b = find(b);
    parents_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<uint32_t> parents_;
};

}  // namespace

Examples make_examples(const Corpus& corpus, rules::Subject subject, size_t longest, size_t least_rows) {
  Examples out;
  std::deque<std::string> texts;  // which the names below stand in
  std::unordered_map<std::string_view, uint32_t> numbers;
  std::vector<std::string_view> names;
  std::vector<uint32_t> rows;  // by gram: that hold it
  rules::Normalizer normalizer;
  for (size_t row = 0; row < corpus.rows.size(); ++row) {
    const std::string& text = texts.emplace_back(in_form(corpus.rows[row].text, subject, normalizer));
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
      out.skipped.push_back({corpus.rows[row].line, "nothing is left of its text once it is normalised"});
      continue;
    }
    Example& example = out.all.emplace_back();
    example.row = row;
    example.signature.fill(UINT64_MAX);
    rules::each_gram(text, longest, [&](std::string_view gram, uint64_t hash) {
      take_up(hash, example.signature);
      const auto [at, fresh] = numbers.emplace(gram, static_cast<uint32_t>(names.size()));
      if (fresh) {
        names.push_back(gram);
        rows.push_back(0);
      }
      example.grams.push_back(at->second);
      return true;
    });
    std::sort(example.grams.begin(), example.grams.end());
    example.grams.erase(std::unique(example.grams.begin(), example.grams.end()), example.grams.end());
    for (const uint32_t gram : example.grams) ++rows[gram];
  }
  drop_rare(out, names, rows, least_rows);
  return out;
}

std::vector<uint32_t> near_duplicates(const Examples& examples) {
  const size_t size = examples.all.size();
  Clusters clusters(size);
  for (size_t band = 0; band < kHashes; band += kBand) {
    std::unordered_map<uint64_t, std::vector<uint32_t>> buckets;
    for (uint32_t i = 0; i < size; ++i) {
      uint64_t key = 0;
      for (size_t j = band; j < band + kBand; ++j) key = (key ^ examples.all[i].signature[j]) * 0x9E3779B97F4A7C15U;
      std::vector<uint32_t>& bucket = buckets[key];
      const auto near = std::find_if(bucket.begin(), bucket.end(), [&](uint32_t other) {
        return agree(examples.all[i].signature, examples.all[other].signature);
      });
      if (near == bucket.end()) {
        bucket.push_back(i);  // the first of its like in this bucket stands for all
      } else {
        clusters.join(i, *near);
      }
    }
  }
  std::vector<uint32_t> out;
  std::unordered_map<uint32_t, uint32_t> numbers;
  for (uint32_t i = 0; i < size; ++i) {
    out.push_back(numbers.emplace(clusters.find(i), static_cast<uint32_t>(numbers.size())).first->second);
  }
  return out;
}

}  // namespace quanzu::simulator
