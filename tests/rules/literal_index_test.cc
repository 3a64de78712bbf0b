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

struct Literal {
  uint16_t space;
  std::string text;
  Place place;
};

// Of two letters, so that all stand in each other.
class Words {
 public:
  explicit Words(unsigned seed) : random_(seed) {}
  size_t below(size_t count) { return random_() % count; }
  std::string word(size_t size) {
    std::string out;
    while (out.size() < size) out.push_back(static_cast<char>('a' + below(2)));
    return out;
  }
  Literal literal() {
    const auto place = static_cast<Place>(below(4));
    const size_t least = place == Place::kAnywhere ? 1 : 0;
    return {static_cast<uint16_t>(below(3)), word(least + below(14)), place};
  }

 private:
  std::mt19937 random_;
};

TEST_CASE("an index of literals finds what a search for each finds, in its place and space") {
  Words words(3);
  const auto search = std::make_unique<LiteralIndex::Search>();
  for (const size_t count : {1, 10, 400}) {
    LiteralIndex index;
    std::vector<Literal> literals;
    for (uint16_t space = 0; space < 3; ++space) literals.push_back({space, "abba", Place::kAnywhere});
    while (literals.size() < count + 3) literals.push_back(words.literal());
    for (uint32_t id = 0; id < literals.size(); ++id) {
      index.add(literals[id].space, literals[id].text, literals[id].place, id);
    }
    index.seal();
    for (size_t n = 0; n < 300; ++n) {  // an event of a few values
      std::vector<std::pair<uint16_t, std::string>> values;
      for (size_t i = words.below(4); i > 0; --i) values.emplace_back(words.below(3), words.word(words.below(30)));
      if (n % 100 == 0) values.emplace_back(words.below(3), words.word(5000));  // more than a search holds at a time
      std::set<uint32_t> found, expected;
      const auto on_match = [&](uint32_t id) { found.insert(id); };
      for (const auto& [space, value] : values) index.look(space, value, *search, on_match);
      index.settle(*search, on_match);
      for (const auto& [space, value] : values) {
        for (uint32_t id = 0; id < literals.size(); ++id) {
          const Literal& literal = literals[id];
          if (literal.space == space && stands(value, literal.text, literal.place)) expected.insert(id);
        }
      }
      REQUIRE(found == expected);
    }
  }
}

TEST_CASE("many values are looked through before they are settled") {
  LiteralIndex index;
  index.add(0, "needle", Place::kEnd, 7);
  index.seal();
  const auto search = std::make_unique<LiteralIndex::Search>();
  std::vector<std::string> values;
  for (size_t i = 0; i < 1000; ++i) values.push_back("hay" + std::to_string(i) + "needle");
  size_t found = 0;
  for (const std::string& value : values) index.look(0, value, *search, [&](uint32_t) { ++found; });
  index.settle(*search, [&](uint32_t) { ++found; });
  CHECK(found == values.size());
}

TEST_CASE("both ways to mark windows mark the same, and no window of the set is missed") {
  if (!WindowFilter::has_avx2()) {
    WARN("skipped: this processor has no AVX2");
    return;
  }
  Words words(5);
  WindowFilter filter(100);
  const uint32_t salt = 0x12345678;
  std::set<std::string> windows;
  for (size_t i = 0; i < 9; ++i) windows.insert(words.word(4));
  for (const std::string& window : windows) {
    uint32_t key = 0;
    std::memcpy(&key, window.data(), 4);
    filter.add(key ^ salt);
  }
  for (size_t size = 0; size < 200; ++size) {
    const std::string text = words.word(size);
    std::vector<uint64_t> plain(5, ~uint64_t{0}), by_eights(5, ~uint64_t{0});
    filter.mark_plainly(text, salt, plain.data());
    filter.mark_by_eights(text, salt, by_eights.data());
    INFO(size);
    REQUIRE(plain == by_eights);
    for (size_t i = 0; i + 4 <= size; ++i) {
      if (windows.count(text.substr(i, 4)) != 0) REQUIRE((plain[i / 64] >> (i % 64) & 1U) == 1);
    }
  }
}

TEST_CASE("short strings are marked wherever they begin") {
  Words words(6);
  for (const size_t count : {1, 3, 8, 40}) {
    ShortFilter filter;
    std::set<std::string> strings;
    while (strings.size() < std::min<size_t>(count, 12)) strings.insert(words.word(1 + words.below(3)));
    while (strings.size() < count) strings.insert(std::string(1, static_cast<char>('c' + strings.size())) + "x");
    for (const std::string& string : strings) filter.add(string);
    filter.seal();
    for (size_t size = 0; size < 200; ++size) {
      const std::string text = words.word(size);
      std::vector<uint64_t> marks(5, ~uint64_t{0});
      filter.mark(text, marks.data());
      for (size_t i = 0; i < (size + 63) / 64 * 64; ++i) {
        const bool marked = (marks[i / 64] >> (i % 64) & 1U) == 1;
        const bool begins = i < size && std::any_of(strings.begin(), strings.end(), [&](const std::string& string) {
                              return text.compare(i, string.size(), string) == 0;
                            });
        INFO(size << ' ' << i);
        if (count == 1) REQUIRE(marked == begins);  // alone in its bucket
        if (begins) REQUIRE(marked);
        if (i >= size) REQUIRE_FALSE(marked);
      }
    }
  }
}

TEST_CASE("ends that thousands of literals share are told apart") {
  LiteralIndex index;
  std::vector<std::string> hosts;
  for (uint32_t id = 0; id < 3000; ++id) {
    hosts.push_back("name" + std::to_string(id * 7919 % 100003) + ".free.example");
    index.add(0, hosts.back(), id % 2 == 0 ? Place::kEnd : Place::kWhole, id);
  }
  index.seal();
  const auto search = std::make_unique<LiteralIndex::Search>();
  for (uint32_t id = 0; id < hosts.size(); id += 97) {
    std::vector<uint32_t> found;
    const auto on_match = [&](uint32_t match) { found.push_back(match); };
    const std::string value = (id % 2 == 0 ? "www." : "") + hosts[id];
    index.look(0, value, *search, on_match);
    index.settle(*search, on_match);
    CHECK(std::set<uint32_t>(found.begin(), found.end()).count(id) == 1);
  }
  index.look(0, "another.free.example", *search, [](uint32_t) { FAIL("found"); });
  index.settle(*search, [](uint32_t) { FAIL("found"); });
}

TEST_CASE("literals of any bytes and any length are found") {
  LiteralIndex index;
  const std::string with_zero("\0\xFF\x80z\0", 5), large = std::string(70'000, 'x') + "needle" + std::string(100, 'y');
  index.add(0, with_zero, Place::kAnywhere, 0);
  index.add(0, large, Place::kAnywhere, 1);
  index.add(0, large, Place::kEnd, 2);
  index.add(0, large, Place::kWhole, 3);
  index.add(1, "\xFF", Place::kAnywhere, 4);
  index.seal();
  const auto search = std::make_unique<LiteralIndex::Search>();
  const auto found_in = [&](uint16_t space, const std::string& value) {
    std::set<uint32_t> found;
    const auto on_match = [&](uint32_t id) { found.insert(id); };
    index.look(space, value, *search, on_match);
    index.settle(*search, on_match);
    return found;
  };
  CHECK(found_in(0, "a" + with_zero + "b") == std::set<uint32_t>{0});
  CHECK(found_in(0, large) == std::set<uint32_t>{1, 2, 3});
  CHECK(found_in(0, "z" + large) == std::set<uint32_t>{1, 2});
  CHECK(found_in(0, large + "z") == std::set<uint32_t>{1});
  CHECK(found_in(1, large + "\xFF") == std::set<uint32_t>{4});
}

}  // namespace
}  // namespace quanzu::rules
