// What the language means, as trees.
#include "rules/lang/dump.h"
#include "rules/match/program.h"
#include "tests/catch.h"
#include "tests/rules/load_text.h"

namespace quanzu::rules {
namespace {

using namespace testing;

struct Reading {
  std::string written;
  std::string tree;
};

std::string tree_of(const std::string& rule, const LoadOptions& options) {
  const Pack pack = load_text(rule, options);
  INFO(rule << "\n" << all_problems(pack));
  CHECK(pack.ok());
  REQUIRE(pack.rules.size() == 1);
  std::string tree = dump_conditions(pack.rules[0]);
  return tree.substr(1, tree.size() - 2);
}

void check_items(const std::vector<Reading>& table, const LoadOptions& options = {.any_schema = true}) {
  for (const Reading& row : table) {
    INFO(row.written);
    CHECK(tree_of(with_item(row.written), options) == row.tree);
  }
}

TEST_CASE("wildcards and escapes of a value", "[lang]") {
  check_items({
      {"f: abc", R"({"f": "f", "v": {"str": ["abc"]}})"},
      {"f: a*b?", R"({"f": "f", "v": {"str": ["a", {"w": "*"}, "b", {"w": "?"}]}})"},
      {"f: ''", R"({"f": "f", "v": {"str": []}})"},
      {R"(f: '\*\?')", R"({"f": "f", "v": {"str": ["*?"]}})"},
      {R"(f: 'a\\*')", R"({"f": "f", "v": {"str": ["a\\", {"w": "*"}]}})"},
      {R"(f: 'a\\\*')", R"({"f": "f", "v": {"str": ["a\\*"]}})"},
      {R"(f: 'C:\Windows\')", R"({"f": "f", "v": {"str": ["C:\\Windows\\"]}})"},
      {R"(f: 'a\\b')", R"({"f": "f", "v": {"str": ["a\\b"]}})"},
      {R"(f: 'a\\\b')", R"({"f": "f", "v": {"str": ["a\\\\b"]}})"},
      {R"(f: 'a\\\\b')", R"({"f": "f", "v": {"str": ["a\\\\b"]}})"},
      {R"(f: 'a\%b')", R"({"f": "f", "v": {"str": ["a\\%b"]}})"},
      {R"(f: '%name%')", R"({"f": "f", "v": {"str": ["%name%"]}})"},
      {R"(f: "安全账户")", R"({"f": "f", "v": {"str": ["安全账户"]}})"},
  });
}

TEST_CASE("plain scalars are typed by YAML 1.2, codes stay text", "[lang]") {
  check_items({
      {"f: 5", R"({"f": "f", "v": {"num": 5}})"},
      {"f: -1.5e3", R"({"f": "f", "v": {"num": -1500}})"},
      {"f: 0x1F", R"({"f": "f", "v": {"num": 31}})"},
      {"f: +5", R"({"f": "f", "v": {"num": 5}})"},
      {"f: 0", R"({"f": "f", "v": {"num": 0}})"},
      {"f: '5'", R"({"f": "f", "v": {"str": ["5"]}})"},
      {"f: 0010", R"({"f": "f", "v": {"str": ["0010"]}})"},
      {"f: 12:30", R"({"f": "f", "v": {"str": ["12:30"]}})"},
      {"f: NO", R"({"f": "f", "v": {"str": ["NO"]}})"},
      {"f: 1_000", R"({"f": "f", "v": {"str": ["1_000"]}})"},
      {"f: True", R"({"f": "f", "v": {"bool": true}})"},
      {"f: 'true'", R"({"f": "f", "v": {"str": ["true"]}})"},
      {"f: null", R"({"f": "f", "v": {"null": true}})"},
      {"f: ~", R"({"f": "f", "v": {"null": true}})"},
      {"f:", R"({"f": "f", "v": {"null": true}})"},
      {"f: 'null'", R"({"f": "f", "v": {"str": ["null"]}})"},
      {"f: !!str 5", R"({"f": "f", "v": {"str": ["5"]}})"},
  });
}

TEST_CASE("a scalar that other readers of YAML take for something else is warned about", "[lang]") {
  for (std::string_view written :
       {"+8613900001111", "0010", "NO", "12:30", "1e5", "0x1F", "on", "6222021234567890123"}) {
    const Pack pack = load_text(with_item("f: " + std::string(written)), {.any_schema = true});
    INFO(written << "\n" << all_problems(pack));
    CHECK(pack.ok());
    REQUIRE(pack.problems.size() == 1);
    CHECK(pack.problems[0].suggestion == "'" + std::string(written) + "'");
  }
  for (std::string_view written : {"'NO'", "95588", "abc", "-5", "1.5", "null", "true"}) {
    INFO(written);
    CHECK(load_text(with_item("f: " + std::string(written)), {.any_schema = true}).problems.empty());
  }
}

TEST_CASE("modifiers make values", "[lang]") {
  check_items({
      {"f|contains: a", R"({"f": "f", "v": {"str": [{"w": "*"}, "a", {"w": "*"}]}})"},
      {"f|contains: '*a?'", R"({"f": "f", "v": {"str": [{"w": "*"}, "a", {"w": "?"}, {"w": "*"}]}})"},
      {"f|startswith|cased: a", R"({"f": "f", "v": {"str": ["a", {"w": "*"}], "cased": true}})"},
      {"f|cased|endswith: a", R"({"f": "f", "v": {"str": [{"w": "*"}, "a"], "cased": true}})"},
      {"f|re|i|s: 'a.b'", R"({"f": "f", "v": {"re": "a.b", "flags": "is"}})"},
      {"f|cidr: 10.0.0.1", R"({"f": "f", "v": {"cidr": "10.0.0.1"}})"},
      {"f|cidr: '::ffff:0:0/96'", R"({"f": "f", "v": {"cidr": "::ffff:0:0/96"}})"},
      {"f|exists: false", R"({"f": "f", "v": {"exists": false}})"},
      {"f|gte: 5", R"({"f": "f", "v": {"gte": 5}})"},
      {"f|hour|lt: 6", R"({"f": "f", "v": {"hour": {"lt": 6}}})"},
      {"f|week: 53", R"({"f": "f", "v": {"week": 53}})"},
      {"f|fieldref: g", R"({"f": "f", "v": {"fieldref": "g"}})"},
      {"f|fieldref|endswith|cased: g", R"({"f": "f", "v": {"fieldref": "g", "match": "endswith", "cased": true}})"},
      {"f|neq: a", R"({"not": {"f": "f", "v": {"str": ["a"]}}})"},
      {"f|contains|neq: a", R"({"not": {"f": "f", "v": {"str": [{"w": "*"}, "a", {"w": "*"}]}}})"},
      {"f|neq: null", R"({"not": {"f": "f", "v": {"null": true}}})"},
      {"f|gte|neq: 5", R"({"not": {"f": "f", "v": {"gte": 5}}})"},
      {"f|neq: [a, b]", R"({"not": {"or": [{"f": "f", "v": {"str": ["a"]}}, {"f": "f", "v": {"str": ["b"]}}]}})"},
      {"f|all|neq: [a, b]", R"({"not": {"and": [{"f": "f", "v": {"str": ["a"]}}, {"f": "f", "v": {"str": ["b"]}}]}})"},
      {"f|base64: foobar", R"({"f": "f", "v": {"str": ["Zm9vYmFy"]}})"},
      {"f|base64: foob", R"({"f": "f", "v": {"str": ["Zm9vYg=="]}})"},
      {"f|wide|base64: ab", R"({"f": "f", "v": {"str": ["YQBiAA=="]}})"},
      {"f|utf16be|base64: ab", R"({"f": "f", "v": {"str": ["AGEAYg=="]}})"},
      {"f|utf16|base64: a", R"({"f": "f", "v": {"str": ["//5hAA=="]}})"},
      {"f|utf16le|base64: 😀", R"({"f": "f", "v": {"str": ["PdgA3g=="]}})"},
      {"f|base64offset|contains: foobar",
       R"({"f": "f", "v": {"expansion": [{"str": [{"w": "*"}, "Zm9vYmFy", {"w": "*"}]}, )"
       R"({"str": [{"w": "*"}, "Zvb2Jhc", {"w": "*"}]}, {"str": [{"w": "*"}, "mb29iYX", {"w": "*"}]}]}})"},
      {"f|windash: 'a-b -c'",
       R"({"f": "f", "v": {"expansion": [{"str": ["a-b -c"]}, {"str": ["a-b /c"]}, {"str": ["a-b –c"]}, )"
       R"({"str": ["a-b —c"]}, {"str": ["a-b ―c"]}]}})"},
      {"f|windash: 'a-b'", R"({"f": "f", "v": {"expansion": [{"str": ["a-b"]}]}})"},
  });
}

TEST_CASE("an expansion stays or where its list is and", "[lang]") {
  check_items({{"f|contains|windash|all: [' -a', b]",
                R"({"and": [{"f": "f", "v": {"expansion": [{"str": [{"w": "*"}, " -a", {"w": "*"}]}, )"
                R"({"str": [{"w": "*"}, " /a", {"w": "*"}]}, {"str": [{"w": "*"}, " –a", {"w": "*"}]}, )"
                R"({"str": [{"w": "*"}, " —a", {"w": "*"}]}, {"str": [{"w": "*"}, " ―a", {"w": "*"}]}]}}, )"
                R"({"f": "f", "v": {"expansion": [{"str": [{"w": "*"}, "b", {"w": "*"}]}]}}]})"}});
}

TEST_CASE("lists are or, maps and; keywords have no field", "[lang]") {
  const std::vector<Reading> table = {
      {"s: {a: x, b: [y, z]}\ncondition: s",
       R"({"and": [{"f": "a", "v": {"str": ["x"]}}, {"or": [{"f": "b", "v": {"str": ["y"]}}, {"f": "b", "v": {"str": ["z"]}}]}]})"},
      {"s: [{a: x, b: y}, {c: z}]\ncondition: s",
       R"({"or": [{"and": [{"f": "a", "v": {"str": ["x"]}}, {"f": "b", "v": {"str": ["y"]}}]}, {"f": "c", "v": {"str": ["z"]}}]})"},
      {"s: [x, 5]\ncondition: s", R"({"or": [{"kw": {"str": ["x"]}}, {"kw": {"num": 5}}]})"},
      {"s: {'|all': [x, y]}\ncondition: s", R"({"and": [{"kw": {"str": ["x"]}}, {"kw": {"str": ["y"]}}]})"},
      {"s: {'|re': 'x.'}\ncondition: s", R"({"kw": {"re": "x.", "flags": ""}})"},
  };
  for (const Reading& row : table) {
    INFO(row.written);
    CHECK(tree_of(with_detection(row.written), {.any_schema = true}) == row.tree);
  }
}

TEST_CASE("conditions: precedence, quantifiers, names", "[lang]") {
  const auto kw = [](std::string_view word) { return R"({"kw": {"str": [")" + std::string(word) + R"("]}})"; };
  const auto both = [](std::string_view how, const std::string& a, const std::string& b) {
    return "{\"" + std::string(how) + "\": [" + a + ", " + b + "]}";
  };
  const std::string not_a = "{\"not\": " + kw("a") + "}";
  const std::vector<Reading> table = {
      {"a1 or a2 and b", both("or", kw("a"), both("and", kw("c"), kw("b")))},
      {"(a1 or a2) and b", both("and", both("or", kw("a"), kw("c")), kw("b"))},
      {"not a1 and b", both("and", not_a, kw("b"))},
      {"not not a1", "{\"not\": " + not_a + "}"},
      {"1 of a*", "{\"or\": [" + kw("a") + ", " + kw("c") + ", " + kw("e") + "]}"},
      {"all of *1", both("and", kw("a"), kw("d"))},
      {"1 of b", kw("b")},
      {"not 1 of *2", "{\"not\": " + kw("c") + "}"},
      {"1 of _*", kw("d")},
      {"all", kw("e")},
      {"not_it", kw("f")},
      {"a1\n   or\tb", both("or", kw("a"), kw("b"))},
      {"1 of them", "{\"or\": [" + kw("a") + ", " + kw("c") + ", " + kw("b") + ", " + kw("e") + ", " + kw("f") + ", " +
                        kw("g") + "]}"},
      {"1 of *one", kw("g")},
  };
  for (const Reading& row : table) {
    INFO(row.written);
    const std::string condition = row.written.find('\n') == std::string::npos ? row.written : "\"" + row.written + "\"";
    std::string expected = row.tree;
    if (row.written == "all of *1") expected = kw("a");  // _d1 is hidden
    CHECK(tree_of(
              with_detection("a1: [a]\na2: [c]\nb: [b]\n_d1: [d]\nall: [e]\nnot_it: [f]\n'the one': [g]\ncondition: " +
                             condition),
              {.any_schema = true}) == expected);
  }
}

TEST_CASE("a list of conditions is several", "[lang]") {
  const Pack pack = load_text(with_detection("a: [x]\nb: [y]\ncondition: [a, b]"));
  CHECK(pack.ok());
  CHECK(pack.rules.at(0).conditions.size() == 2);
}

TEST_CASE("a value takes the type of its field", "[lang]") {
  check_items(
      {
          {"amount_fen: '500'", R"({"f": "amount_fen", "v": {"num": 500}})"},
          {"peer.number: 95588", R"({"f": "peer.number", "v": {"num": 95588}})"},
          {"roaming: 'true'", R"({"f": "roaming", "v": {"bool": true}})"},
          {"issued_at: '2026-11-24T10:00:00+08:00'", R"({"f": "issued_at", "v": {"num": 1795485600}})"},
          {"text.raw: a", R"({"f": "text.raw", "v": {"str": ["a"]}})"},
      },
      {});
}

TEST_CASE("lists resolve placeholders and in_list", "[lang]") {
  PackFolder folder;
  folder.add("lists/banks.txt", "# ours\nicbc*\n\n ccb # and a comment\n")
      .add("sub/lists/hosts.tsv", "a.cn\t2027-01-01\nb.cn\n");
  const auto tree = [&folder](const std::string& item, const LoadOptions& options = {}) {
    folder.add("rule.yml", with_item(item));
    const Pack pack = folder.load(options);
    INFO(all_problems(pack));
    CHECK(pack.ok());
    return pack.rules.empty() ? std::string() : dump_conditions(pack.rules[0]);
  };
  CHECK(
      tree("text|contains|expand: '%banks%'") ==
      R"([{"f": "text", "v": {"expansion": [{"str": [{"w": "*"}, "icbc", {"w": "*"}]}, {"str": [{"w": "*"}, "ccb", {"w": "*"}]}]}}])");
  CHECK(tree("url.host|in_list: hosts") ==
        R"([{"f": "url.host", "v": {"expansion": [{"str": ["a.cn"]}, {"str": ["b.cn"]}]}}])");
  CHECK(
      tree("text|re|expand: 'x(%hosts%)'") ==
      R"~([{"f": "text", "v": {"expansion": [{"re": "x(a\\.cn)", "flags": ""}, {"re": "x(b\\.cn)", "flags": ""}]}}])~");
  CHECK(tree(R"(text|expand: '50\% \\%hosts%')") ==
        R"([{"f": "text", "v": {"expansion": [{"str": ["50% \\a.cn"]}, {"str": ["50% \\b.cn"]}]}}])");
  CHECK(tree("text|expand: 'a%none%b'", {.keep_placeholders = true}) ==
        R"([{"f": "text", "v": {"str": ["a", {"ph": "none"}, "b"]}}])");
  folder.add("lists/bad.tsv", "x\tsoon\n");
  CHECK(all_problems(folder.load()).find("bad.tsv:1:3: error: 'soon'") != std::string::npos);
}

TEST_CASE("the namespace and the tests of a rule are read", "[lang]") {
  const Pack pack = load_text(
      "title: T\nid: x\nlogsource: {product: quanzu, category: transfer}\ndetection: {s: {amount_fen: 5}, condition: "
      "s}\n"
      "antifraud: {version: \"1.2\", owner: me, fraud_type: loan, stage: app, weight: 2.5, half_life: 2w,\n"
      "  suppress: {by: [peer.account], for: 1h}, window: {mode: arrival, lateness: 10m}, max_alerts_per_day: 7,\n"
      "  script: s.md, since: 2026-01-01, review_by: 2026-12-31}\n"
      "tests:\n  - name: n\n    start: 2026-11-24T10:00:00+08:00\n"
      "    events: [{at: +5m, amount_fen: 5, peer.account: 0010, peer.name: null}]\n"
      "    expect: [{at: +5m, count: 2, group: {a: b, c: 1}, level: high}]\n");
  INFO(all_problems(pack));
  REQUIRE(pack.problems.empty());
  const Rule& rule = pack.rules.at(0);
  CHECK(rule.info.id == "x");
  CHECK(rule.info.version == "1.2");
  CHECK(rule.info.fraud_type == FraudType::kLoan);
  CHECK(rule.info.stage == Stage::kScreen);
  CHECK(rule.info.weight.value() == 2500);
  CHECK(rule.info.half_life == std::chrono::hours(24 * 14));
  CHECK(rule.suppress->by == std::vector<std::string>{"peer.account"});
  CHECK(rule.suppress->period == std::chrono::hours(1));
  CHECK(rule.window->mode == WindowMode::kArrival);
  CHECK(rule.window->lateness == std::chrono::minutes(10));
  CHECK(rule.info.max_alerts_per_day == 7);
  CHECK(rule.hash.size() == 64);
  const RuleTest& test = rule.tests.at(0);
  CHECK(test.events.at(0).fields.at(0).value == FieldValue("+5m"));
  CHECK(test.events.at(0).fields.at(1).value == FieldValue(5.0));
  CHECK(test.events.at(0).fields.at(2).value == FieldValue("0010"));
  CHECK(test.events.at(0).fields.at(3).value == FieldValue());
  CHECK(test.expect.at(0).group == "a=b, c=1");
  CHECK(test.expect.at(0).count == 2);
}

TEST_CASE("the hash of a pack is that of its files, wherever it lies", "[lang]") {
  const auto hash = [](std::string_view text) { return load_text(text).hash; };
  CHECK(hash(with_item("text: a")) == hash(with_item("text: a")));
  CHECK(hash(with_item("text: a")) != hash(with_item("text: b")));
}

TEST_CASE("what a careful author should look at is a warning", "[lang]") {
  const auto problems = [](const std::string& rule) {
    const Pack pack = load_text(rule);
    CHECK(pack.ok());
    return all_problems(pack);
  };
  CHECK(
      problems(with_detection("s: [a]\nt: [b]\n_u: [c]\ncondition: s")).find("5:3: warning: 't': no condition uses") !=
      std::string::npos);
  CHECK(problems("titel: T\n" + with_item("text: a")).find("1:1: warning: 'titel': an unknown key") !=
        std::string::npos);
  CHECK(problems(with_item("direction: inn")).find("'direction' is in or out") != std::string::npos);
  CHECK(problems("title: T\nlogsource: {product: quanzu, category: sms}\ndetection: {s: {url: a}, condition: s}\n")
            .find("always missing here") != std::string::npos);
}

}  // namespace
}  // namespace quanzu::rules
