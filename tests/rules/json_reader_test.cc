#include "rules/match/json_reader.h"

#include <boost/json.hpp>
#include <random>

#include "tests/catch.h"

namespace quanzu::rules {
namespace {

namespace json = boost::json;
using Type = JsonNode::Type;

KeyTable keys(std::initializer_list<const char*> names) {
  KeyTable out;
  for (const char* name : names) out.intern(name);
  return out;
}

std::string error_of(std::string_view text) {
  static const KeyTable kKeys = keys({"a"});
  JsonReader reader;
  const Result<void> read = reader.read(text, kKeys, true);
  return read ? "" : read.error().message;
}

TEST_CASE("a key table knows its names and no others, however many there are") {
  KeyTable table;
  const auto name = [](size_t i) { return std::string(i % 11, 'x') + std::to_string(i); };
  for (size_t i = 0; i < 1000; ++i) REQUIRE(table.intern(name(i)) == i);
  for (size_t i = 0; i < 1000; ++i) {
    REQUIRE(table.find(name(i)) == i);
    REQUIRE(table.intern(name(i)) == i);
    REQUIRE(table.find(name(i) + "-") == KeyTable::kNone);
  }
  CHECK(table.find("") == KeyTable::kNone);
  CHECK(KeyTable().find("a") == KeyTable::kNone);
}

TEST_CASE("the members that are asked for are kept with their types, the rest is passed over") {
  const KeyTable table = keys({"s", "n", "f", "t", "z", "o", "absent", "k\n"});
  JsonReader reader;
  REQUIRE(reader
              .read(R"( {"skip": {"s": [1, "x", {}]}, "s": "a\\b\u00e9\ud83d\ude00\/\"", "n": -12, "f": 1.50,
      "t": true, "z": null, "o": {"in": [1, [], "x"], "b": false}, "k\n": "key"} )",
                    table, false)
              .has_value());
  CHECK(reader.member(0)->text == "a\\bé😀/\"");
  CHECK(reader.member(1)->number == -12);
  CHECK(reader.member(1)->text == "-12");
  CHECK(reader.member(2)->number == 1.5);
  CHECK(reader.member(2)->text == "1.5");
  CHECK(reader.member(3)->type == Type::kTrue);
  CHECK(reader.member(4)->type == Type::kNull);
  const JsonNode& object = *reader.member(5);
  CHECK(reader.child(object, "b")->type == Type::kFalse);
  CHECK(reader.child(object, "absent") == nullptr);
  std::string elements;
  reader.each_child(*reader.child(object, "in"), [&](const JsonNode& one) { elements += std::string(one.text) + ";"; });
  CHECK(elements == "1;;x;");
  CHECK(reader.member(6) == nullptr);
  CHECK(reader.member(7)->text == "key");
  CHECK(reader.present().size() == 7);
}

TEST_CASE("every string at any depth is told where all are wanted, and no key") {
  JsonReader reader;
  REQUIRE(reader.read(R"({"a": "one", "b": [{"c": "two"}, "", 3]})", KeyTable(), true).has_value());
  std::string all;
  reader.each_string([&](std::string_view text) { all += std::string(text) + ";"; });
  CHECK(all == "one;two;;");
  CHECK(reader.strings() == std::string_view("one\0two\0\0", 9));
}

TEST_CASE("a number's text is its shortest decimal") {
  const KeyTable table = keys({"n"});
  JsonReader reader;
  const auto text = [&](const std::string& written) {
    REQUIRE(reader.read(R"({"n": )" + written + "}", table, false).has_value());
    return std::string(reader.member(0)->text);
  };
  CHECK(text("0") == "0");
  CHECK(text("-0") == "0");
  CHECK(text("100000000000000000000000") == "1e+23");
  CHECK(text("18446744073709551615") == "18446744073709551615");
  CHECK(text("-9223372036854775808") == "-9223372036854775808");
  CHECK(text("1e2") == "100");
  CHECK(text("0.10") == "0.1");
  CHECK(text("4.0") == "4");
}

TEST_CASE("what is no JSON object is refused with its byte and the reason") {
  CHECK(error_of("[]") == "no JSON object; each event is one");
  CHECK(error_of("") == "no JSON object; each event is one");
  CHECK(error_of("garbage") == "no JSON object; each event is one");
  CHECK(error_of(R"({"a": "x)") == "no JSON: byte 8: a string has no end");
  CHECK(error_of("{\"a\": \"x\ny\"}") == "no JSON: byte 8: a control character in a string needs an escape");
  CHECK(error_of(R"({"a": 1} {)") ==
        "no JSON: byte 9: something stands behind the object; an event has a line of its own");
  CHECK(error_of(R"({"a": 01})") == "no JSON: byte 7: a number has a leading zero");
  CHECK(error_of(R"({"a": "\ud800"})") == "no JSON: byte 13: the first half of a surrogate pair stands alone");
  CHECK(error_of("{\"a\": \"\xff\"}") == "no JSON: byte 7: ill-formed UTF-8");
}

TEST_CASE("an event of ten million bytes or ten thousand levels is refused, and one at the limits is read") {
  CHECK(error_of(R"({"a": ")" + std::string(10'000'000, 'x') + R"("})") ==
        "10000009 bytes; an event has at most 4194304: drop or shorten its longest fields");
  const auto nested = [](size_t levels) {
    return R"({"a": )" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}";
  };
  CHECK(error_of(nested(10'000)).ends_with("nested deeper than 100 levels"));
  CHECK(error_of(nested(101)).ends_with("nested deeper than 100 levels"));
  CHECK(error_of(nested(100)) == "");
  CHECK(error_of(R"({"a": ")" + std::string(JsonReader::kMaxBytes - 9, 'x') + R"("})") == "");
}

// Damaged JSON: what Boost.JSON takes is taken, what it refuses is refused, and nothing is read past the end.
TEST_CASE("the reader takes what another reader takes") {
  const std::vector<std::string> seeds = {
      R"({"a": "C:\\x\u00e9\n", "b": [1, -2.5e3, true, null, {"c": {}}], "": "é"})",
      R"({"a":"0123456789abcdef0123456789abcdef","n":12345678901234567890,"e":[],"f":false})",
  };
  const std::string alphabet = "{}[]\",:\\u0e.-+ \ttn1\xC3";
  const KeyTable table = keys({"a", "b"});
  std::mt19937 random(7);
  JsonReader reader;
  size_t taken = 0;
  for (size_t i = 0; i < 20'000; ++i) {
    std::string text = seeds[random() % seeds.size()];
    for (size_t changes = random() % 3; changes > 0; --changes) {
      const size_t at = random() % text.size();
      if (random() % 3 == 0) {
        text.erase(at, 1);
      } else if (random() % 2 == 0) {
        text.insert(at, 1, alphabet[random() % alphabet.size()]);
      } else {
        text[at] = alphabet[random() % alphabet.size()];
      }
    }
    json::error_code error;
    const json::value value = json::parse(text, error);
    if (error == json::error::exponent_overflow) continue;  // ours is infinite
    INFO(text << " " << error.message());
    const bool expected = !error && value.is_object();
    REQUIRE(reader.read(std::string(text), table, random() % 2 == 0).has_value() == expected);
    taken += expected;
    if (!expected) continue;
    const json::value* a = value.as_object().if_contains("a");
    const JsonNode* ours = reader.member(0);
    REQUIRE((ours != nullptr) == (a != nullptr));
    if (a != nullptr && a->is_string()) REQUIRE(ours->text == std::string_view(a->as_string()));
  }
  CHECK(taken > 5000);
}

}  // namespace
}  // namespace quanzu::rules
