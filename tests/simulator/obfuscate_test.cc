#include "simulator/obfuscate.h"

#include "rules/text/normalize.h"
#include "tests/catch.h"

namespace quanzu::simulator {
namespace {

const std::string kText = "请加微信 ABcx 领取补贴,把钱转到银行账户,编号 407185623940718,信用贷款好评";

std::string normalised(std::string_view text) {
  rules::Normalizer normalizer;
  return std::string(normalizer.normalize(text));
}

TEST_CASE("each kind changes a text that it can change, the same way for the same seed", "[obfuscate]") {
  for (size_t kind = 0; kind < kMutationCount; ++kind) {
    const auto mutation = static_cast<Mutation>(kind);
    INFO(mutation_name(mutation));
    Random first(1), again(1), other(2);
    std::string text = kText;
    if (mutation == Mutation::kTraditional) text = "国际贸易东风会议门票";
    const std::string changed = obfuscate(text, mutation, first);
    CHECK(changed != text);
    CHECK(changed == obfuscate(text, mutation, again));
    CHECK(changed != obfuscate(text, mutation, other));
  }
}

TEST_CASE("a text that a kind can't change stays as it is", "[obfuscate]") {
  Random random(1);
  for (const Mutation mutation : {Mutation::kSpaces, Mutation::kMarks, Mutation::kEmoji, Mutation::kSplit,
                                  Mutation::kHomophones, Mutation::kTraditional, Mutation::kDigits}) {
    CHECK(obfuscate("hello, nobody", mutation, random) == "hello, nobody");
  }
  CHECK(obfuscate("", Mutation::kZeroWidth, random).empty());
}

TEST_CASE("the normaliser sees through all kinds but homophones and digits", "[obfuscate]") {
  Random random(3);
  for (const Mutation mutation : {Mutation::kSpaces, Mutation::kZeroWidth, Mutation::kTraditional, Mutation::kMarks,
                                  Mutation::kEmoji, Mutation::kSplit, Mutation::kConfusables}) {
    INFO(mutation_name(mutation));
    const std::string text = kText.substr(0, kText.find("好"));  // 女子 is a word
    for (int i = 0; i < 50; ++i) CHECK(normalised(obfuscate(text, mutation, random)) == normalised(text));
  }
}

TEST_CASE("a corpus keeps its rows, lines and labels", "[obfuscate]") {
  Corpus corpus;
  for (uint64_t i = 0; i < 100; ++i) corpus.rows.push_back({i + 2, i % 2 == 0 ? "fraud" : "ham", kText});
  const Corpus mixed = obfuscate(corpus, std::nullopt, 9);
  REQUIRE(mixed.rows.size() == 100);
  size_t changed = 0;
  for (size_t i = 0; i < 100; ++i) {
    CHECK(mixed.rows[i].line == corpus.rows[i].line);
    CHECK(mixed.rows[i].label == corpus.rows[i].label);
    changed += mixed.rows[i].text != kText ? 1 : 0;
  }
  CHECK(changed > 80);
}

}  // namespace
}  // namespace quanzu::simulator
