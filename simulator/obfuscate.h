// Messages as their senders write them to slip through: the same text to a reader, other characters to a machine. By kind,
// so that what a pack, or the normaliser, does not see through can be told. One place in three is changed of those that a
// kind can change; the tables are this project's own and short. The same seed gives the same texts. Called by `quanzu rules
// eval`; one thread.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "simulator/corpus.h"
#include "simulator/random.h"

namespace quanzu::simulator {

enum class Mutation : uint8_t {
  kSpaces,       // between Chinese characters
  kZeroWidth,    // characters without width, anywhere
  kMarks,        // a mark between Chinese characters: * . _ ~ | and the like
  kEmoji,        // between Chinese characters
  kSplit,        // a character in two: 亻言 for 信
  kHomophones,   // one that sounds alike
  kTraditional,  // the traditional form
  kConfusables,  // Latin letters and digits that look alike: Cyrillic, full width, mathematical
  kDigits,       // written in Chinese, in circles or in full width
};
constexpr size_t kMutationCount = 9;
std::string_view mutation_name(Mutation mutation);

// The text itself where nothing in it can be changed so.
std::string obfuscate(std::string_view text, Mutation mutation, Random& random);

// Every row in one way, or, without one, each row in a way of its own.
Corpus obfuscate(const Corpus& corpus, std::optional<Mutation> mutation, uint64_t seed);

}  // namespace quanzu::simulator
