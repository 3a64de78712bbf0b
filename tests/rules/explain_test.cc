#include "rules/match/explain.h"

#include "rules/match/describe.h"
#include "tests/catch.h"
#include "tests/rules/make_rule.h"

namespace quanzu::rules {
namespace {

using namespace testing;

// The words that stand in the spans.
std::vector<std::string> marked(const Rule& made, std::string_view text) {
  std::vector<std::string> words;
  for (const auto& [begin, end] : matched_spans(made, text)) words.emplace_back(text.substr(begin, end - begin));
  return words;
}
std::vector<std::string> marked(NodePtr condition, std::string_view text) {
  return marked(rule("r", "", std::move(condition)), text);
}

using Words = std::vector<std::string>;

TEST_CASE("every word of a rule is marked wherever it stands") {
  CHECK(marked(any(contains("text", "转账"), contains("text", "安全账户"), contains("text", "刷单")),
               "请转账到安全账户,马上转账") == Words{"转账", "安全账户", "转账"});
  CHECK(marked(is("text", "您好*"), "您好,我是客服") == Words{"您好"});
  CHECK(marked(is("text", "*客服"), "您好,我是客服") == Words{"客服"});
  CHECK(marked(is("text", "您好"), "您好") == Words{"您好"});
  CHECK(marked(regex("text", "验证码.{0,4}[0-9]{4}"), "你的验证码是 8341,勿告诉他人") == Words{"验证码是 8341"});
}

TEST_CASE("marks stand on the original, through width, script, case and dropped white space") {
  CHECK(marked(contains("text", "安全账户"), "轉到 安 全 賬 戶 裏") == Words{"安 全 賬 戶"});
  CHECK(marked(contains("text", "下载app"), "請下載 ＡＰＰ  看看") == Words{"下載 ＡＰＰ"});
  CHECK(marked(contains("text", "有限"), "㍿有限公司") == Words{"有限"});
  CHECK(marked(contains("text", "会社"), "某㍿") == Words{"㍿"});  // one character stands for four
  CHECK(marked(contains("text", "caf\u00E9"), "Cafe\u0301!") == Words{"Cafe\u0301"});
  CHECK(marked(contains("text.raw", "ÄB"), "xäbx") == Words{"äb"});
  CHECK(marked(contains("text", "账户"), "\xFF账户\xFF") == Words{"账户"});
}

TEST_CASE("marks that touch or overlap are one") {
  CHECK(
      matched_spans(rule("r", "", any(contains("text", "安全账"), contains("text", "全账户"), contains("text", "转"))),
                    "安全账户转") == Spans{{0, 15}});
}

TEST_CASE("only what the rule needs is marked") {
  // The first branch can't hold on this text, so its word means nothing.
  CHECK(marked(any(all(contains("text", "银行"), contains("text", "冻结")), contains("text", "贷款")), "银行贷款") ==
        Words{"贷款"});
  // A word that must be absent is never marked; one that must not be absent is.
  CHECK(marked(all(contains("text", "贷款"), negated(contains("text", "退订"))), "贷款") == Words{"贷款"});
  CHECK(marked(negated(negated(contains("text", "贷款"))), "贷款") == Words{"贷款"});
  CHECK(marked(all(contains("text", "贷款"), negated(contains("text", "退订"))), "贷款,退订回T").empty());
}

TEST_CASE("items on other fields are taken as the rule needs them") {
  CHECK(marked(all(contains("text", "贷款"), is("peer.number", "852*"), compare("duration_s", Compare::kGreater, 60)),
               "贷款") == Words{"贷款"});
  CHECK(marked(all(contains("text", "贷款"), negated(is("peer.number", "95588"))), "贷款") == Words{"贷款"});
  CHECK(marked(is("title", "*贷款*"), "贷款").empty());
}

TEST_CASE("a keyword is marked where the text holds it, and may stand elsewhere") {
  CHECK(marked(contains("", "转账"), "请转账") == Words{"转账"});
  CHECK(marked(all(contains("", "银行"), contains("text", "转账")), "请转账") == Words{"转账"});
}

TEST_CASE("an expression too large for start offsets marks the literals that it requires") {
  CHECK(marked(regex("text", "转账.{0,60}(元|块).{0,60}x"), "请转账5元x") == Words{"转账"});
}

TEST_CASE("a program's rules are marked by id; an unknown one marks nothing") {
  auto program =
      Program::compile(pack(rule("a", "sms", contains("text", "甲")), rule("b", "", contains("text", "乙"))));
  REQUIRE(program.has_value());
  Highlighter highlighter(*program);
  CHECK(highlighter.spans("b", "甲乙") == Spans{{3, 6}});
  CHECK(highlighter.spans("a", "甲乙") == Spans{{0, 3}});
  CHECK(highlighter.spans("b", "丙").empty());
  CHECK(highlighter.spans("c", "甲乙").empty());
}

TEST_CASE("an explanation says of each node whether it holds, and of a miss what the signal holds instead") {
  const Rule made = rule("r", "sms",
                         all(contains("text", "贷款"), compare("amount_fen", Compare::kLess, 5),
                             is("peer.number", "95588"), negated(contains("text", "退订"))));
  Result<Explainer> explainer = Explainer::make(made);
  REQUIRE(explainer.has_value());
  Signal signal;
  signal.set(Field::kText, "贷款");
  signal.set(Field::kPeerNumber, "10086");
  signal.peer = Number("10086");
  const Explanation explanation = explainer->explain(signal);
  CHECK(explanation.takes);
  CHECK_FALSE(explanation.holds);
  const std::vector<Verdict>& parts = explanation.conditions.front().children;
  REQUIRE(parts.size() == 4);
  CHECK(parts[0].holds);
  CHECK(parts[0].places == std::vector<Place>{{Source::kText, 0, 6}});
  CHECK(parts[1].missing == "absent");
  CHECK(parts[2].missing == "\"10086\"");
  CHECK(parts[3].holds);
  CHECK_FALSE(parts[3].children.front().holds);

  signal.kind = Kind::kCall;
  CHECK_FALSE(explainer->explain(signal).takes);
}

TEST_CASE("an item is told as its author wrote it") {
  const auto told = [](const NodePtr& node) { return describe(node->item); };
  CHECK(told(contains("text", "转账")) == "text|contains: 转账");
  CHECK(told(is("text", "转*账?")) == "text: 转*账?");
  CHECK(told(is("url.host", "*.top")) == "url.host|endswith: .top");
  CHECK(told(is("url", "http*")) == "url|startswith: http");
  CHECK(told(is("url", "*")) == "url: *");
  CHECK(told(is("title", "")) == "title: ''");
  CHECK(told(item("text.raw", pattern("*Ab*", true))) == "text.raw|contains|cased: Ab");
  CHECK(told(regex("text", "a.b", true)) == "text|re|i: a.b");
  CHECK(told(compare("duration_s", Compare::kGreaterEqual, 1.5)) == "duration_s|gte: 1.5");
  CHECK(told(item("roaming", true)) == "roaming: true");
  CHECK(told(item("title", Null{})) == "title: null");
  CHECK(told(item("title", Exists{false})) == "title|exists: false");
  CHECK(told(item("peer.name", FieldRef{"title", FieldMatch::kEndsWith, false})) ==
        "peer.name|fieldref|endswith: title");
  CHECK(told(contains("", "转账")) == "keyword|contains: 转账");
}

}  // namespace
}  // namespace quanzu::rules
