#include "rules/text/normalize.h"

#include <random>

#include "engine/hash.h"
#include "rules/text/tables.h"
#include "rules/text/utf8.h"
#include "tests/catch.h"

namespace quanzu::rules {
namespace {

std::string normalized(std::string_view text) {
  Normalizer normalizer;
  return std::string(normalizer.normalize(text));
}

TEST_CASE("normalised text has one case, one width and one script") {
  struct Row {
    const char* text;
    const char* expected;
  };
  for (const Row& row : {
           Row{"", ""},
           Row{"安全账户", "安全账户"},
           Row{"安全賬戶", "安全账户"},
           Row{"請轉帳", "请转帐"},
           Row{"ＡＰＰ下载", "app下载"},
           Row{"Straße", "strasse"},
           Row{"①②③", "123"},
           Row{"ｶﾞ", "ガ"},
           Row{"e\xCC\x81", "é"},
           Row{"\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8", "각"},
           Row{"安\xE2\x80\x8B全", "安全"},  // a zero width space
           Row{"你好，請！", "你好,请!"},
       }) {
    CHECK(normalized(row.text) == row.expected);
  }
}

TEST_CASE("white space goes where Han stands on either side, and stays elsewhere") {
  struct Row {
    const char* text;
    const char* expected;
  };
  for (const Row& row : {
           Row{"尊敬 的 客户", "尊敬的客户"},
           Row{"下载 DIGIT 官方 app 便捷", "下载digit官方app便捷"},
           Row{"APP 下载", "app下载"},
           Row{"尊敬　的\t\n客户 ", "尊敬的客户"},
           Row{"  客户", "客户"},
           Row{"hello  world \n", "hello  world \n"},
           Row{"hello 。 world", "hello。world"},
           Row{"a \xE2\x80\x8B 客", "a客"},
           Row{"客 \xE2\x80\x8B a", "客a"},
           Row{" ", " "},
           Row{"客\uFE7Aa \uFE7A", "客\u0650a  \u0650"},  // a lone mark brings a space of its own
           Row{"客\uFDFAa", "客صلى الله عليه وسلمa"},
           Row{"a \u3360 b", "a 8点b"},  // of several from one sign the first and the last count
           Row{"a \u32C0 b", "a 1月b"},
           Row{"a \u337F b", "a株式会社b"},
       }) {
    CHECK(normalized(row.text) == row.expected);
    CHECK(normalized(row.expected) == row.expected);
  }
}

TEST_CASE("separators go where Han stands on both sides, and stay elsewhere") {
  struct Row {
    const char* text;
    const char* expected;
  };
  for (const Row& row : {
           Row{"转*账", "转账"},
           Row{"安 * 全🔥账❤️户", "安全账户"},
           Row{"安**|全", "安全"},
           Row{"转＊账～到", "转账到"},
           Row{"轉·賬", "转账"},
           Row{"满5*8", "满5*8"},
           Row{"转* a", "转* a"},
           Row{"a*转", "a*转"},
           Row{"转*", "转*"},
           Row{"*转", "*转"},
           Row{"转*5*账", "转*5*账"},
           Row{"第❶步❷", "第❶步❷"},                          // numbers say something
           Row{"好,转。到“安”全:户", "好,转。到“安”全:户"},  // what parts sentences stays
           Row{"好,转.到-安/全+户、口", "好,转到安全户口"},
           Row{"转、 *账、a、到", "转账、a、到"},
           Row{"转* 、账", "转账"},
           Row{"转…账", "转账"},
           Row{"3.5折,2-3天", "3.5折,2-3天"},
           Row{"a * b", "a * b"},
       }) {
    CHECK(normalized(row.text) == row.expected);
    CHECK(normalized(row.expected) == row.expected);
  }
}

TEST_CASE("a character written as two becomes the one, and no word of two characters does") {
  struct Row {
    const char* text;
    const char* expected;
  };
  for (const Row& row : {
           Row{"亻言用卡", "信用卡"}, Row{"车专贝长", "转账"}, Row{"車專貝長", "转账"}, Row{"亻 * 言", "信"},
           Row{"亻*尔", "你"}, Row{"代 贝款,禾刂息", "贷款,利息"}, Row{"钱到至刂", "钱到到"},
           Row{"，亻。言", ",亻。言"}, Row{"亻", "亻"}, Row{"女子", "女子"},  // a word
           Row{"人也去", "人也去"},                                           // both are common: 他 is written 亻也
       }) {
    CHECK(normalized(row.text) == row.expected);
    CHECK(normalized(row.expected) == row.expected);
  }
  Normalizer normalizer;
  std::vector<uint32_t> origins;
  REQUIRE(normalizer.normalize("请亻 言我", origins) == "请信我");
  CHECK(origins == std::vector<uint32_t>{0, 0, 0, 3, 3, 3, 10, 10, 10, 13});
}

TEST_CASE("letters that look Latin become so among Latin letters and digits, and stay in their own words") {
  struct Row {
    const char* text;
    const char* expected;
  };
  for (const Row& row : {
           Row{"\u0410pp", "app"},
           Row{"下载a\u0440\u0440", "下载app"},
           Row{"\u0430\u0440\u200Bp", "app"},
           Row{"\u0412ank", "bank"},
           Row{"5\u0445", "5x"},
           Row{"\u0430\u0434\u0440\u0435\u0441", "\u0430\u0434\u0440\u0435\u0441"},  // адрес
           Row{"加\u0445群", "加\u0445群"},
       }) {
    CHECK(normalized(row.text) == row.expected);
    CHECK(normalized(row.expected) == row.expected);
  }
}

TEST_CASE("ill-formed UTF-8 becomes U+FFFD and is counted") {
  struct Row {
    std::string text;
    std::string expected;
    uint64_t repaired;
  };
  for (const Row& row : {
           Row{"a\xFF"
               "b",
               "a\uFFFDb", 1},
           Row{"\xE5\xAE", "\uFFFD", 1},                  // cut
           Row{"\xE5\xAE\xE5\xAE\x89", "\uFFFD安", 1},    // cut, then whole
           Row{"\xC0\xAF", "\uFFFD\uFFFD", 2},            // overlong
           Row{"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD", 3},  // a surrogate
           Row{"\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD", 4},
           Row{"安全\x80", "安全\uFFFD", 1},
       }) {
    Normalizer normalizer;
    CHECK(normalizer.normalize(row.text) == row.expected);
    CHECK(normalizer.repaired() == row.repaired);
    std::string repaired;
    CHECK(repair_utf8(row.text, repaired) == row.repaired);
    CHECK(repaired == row.expected);
    CHECK(find_invalid_utf8(row.text) != std::string::npos);
    CHECK(find_invalid_utf8(repaired) == std::string::npos);
  }
}

std::string random_text(std::mt19937& random) {
  static const std::vector<std::u32string> alphabets = {
      U"安全账户賬戶請轉",
      U"aZ09 -./*|~",
      U" 　\t\u00A0",
      U"ＡｂｶﾞﾟＺ①㍿ﷺ",
      U"e\u0301\u0323\u0327\u0344o\u1100\u1161\u11A8",
      U"\u200B\u00AD\uFE0F😀·。，、…+",
      U"亻言车专貝长代至刂口",
      U"\u0430\u0440\u0412\u0434p5",
  };
  std::string out;
  for (size_t n = random() % 24; n > 0; --n) {
    const auto& alphabet = alphabets[random() % alphabets.size()];
    append_utf8(alphabet[random() % alphabet.size()], out);
    if (random() % 40 == 0) out.push_back(static_cast<char>(random() % 256));
  }
  return out;
}

// The definition, byte by byte.
size_t first_ill_formed(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const Decoded decoded = decode_utf8(text.data() + at, text.data() + text.size());
    if (!decoded.valid) return at;
    at += decoded.size;
  }
  return std::string_view::npos;
}

TEST_CASE("the first ill-formed byte is found as by walking, wherever it stands in a block of sixteen") {
  std::mt19937 random(11);
  constexpr std::string_view kTelling = "\x80\xBF\xC0\xC1\xC2\xDF\xE0\xED\xEF\xF0\xF4\xF5\xFF\x9F\xA0\x90\x8F\x41";
  size_t ill_formed = 0;
  for (int i = 0; i < 30000; ++i) {
    std::string text;
    for (size_t n = random() % 14; n > 0; --n) {
      const auto code_point = static_cast<char32_t>(random() % (random() % 2 == 0 ? 0x110000 : 0x800));
      append_utf8(code_point >= 0xD800 && code_point < 0xE000 ? U'安' : code_point, text);
    }
    if (!text.empty() && random() % 2 == 0) text[random() % text.size()] = kTelling[random() % kTelling.size()];
    if (!text.empty() && random() % 4 == 0) text.pop_back();
    const size_t expected = first_ill_formed(text);
    ill_formed += expected != std::string_view::npos;
    REQUIRE(find_invalid_utf8(text) == expected);
  }
  CHECK(ill_formed > 5000);  // both outcomes were tried
}

TEST_CASE("normalising is idempotent and gives valid UTF-8") {
  std::mt19937 random(7);
  for (int i = 0; i < 20000; ++i) {
    const std::string text = random_text(random);
    const std::string once = normalized(text);
    REQUIRE(find_invalid_utf8(once) == std::string::npos);
    REQUIRE(normalized(once) == once);
  }
}

// Models were learned from one form of texts: who changes it, changes the version, and then this.
TEST_CASE("the version of the normaliser is that of the form that it gives") {
  SipHash hash({0, 0});
  Normalizer normalizer;
  for (char32_t c = 1; c < 0x20000; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string text = "安a";
    append_utf8(c, text);
    text += "全";
    append_utf8(c, text);
    text += " 户";
    hash.text(normalizer.normalize(text));
  }
  CHECK(kNormalizerVersion == 2);
  CHECK(hex16(hash.finish()) == "c8e4cf662fda9eff");
}

TEST_CASE("origins point at the code point that each byte stems from") {
  Normalizer normalizer;
  std::vector<uint32_t> origins;
  const std::string text = "請 下载ＡPP";
  const std::string_view out = normalizer.normalize(text, origins);
  REQUIRE(out == "请下载app");
  REQUIRE(origins.size() == out.size() + 1);
  CHECK(origins[0] == 0);
  CHECK(origins[3] == text.find("下"));
  CHECK(origins[out.find("a")] == text.find("Ａ"));
  CHECK(origins[out.find("p")] == text.find("P"));
  CHECK(origins.back() == text.size());

  std::mt19937 random(8);
  for (int i = 0; i < 5000; ++i) {
    const std::string some = random_text(random);
    const std::string plain = normalized(some);
    REQUIRE(normalizer.normalize(some, origins) == plain);
    REQUIRE(origins.size() == plain.size() + 1);
    REQUIRE(std::is_sorted(origins.begin(), origins.end()));
    REQUIRE(origins.back() == some.size());
  }
}

TEST_CASE("other fields are folded code point by code point") {
  std::string out;
  CHECK(fold_case("HTTPS://Ä.ẞ/安 全K\xFF", out) == 1);
  CHECK(out == "https://ä.ß/安 全k\uFFFD");
}

}  // namespace
}  // namespace quanzu::rules
