#include "rules/match/literal_index.h"

#include <random>
#include <set>

#include "tests/catch.h"

namespace quanzu::rules {
namespace {

using Place = LiteralIndex::Place;

bool stands(std::string_view value, std::string_view literal, Place place) {
  switch (place) {
    case Place::kAnywhere:
      return value.find(literal) != std::string_view::npos;
    case Place::kStart:
      return value.starts_with(literal);
    case Place::kEnd:
      return value.ends_with(literal);
    case Place::kWhole:
      return value == literal;
  }
  return false;
}

TEST_CASE("an index of literals finds what a search for each finds, in its place") {
  std::mt19937 random(3);
  const auto word = [&](size_t size) {
    std::string out;
    while (out.size() < size) out.push_back(static_cast<char>('a' + random() % 2));
    return out;
  };
  for (const size_t count : {1, 10, 400}) {
    LiteralIndex index;
    std::vector<std::pair<std::string, Place>> literals;
    for (uint32_t id = 0; id < count; ++id) {
      const std::string literal = word(1 + random() % 8);
      const bool is_short = literal.size() < LiteralIndex::kWindow;
      literals.emplace_back(literal, is_short ? Place::kAnywhere : static_cast<Place>(random() % 4));
      index.add(literals.back().first, literals.back().second, id);
    }
    index.seal();
    for (size_t n = 0; n < 300; ++n) {
      const std::string value = word(random() % 14);
      std::set<uint32_t> found, expected;
      index.find(value, [&](uint32_t id) { found.insert(id); });
      for (uint32_t id = 0; id < count; ++id) {
        if (stands(value, literals[id].first, literals[id].second)) expected.insert(id);
      }
      INFO(value);
      REQUIRE(found == expected);
    }
  }
}

TEST_CASE("an empty index finds nothing") {
  LiteralIndex index;
  index.seal();
  index.find("anything", [](uint32_t) { FAIL("found"); });
  CHECK(index.empty());
}

}  // namespace
}  // namespace quanzu::rules
