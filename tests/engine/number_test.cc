#include "engine/number.h"

#include <rapidcheck.h>

#include "tests/catch.h"

using namespace quanzu;

namespace {

struct Form {
  const char* text;
  const char* canonical;  // nullptr: refused
};

std::string canonical(const char* text) {
  const Result<Number> number = parse_number(text);
  return number ? std::string(number->view()) : "refused";
}

}  // namespace

TEST_CASE("a mobile has one canonical form, however it was written") {
  const Form form = GENERATE(values<Form>({
      {"13900001111", "8613900001111"},
      {"+8613900001111", "8613900001111"},
      {"008613900001111", "8613900001111"},
      {"+008613900001111", "8613900001111"},
      {"8613900001111", "8613900001111"},
      {"86-139-0000-1111", "8613900001111"},
      {"139 0000 1111", "8613900001111"},
      {" (+86) 139.0000.1111 ", "8613900001111"},
      {"013900001111", "8613900001111"},
      {"１３９００００１１１１", "8613900001111"},
      {"＋８６１３９００００１１１１", "8613900001111"},
      {"139\u20140000\u20111111", "8613900001111"},
      {"（139）0000\u30001111", "8613900001111"},
      {"\u202a13900001111\u202c", "8613900001111"},
      {"139\u00a00000\u00a01111", "8613900001111"},
  }));
  INFO(form.text);
  CHECK(canonical(form.text) == form.canonical);
}

TEST_CASE("numbers of virtual operators are mobiles") {
  for (const char* text : {"17012345678", "17112345678", "16212345678", "16512345678", "16712345678"}) {
    INFO(text);
    CHECK(canonical(text) == "86" + std::string(text));
    CHECK(parse_resident_number(text).has_value());
  }
}

TEST_CASE("a fixed line loses its 0 and gains the country code") {
  const Form form = GENERATE(values<Form>({
      {"010-65712345", "861065712345"},
      {"(010) 6571 2345", "861065712345"},
      {"+86 10 65712345", "861065712345"},
      {"+86 (0)10 65712345", "861065712345"},
      {"0571-87654321", "8657187654321"},
      {"0086571-87654321", "8657187654321"},
      {"0898 6666666", "868986666666"},
      {"028-87654321", "862887654321"},
  }));
  INFO(form.text);
  CHECK(canonical(form.text) == form.canonical);
  CHECK(parse_resident_number(form.text).has_value());
}

TEST_CASE("service numbers and SMS ports are kept as they are, and no resident has one") {
  const char* text = GENERATE("110", "119", "120", "12381", "12345", "10086", "1008611", "95588", "96110", "950131",
                              "95013123", "4008123123", "8008123123", "10690000123", "1065712345", "10655059110123456");
  INFO(text);
  CHECK(canonical(text) == text);
  const Result<Number> resident = parse_resident_number(text);
  REQUIRE_FALSE(resident);
  CHECK(resident.error().code == Code::kInvalidArgument);
  CHECK(resident.error().message.find("no resident can be reached") != std::string::npos);
}

TEST_CASE("the service of an area is not that of another, and no resident") {
  CHECK(canonical("0571-96110") == "8657196110");
  CHECK(canonical("010-12345") == "861012345");
  CHECK(canonical("0571110") == "86571110");
  CHECK_FALSE(parse_resident_number("0571-96110"));
}

TEST_CASE("a port behind +86 is a port, ten digits behind +86 10 are Beijing") {
  CHECK(canonical("+8610657123456") == "10657123456");
  CHECK(canonical("+861065712345") == "861065712345");
  CHECK(canonical("1065712345") == "1065712345");
}

TEST_CASE("00139... calls from country code 1 and is not the mobile 139...") {
  const Number foreign = parse_number("0013900001111").value();
  const Number mobile = parse_number("13900001111").value();
  CHECK(foreign.view() == "13900001111");
  CHECK(mobile.view() == "8613900001111");
  CHECK(foreign != mobile);
  CHECK(parse_number("+13900001111").value() == foreign);
}

TEST_CASE("foreign numbers are E.164 digits") {
  CHECK(canonical("0085261234567") == "85261234567");
  CHECK(canonical("+852 6123 4567") == "85261234567");
  CHECK(canonical("+95 9 123456789") == "959123456789");
  CHECK(canonical("+1 (212) 555-0123") == "12125550123");
  CHECK(parse_resident_number("+85261234567").has_value());
}

TEST_CASE("what is no number is refused with the reason") {
  struct Refused {
    const char* text;
    const char* reason;
  };
  const Refused form = GENERATE(values<Refused>({
      {"", "has no digits"},
      {"   ", "has no digits"},
      {"+", "has no digits"},
      {"unknown", "no digit, + or separator"},
      {"1390000111O", "no digit, + or separator"},
      {"139+00001111", "+ that is not at its beginning"},
      {"++8613900001111", "+ that is not at its beginning"},
      {"1390000111", "is no number of China"},
      {"139000011112", "is no number of China"},
      {"12900001111", "is no number of China"},
      {"65712345", "write its area code"},
      {"+86110", "as forged callers do"},
      {"+8696110", "as forged callers do"},
      {"+95588", "7 to 15 digits"},
      {"+9558812", "as forged callers do"},
      {"008612", "country code 86"},
      {"+86 139 0000 111", "country code 86"},
      {"00", "no country code"},
      {"0001390000", "no country code"},
      {"+10690000123", "country code 1"},
      {"+1234567890123456", "7 to 15 digits"},
      {"010-05712345", "no area code"},
      {"0999999999999", "no area code"},
      {"123456789012345678901234", "more digits than any number"},
  }));
  INFO(form.text);
  const Result<Number> number = parse_number(form.text);
  REQUIRE_FALSE(number);
  CHECK(number.error().code == Code::kInvalidArgument);
  INFO(number.error().message);
  CHECK(number.error().message.find(form.reason) != std::string::npos);
  CHECK(number.error().message.find(quoted(form.text)) != std::string::npos);
}

TEST_CASE("a spoofed or short peer is kept as it came") {
  CHECK(peer_number("+86110").view() == "+86110");
  CHECK(peer_number("  13 ").view() == "13");
  CHECK(peer_number("Apple").view() == "Apple");
  CHECK(peer_number("13900001111").view() == "8613900001111");
  CHECK(peer_number("").empty());
}

TEST_CASE("a peer's name that is too long is cut between characters") {
  const Number peer = peer_number("某某银行信用卡中心通知");  // 33 bytes, three a character
  CHECK(peer.view() == "某某银行信用卡");
}

TEST_CASE("no text whatever breaks the parser, and what it accepts is digits") {
  REQUIRE(rc::check("parse_number over any bytes", [](const std::string& text) {
    const Result<Number> number = parse_number(text);
    if (!number) return;
    RC_ASSERT(!number->empty());
    for (const char c : number->view()) RC_ASSERT(c >= '0' && c <= '9');
  }));
}

TEST_CASE("foreign numbers meet no number of China") {
  REQUIRE(rc::check("as dialled in China and behind a + the same digits are not the same line", [] {
    const std::string start = *rc::gen::element<std::string>("13", "19", "106", "12", "400", "800", "86", "95", "96");
    const auto digit = rc::gen::inRange('0', static_cast<char>('9' + 1));
    const auto size = *rc::gen::inRange<size_t>(3, 11);
    const std::string digits = start + *rc::gen::container<std::string>(size, digit);
    const Result<Number> bare = parse_number(digits);
    const Result<Number> foreign = parse_number("+" + digits);
    RC_CLASSIFY(bare && foreign, "both are numbers");
    // Behind 86 both are the same line indeed.
    if (bare && foreign && !digits.starts_with("86")) RC_ASSERT(*bare != *foreign);
  }));
  for (const char* digits : {"13900001111", "12125550123", "95912345678", "96170123456", "40021234567"}) {
    INFO(digits);
    const Result<Number> bare = parse_number(digits);
    CHECK((!bare || *bare != parse_number("+" + std::string(digits)).value()));
  }
}
