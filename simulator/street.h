// Workload street-1: the messages of a street and the rules that watch them, made from a seed, for benchmarks and load.
// Chinese of a character and word model of our own (no corpus): a vocabulary of one to four characters by Zipf's law,
// mean 124 bytes a text, every text distinct. Rules have stated shapes; the share of signals that match is set by planting.
// docs/performance.md says what was measured with it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "rules/lang/rule.h"
#include "simulator/random.h"

namespace quanzu::simulator {

struct StreetMessage {  // an SMS
  std::string text;
  std::string peer;  // as a feed brings it
};

class Street {
 public:
  struct Options {
    uint64_t seed = 1;
    size_t rules = 1000;
    uint32_t planted_per_mille = 20;  // messages that hold a rule's words on purpose
  };
  explicit Street(Options options);

  // The n rules: 60% two or three words joined by and, or; 15% A.{0,n}B; 10% domains; 5% phone prefixes; 5% amounts;
  // 5% URL forms. The first k rules of a larger street of the same seed are those of a smaller one.
  rules::Pack pack() const;
  std::string yaml() const;  // the same as rule files hold them, one document a rule

  // The next message; its bytes are replaced, its capacity kept.
  void next(StreetMessage& message);

 private:
  enum class Shape : uint8_t { kAnd, kAndThree, kOrAnd, kGap, kDomain, kPrefix, kAmount, kUrl };
  struct Spec {
    Shape shape = Shape::kAnd;
    std::vector<std::string> words;
    uint32_t gap = 0;
  };

  void make_words();
  std::string make_word(size_t characters);
  std::string make_latin(size_t letters);
  Spec make_spec();
  const std::string& common_word();
  void append_plain(std::string& text, size_t until);
  void plant(const Spec& spec, StreetMessage& message);

  Options options_;
  Random random_;
  std::vector<std::string> characters_;  // by rank
  std::vector<std::string> words_;       // by rank
  std::vector<uint32_t> zipf_;           // cumulative weights of words_
  std::vector<std::string> watched_;     // words that rules are made of
  std::vector<Spec> specs_;
  uint64_t serial_ = 0;  // in every text, so that no two are equal
};

}  // namespace quanzu::simulator
