#include "rules/match/program.h"
#include "tests/catch.h"
#include "tests/rules/make_rule.h"

namespace quanzu::rules {
namespace {

using namespace testing;
using namespace std::string_view_literals;

Signal sms(std::string_view text) {
  Signal signal;
  signal.kind = Kind::kSms;
  signal.set(Field::kText, text);
  return signal;
}

std::shared_ptr<const Program> compiled(Pack pack) {
  auto program = Program::compile(std::move(pack));
  if (!program) FAIL(program.error().message);
  return *program;
}

std::vector<RuleIndex> matches(const Program& program, const Signal& signal) {
  Scanner scanner;
  std::vector<RuleIndex> out;
  scanner.scan(program, signal, out);
  return out;
}

bool matches_one(NodePtr condition, const Signal& signal) {
  const auto program = compiled(pack(rule("r", "", std::move(condition))));
  return matches(*program, signal) == std::vector<RuleIndex>{0};
}

using Rules = std::vector<RuleIndex>;

TEST_CASE("a rule holds on the signals of its kind that contain its words") {
  const auto program =
      compiled(pack(rule("transfer", "sms", all(contains("text", "安全账户"), contains("text", "转账"))),
                    rule("call", "call", contains("text", "安全账户")),
                    rule("either", "sms", any(contains("text", "刷单"), contains("text", "安全账户")))));
  CHECK(matches(*program, sms("请将资金转账到安全账户")) == Rules{0, 2});
  CHECK(matches(*program, sms("請 將 資金 轉賬 到 安全 賬戶")) == Rules{0, 2});
  CHECK(matches(*program, sms("今天刷单")) == Rules{2});
  CHECK(matches(*program, sms("今天下雨")).empty());
  Signal call = sms("安全账户");
  call.kind = Kind::kCall;
  CHECK(matches(*program, call) == Rules{1});
}

TEST_CASE("an empty pack matches nothing") {
  const auto program = compiled(Pack());
  CHECK(matches(*program, sms("安全账户")).empty());
  CHECK(program->rules().empty());
}

TEST_CASE("a value matches the whole field, without case") {
  Signal signal = sms("你好");
  signal.set(Field::kTitle, "Hello Ä");
  CHECK(matches_one(is("title", "hello ä"), signal));
  CHECK(matches_one(is("title", "HELLO*"), signal));
  CHECK(matches_one(is("title", "*ä"), signal));
  CHECK_FALSE(matches_one(is("title", "hello"), signal));
  CHECK_FALSE(matches_one(is("title", ""), signal));
  signal.set(Field::kTitle, "");
  CHECK(matches_one(is("title", ""), signal));
  CHECK(matches_one(is("title", "*"), signal));
}

TEST_CASE("wildcards take any run and exactly one code point, line ends too") {
  Signal signal;
  signal.set(Field::kTitle, "领取A补贴\n快来");
  CHECK(matches_one(is("title", "领?*补贴*来"), signal));
  CHECK(matches_one(is("title", "领取?补贴?快来"), signal));
  CHECK(matches_one(is("title", "*取?补*"), signal));
  CHECK_FALSE(matches_one(is("title", "领取??补贴*"), signal));
  CHECK_FALSE(matches_one(is("title", "取*补贴*"), signal));
  CHECK_FALSE(matches_one(is("title", "*补贴"), signal));
  CHECK(matches_one(is("title", "????????"), signal));
  CHECK_FALSE(matches_one(is("title", "???????"), signal));
}

TEST_CASE("characters that mean something to Hyperscan are literal in a value") {
  Signal signal;
  signal.set(Field::kUrl, "http://a.b/(x)[y]{1}^$+|\\\0#-"sv);
  CHECK(matches_one(contains("url", "(x)[y]{1}^$+|\\\0#-"sv), signal));
  CHECK(matches_one(is("url", "http://a.b/(x)*{1}?$*#-"), signal));
  CHECK_FALSE(matches_one(contains("url", "http://aXb"), signal));
  CHECK_FALSE(matches_one(is("url", "http://aXb/*{1}?$*"), signal));
}

TEST_CASE("a missing field makes an item false, and not of it true; null and exists ask for it") {
  Signal signal;  // nothing but the kind
  CHECK_FALSE(matches_one(contains("text", "a"), signal));
  CHECK(matches_one(negated(contains("text", "a")), signal));
  CHECK_FALSE(matches_one(is("text", "*"), signal));
  CHECK_FALSE(matches_one(is("text", ""), signal));
  CHECK(matches_one(item("text", Null{}), signal));
  CHECK(matches_one(item("text", Exists{false}), signal));
  CHECK_FALSE(matches_one(item("text", Exists{true}), signal));
  CHECK_FALSE(matches_one(compare("amount_fen", Compare::kLess, 1), signal));
  CHECK(matches_one(negated(compare("amount_fen", Compare::kLess, 1)), signal));
  CHECK_FALSE(matches_one(regex("text", "a*"), signal));
  signal.set(Field::kText, "");
  CHECK_FALSE(matches_one(item("text", Null{}), signal));
  CHECK(matches_one(item("text", Exists{true}), signal));
  CHECK(matches_one(is("text", ""), signal));
  CHECK(matches_one(is("text", "*"), signal));
  CHECK(matches_one(regex("text", "a*"), signal));
  CHECK(matches_one(regex("text", "^$"), signal));
}

TEST_CASE("numbers, booleans and times are compared by value") {
  Signal signal;
  signal.kind = Kind::kTransfer;
  signal.set(Field::kAmountFen, 500000);
  signal.set(Field::kRoaming, 1);
  signal.set(Field::kIssuedAt, 1'700'000'000'000);
  CHECK(matches_one(compare("amount_fen", Compare::kGreaterEqual, 500000), signal));
  CHECK_FALSE(matches_one(compare("amount_fen", Compare::kGreater, 500000), signal));
  CHECK(matches_one(compare("amount_fen", Compare::kLessEqual, 500000), signal));
  CHECK_FALSE(matches_one(compare("amount_fen", Compare::kLess, 500000), signal));
  CHECK(matches_one(item("amount_fen", NumberValue{500000, "500000"}), signal));
  CHECK(matches_one(item("roaming", true), signal));
  CHECK_FALSE(matches_one(item("roaming", false), signal));
  CHECK(matches_one(compare("issued_at", Compare::kGreater, 1.6e9), signal));
}

TEST_CASE("rules see canonical numbers, and what was received under .raw") {
  Signal signal;
  signal.kind = Kind::kCall;
  signal.set(Field::kPeerNumber, "0085261234567");
  signal.peer = Number("85261234567");
  CHECK(matches_one(is("peer.number", "852*"), signal));
  CHECK_FALSE(matches_one(is("peer.number", "00852*"), signal));
  CHECK(matches_one(is("peer.number.raw", "00852*"), signal));
  CHECK(matches_one(item("peer.number", NumberValue{85261234567.0, "85261234567"}), signal));
}

TEST_CASE("of many prefixes and suffixes all that fit are found") {
  Pack many;
  for (const char* prefix : {"8*", "852*", "85*", "8526*", "86*", "853*", "9*", "85261234567*"}) {
    many.rules.push_back(rule(prefix, "", is("peer.number", prefix)));
  }
  for (const char* suffix : {"*.com", "*bank.com", "*evil-bank.com", "*.cn", "*m"}) {
    many.rules.push_back(rule(suffix, "", is("url.host", suffix)));
  }
  const auto program = compiled(std::move(many));
  Signal signal;
  signal.set(Field::kPeerNumber, "85261234567");
  signal.peer = Number("85261234567");
  signal.set(Field::kUrlHost, "www.Evil-Bank.com");
  CHECK(matches(*program, signal) == Rules{0, 1, 2, 3, 7, 8, 9, 10, 12});
}

TEST_CASE("cased asks for the case as received; on text only where it can match") {
  Signal signal = sms("APP下载");
  signal.set(Field::kTitle, "APP");
  CHECK(matches_one(item("title", pattern("APP", true)), signal));
  CHECK_FALSE(matches_one(item("title", pattern("app", true)), signal));
  CHECK(matches_one(item("text.raw", pattern("APP*", true)), signal));
  CHECK_FALSE(matches_one(item("text.raw", pattern("app*", true)), signal));
  CHECK(matches_one(item("text.raw", pattern("app*")), signal));
  CHECK(matches_one(item("text", pattern("app*", true)), signal));
}

TEST_CASE("regular expressions are unanchored and case-sensitive unless they say i") {
  Signal signal = sms("点击HTTPS://Evil.example/领取 100元");
  CHECK(matches_one(regex("text", "领取.{0,3}[0-9]+元$"), signal));
  CHECK(matches_one(regex("text", "HTTPS?://[a-z.]+/", true), signal));
  CHECK(matches_one(regex("text.raw", "HTTPS://E"), signal));
  CHECK_FALSE(matches_one(regex("text.raw", "https://e"), signal));
  CHECK(matches_one(regex("text.raw", "https://[D-F]", true), signal));
  CHECK(matches_one(regex("text.raw", "领取.100"), signal));
  CHECK_FALSE(matches_one(regex("text.raw", "领取..100"), signal));
  CHECK(matches_one(regex("text", "(刷单|领取)"), signal));
}

TEST_CASE("the digits of a repeat are read to their end") {
  CHECK(matches_one(regex("text", "x{12}y{10,}"), sms("xxxxxxxxxxxxyyyyyyyyyy")));
  CHECK_FALSE(matches_one(regex("text", "x{12}y{10,}"), sms("xxxxxxxxxxxxyyyyyyyyy")));
}

TEST_CASE("keywords are contained in any string field") {
  Signal signal = sms("你好");
  signal.set(Field::kTitle, "Agent 007");
  CHECK(matches_one(item("", pattern("agent")), signal));
  CHECK(matches_one(item("", NumberValue{7, "007"}), signal));
  CHECK(matches_one(item("", pattern("你好")), signal));
  CHECK_FALSE(matches_one(item("", pattern("再见")), signal));
  CHECK(matches_one(all(item("", pattern("agent")), item("", pattern("你"))), signal));
}

TEST_CASE("a rule without a positive string is listed and evaluated on its kind") {
  const auto program = compiled(pack(rule("amount", "transfer", compare("amount_fen", Compare::kGreater, 10)),
                                     rule("silent", "sms", negated(contains("text", "你好"))),
                                     rule("words", "sms", contains("text", "你好"))));
  CHECK(program->without_witness() == Rules{0, 1});
  CHECK(matches(*program, sms("再见")) == Rules{1});
  CHECK(matches(*program, sms("你好")) == Rules{2});
  Signal transfer;
  transfer.kind = Kind::kTransfer;
  transfer.set(Field::kAmountFen, 11);
  CHECK(matches(*program, transfer) == Rules{0});
}

TEST_CASE("ill-formed UTF-8 is repaired before it is matched, and counted") {
  const auto program =
      compiled(pack(rule("text", "", contains("text", "安全")), rule("raw", "", regex("text.raw", "^.安全")),
                    rule("title", "", is("title", "?安全"))));
  Signal signal = sms("\xFF安全");
  signal.set(Field::kTitle, "\xE5\xAE安全");
  Scanner scanner;
  std::vector<RuleIndex> out;
  scanner.scan(*program, signal, out);
  CHECK(out == Rules{0, 1, 2});
  CHECK(scanner.repaired() == 3);
}

TEST_CASE("one scanner serves several programs in turn") {
  const auto first = compiled(pack(rule("a", "", contains("text", "安全"))));
  Pack more;
  for (int i = 0; i < 300; ++i)
    more.rules.push_back(rule(std::to_string(i), "", regex("text", "安全.{0,9}" + std::to_string(i) + "号")));
  const auto second = compiled(std::move(more));
  Scanner scanner;
  std::vector<RuleIndex> out;
  for (int round = 0; round < 3; ++round) {
    out.clear();
    scanner.scan(*first, sms("安全账户"), out);
    CHECK(out == Rules{0});
    out.clear();
    scanner.scan(*second, sms("安全账户117号"), out);
    CHECK(out == Rules{7, 17, 117});
  }
}

TEST_CASE("thousands of rules are all found") {
  Pack many;
  for (int i = 0; i < 3000; ++i)
    many.rules.push_back(rule(std::to_string(i), "sms", contains("text", "词" + std::to_string(i) + "尾")));
  const auto program = compiled(std::move(many));
  CHECK(program->size().rules == 3000);
  CHECK(program->size().always_evaluated == 0);
  Scanner scanner;
  std::vector<RuleIndex> out;
  for (RuleIndex i = 0; i < 3000; ++i) {
    out.clear();
    const std::string text = "前词" + std::to_string(i) + "尾后";
    scanner.scan(*program, sms(text), out);
    REQUIRE(out == Rules{i});
  }
}

TEST_CASE("a list of ten thousand phrases is one rule") {
  auto list = any();
  for (int i = 0; i < 10000; ++i) list->children.push_back(contains("text", "号" + std::to_string(i) + "台"));
  const auto program = compiled(pack(rule("list", "sms", std::move(list))));
  CHECK(matches(*program, sms("打号9999台")) == Rules{0});
  CHECK(matches(*program, sms("打号10000台")).empty());
}

TEST_CASE("what cannot be compiled is an error that names the rule and its place") {
  struct Row {
    NodePtr condition;
    const char* expected;
  };
  std::vector<Row> rows;
  rows.push_back({contains("txt", "a"), "unknown field 'txt'"});
  rows.push_back({regex("text", "a("), "Hyperscan refuses 'a('"});
  rows.push_back({regex("text", "a(?=b)"), "Hyperscan refuses 'a(?=b)'"});
  rows.push_back({regex("text", "APP"), "no normalised text contains 'A': write 'a'"});
  rows.push_back({item("text", pattern("賬戶", true)), "write '账户'"});
  rows.push_back({contains("text", "\xE2\x80\x8B"), "all invisible"});
  rows.push_back({contains("text", "\xFF"), "not valid UTF-8"});
  rows.push_back({contains("amount_fen", "1"), "'amount_fen' is a number, which a string does not fit"});
  rows.push_back({compare("text", Compare::kLess, 1), "'text' is a string, which a comparison does not fit"});
  rows.push_back({item("text", true), ""});
  rows.back().condition = item("amount_fen", true);
  rows.back().expected = "'amount_fen' is a number, which a boolean does not fit";
  rows.push_back({item("text", FieldRef{"nothing", FieldMatch::kWhole, false}), "unknown field 'nothing'"});
  for (Row& row : rows) {
    const auto program =
        Program::compile(pack(rule("fine", "", contains("text", "a")), rule("faulty", "", std::move(row.condition))));
    REQUIRE_FALSE(program.has_value());
    INFO(program.error().message);
    CHECK(program.error().code == quanzu::Code::kInvalidArgument);
    CHECK(program.error().message.find("packs/test/faulty.yml") == 0);
    CHECK(program.error().message.find("rule 'faulty'") != std::string::npos);
    CHECK(program.error().message.find(row.expected) != std::string::npos);
  }
}

TEST_CASE("a logsource that no signal can have is refused or never matches") {
  Rule unknown = rule("r", "fax", contains("text", "a"));
  CHECK(Program::compile(pack(std::move(unknown))).error().message.find("'fax' is no signal kind") !=
        std::string::npos);
  Rule windows = rule("r", "", negated(contains("text", "a")));
  windows.logsource.product = "windows";
  CHECK(matches(*compiled(pack(std::move(windows))), sms("b")).empty());
}

}  // namespace
}  // namespace quanzu::rules
