// The committed tables against ICU, on every code point: built where ICU is installed.
#include "rules/text/tables.h"

#include "rules/text/nfkc_cf.h"
#include "rules/text/normalize.h"
#include "rules/text/pinyin.h"
#include "rules/text/utf8.h"
#include "tests/catch.h"

#ifdef QUANZU_HAVE_ICU
#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <fstream>
#include <map>
#include <random>

namespace quanzu::rules {
namespace {

std::u32string to_u32(const icu::UnicodeString& text) {
  std::u32string out;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    out.push_back(static_cast<char32_t>(text.char32At(i)));
  }
  return out;
}

const icu::Normalizer2& nfkc_cf() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = icu::Normalizer2::getNFKCCasefoldInstance(status);
  REQUIRE(U_SUCCESS(status));
  return *normalizer;
}

std::u32string icu_nfkc_cf(const icu::Normalizer2& normalizer, const icu::UnicodeString& text) {
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString out;
  normalizer.normalize(text, out, status);
  REQUIRE(U_SUCCESS(status));
  return to_u32(out);
}

std::map<char32_t, char32_t> simplified() {
  std::map<char32_t, char32_t> out;
  std::ifstream file(QUANZU_SOURCE_DIR "/rules/text/gen/ts_characters.tsv");
  for (std::string line; std::getline(file, line);) {
    const std::u32string all = to_u32(icu::UnicodeString::fromUTF8(line));
    if (line[0] != '#') out[all[0]] = all[2];
  }
  REQUIRE(out.size() > 4000);
  return out;
}

std::string to_utf8(std::u32string_view text) {
  std::string out;
  for (char32_t c : text) append_utf8(c, out);
  return out;
}

bool is_assigned_scalar(char32_t c) {
  return c < 0xD800 || c > 0xDFFF;
}

TEST_CASE("each code point normalises as ICU's NFKC_CF, then OpenCC's TSCharacters, say") {
  const icu::Normalizer2& normalizer = nfkc_cf();
  const std::map<char32_t, char32_t> characters = simplified();
  Normalizer ours;
  size_t differences = 0;
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (!is_assigned_scalar(c)) continue;
    std::u32string expected = icu_nfkc_cf(normalizer, icu::UnicodeString(static_cast<UChar32>(c)));
    for (char32_t& e : expected) {
      for (auto at = characters.find(e); at != characters.end(); at = characters.find(e)) e = at->second;
    }
    if (ours.normalize(to_utf8({&c, 1})) != to_utf8(expected)) ++differences;
  }
  CHECK(differences == 0);
}

TEST_CASE("simple folding is ICU's on every code point") {
  size_t differences = 0;
  for (char32_t c = 0; c < 0x110000; ++c) {
    differences +=
        tables::simple_fold(c) != static_cast<char32_t>(u_foldCase(static_cast<UChar32>(c), U_FOLD_CASE_DEFAULT));
    differences += tables::combining_class(c) != u_getCombiningClass(static_cast<UChar32>(c));
  }
  CHECK(differences == 0);
}

TEST_CASE("the short table says of punctuation what the long ones do") {
  size_t plain = 0;
  for (char32_t c = 0; c < 0x20000; ++c) {
    const uint32_t entry = tables::plain_of(c);
    if ((entry & tables::kIsPlain) == 0) continue;
    ++plain;
    const tables::Mapping mapping = tables::mapping_of(c);
    REQUIRE(mapping.type != tables::Mapping::Type::kMany);
    CHECK((entry & 0xFFFFU) == (mapping.type == tables::Mapping::Type::kOne ? mapping.one : c));
    CHECK(tables::properties_of(c) == ((entry & tables::kPlainHan) != 0 ? tables::kIsHan : 0));
  }
  CHECK(plain > 2000);
}

TEST_CASE("the halves of a character are those of the file, and each pair is found by one of the two") {
  std::ifstream file(QUANZU_SOURCE_DIR "/rules/text/gen/split_characters.tsv");
  size_t pairs = 0;
  for (std::string line; std::getline(file, line);) {
    const std::u32string all = to_u32(icu::UnicodeString::fromUTF8(line));
    if (line[0] == '#' || tables::mapping_of(all[0]).type != tables::Mapping::Type::kSelf ||
        tables::mapping_of(all[1]).type != tables::Mapping::Type::kSelf) {
      continue;
    }
    INFO(line);
    CHECK(tables::join(all[0], all[1]) == all[3]);
    CHECK(tables::is_part(all[5]));
    ++pairs;
  }
  CHECK(pairs > 2000);
  CHECK(tables::join(U'女', U'子') == 0);
}

TEST_CASE("text without Han and look-alikes normalises to exactly ICU's NFKC_CF, combining sequences too") {
  const icu::Normalizer2& normalizer = nfkc_cf();
  // What composes, reorders, expands, vanishes; and anything.
  const std::u32string alphabet =
      U"aAeE oO\u0301\u0323\u0327\u0338\u0344\u0345\u0315\u1100\u1161\u11A8\uAC00\uAC01 ßŁﬁⅣ℡㍿ﷺｶﾞﾊﾟ\u3099\u200D"
      U"\u00AD\uFE0F\u0F71\u0F72\u0F74\u0F80\u093C\u0915\u09C7\u09BE\u1E9B\u03B1\u0313\u0300\u1F80ΣςŚ\u0307";
  std::mt19937 random(11);
  Normalizer ours;
  for (int i = 0; i < 100000; ++i) {
    std::u32string text;
    for (size_t n = random() % 12; n > 0; --n) {
      char32_t c = alphabet[random() % alphabet.size()];
      if (random() % 8 == 0) c = random() % 0x3000;
      const bool is_later_stage = (tables::properties_of(c) & (tables::kIsHan | tables::kLooksLatin)) != 0;
      if (is_assigned_scalar(c) && !is_later_stage) text.push_back(c);
    }
    const std::string bytes = to_utf8(text);
    const std::u32string expected = icu_nfkc_cf(normalizer, icu::UnicodeString::fromUTF8(bytes));
    INFO(bytes);
    REQUIRE(ours.normalize(bytes) == to_utf8(expected));
  }
}

TEST_CASE("the standard's form alone is ICU's on every code point, and on any row of them") {
  const icu::Normalizer2& normalizer = nfkc_cf();
  size_t differences = 0;
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (!is_assigned_scalar(c)) continue;
    const std::u32string expected = icu_nfkc_cf(normalizer, icu::UnicodeString(static_cast<UChar32>(c)));
    if (nfkc_casefold(to_utf8({&c, 1})) != to_utf8(expected)) ++differences;
  }
  CHECK(differences == 0);
  const std::u32string alphabet = U"轉賬 转账㈶㊖㍿ⅣＡaE\u0301\u0323\uF900\u2F83\u1100\u1161\u11A8ｶﾞ\u00AD。";
  std::mt19937 random(12);
  for (int i = 0; i < 20000; ++i) {
    std::u32string text;
    for (size_t n = random() % 12; n > 0; --n) {
      char32_t c = alphabet[random() % alphabet.size()];
      if (random() % 8 == 0) c = random() % 0x10FFFF;
      if (is_assigned_scalar(c)) text.push_back(c);
    }
    const std::string bytes = to_utf8(text);
    INFO(bytes);
    REQUIRE(nfkc_casefold(bytes) == to_utf8(icu_nfkc_cf(normalizer, icu::UnicodeString::fromUTF8(bytes))));
  }
}

TEST_CASE("two ideographs have one sound exactly where ICU reads them alike but for their tones") {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::Transliterator> to_pinyin(icu::Transliterator::createInstance(
      "Han-Latin; NFD; [[:Mn:]-[\\u0308]] Remove; NFC; Lower", UTRANS_FORWARD, status));
  REQUIRE(U_SUCCESS(status));
  std::map<char32_t, std::u32string> reading;  // by sound
  std::map<std::u32string, char32_t> sound;    // by reading
  size_t differences = 0;
  for (char32_t c = 0; c < 0x30000; ++c) {
    if (c < tables::kHanBegin || c >= tables::kHanEnd) {
      differences += sound_of(c) != c;
      continue;
    }
    icu::UnicodeString text(static_cast<UChar32>(c));
    to_pinyin->transliterate(text);
    const std::u32string expected = to_u32(text);
    differences += reading.emplace(sound_of(c), expected).first->second != expected;
    differences += sound.emplace(expected, sound_of(c)).first->second != sound_of(c);
  }
  CHECK(differences == 0);
  CHECK(sound.size() > 400);
}

}  // namespace
}  // namespace quanzu::rules

#else
#include "tests/skip.h"
namespace quanzu::rules {
TEST_CASE("the normaliser's tables are ICU's") {
  tests::skip("ICU is not installed (libicu-dev)");
}
}  // namespace quanzu::rules
#endif
