#include "engine/hash.h"

#include "tests/catch.h"

namespace quanzu {
namespace {

uint64_t hash_of(std::string_view text, std::array<uint64_t, 2> key = {0, 0}) {
  SipHash hash(key);
  hash.bytes(text);
  return hash.finish();
}

std::string counting(size_t size) {
  std::string bytes;
  for (size_t i = 0; i < size; ++i) bytes += static_cast<char>(i);
  return bytes;
}

// CPython 3.11 hashes bytes by SipHash-1-3, with a zero key under PYTHONHASHSEED=0: python3 -c 'print(hash(b"a"))'.
TEST_CASE("the hash is SipHash-1-3, as another implementation has it", "[engine]") {
  CHECK(hash_of("a") == 0x407448d2b89b1813ULL);
  CHECK(hash_of("8613900001111") == 0x6e991578eded23d8ULL);
  CHECK(hash_of(counting(8)) == 0xead411e67ebe2eeaULL);
  CHECK(hash_of(counting(63)) == 0x385d3e39e5f37359ULL);
  CHECK(hash_of(counting(100)) == 0x1c6a66e1506e7908ULL);
}

TEST_CASE("the hash depends on its key and not on how the bytes are cut", "[engine]") {
  CHECK(hash_of("8613900001111", {1, 2}) != hash_of("8613900001111", {1, 3}));
  CHECK(hash_of("8613900001111", {1, 2}) != hash_of("8613900001111", {2, 2}));
  SipHash cut({1, 2});
  cut.bytes("86139");
  cut.bytes("");
  cut.bytes("00001111");
  CHECK(cut.finish() == hash_of("8613900001111", {1, 2}));
}

TEST_CASE("an integer is its eight bytes, wherever it begins", "[engine]") {
  for (const std::string& begin :
       {std::string(), std::string("abc"), std::string("12345678"), std::string("1234567")}) {
    SipHash hash({0, 0});
    hash.bytes(begin);
    hash.integer(0x0706050403020100ULL);
    hash.bytes("xy");
    CHECK(hash.finish() == hash_of(begin + counting(8) + "xy"));
  }
}

TEST_CASE("texts in a digest keep their borders", "[engine]") {
  SipHash left({0, 0});
  left.text("ab");
  left.text("c");
  SipHash right({0, 0});
  right.text("a");
  right.text("bc");
  CHECK(left.finish() != right.finish());
}

}  // namespace
}  // namespace quanzu
