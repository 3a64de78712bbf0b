#include "adapters/api/instruction_text.h"

#include "tests/catch.h"

namespace quanzu::api {
namespace {

using C = Confidence;
const Instant kNow = parse_rfc3339("2026-11-24T10:30:00+08:00").value();

TEST_CASE("an instruction in lines with labels is read whole") {
  const PastedInstruction of = read_instruction(
      "【预警指令】\n编号：YJ20261124-000123\n下发单位：市局反诈中心\n下发时间：2026-11-24 10:05:30\n预警等级：特高危\n"
      "诈骗类型：虚假网络投资理财类\n受害人：王某某，手机号 139 0000 1111\n涉诈号码：00852 61234567\n"
      "要求：5分钟内签收，30分钟内见面劝阻，2小时内反馈。",
      kNow);
  CHECK(of.upstream_id.value == "YJ20261124-000123");
  CHECK(of.unit.value == "市局反诈中心");
  CHECK(format_rfc3339(of.issued_at.value.value()) == "2026-11-24T02:05:30Z");
  CHECK(of.level.value == Level::kCritical);
  CHECK(of.fraud_type.value == FraudType::kInvestment);
  CHECK(of.number.value.view() == "8613900001111");
  CHECK(of.peer.value.view() == "85261234567");
  CHECK(of.action.value == "meet");
  for (const Confidence each :
       {of.upstream_id.confidence, of.unit.confidence, of.issued_at.confidence, of.level.confidence,
        of.fraud_type.confidence, of.number.confidence, of.peer.confidence, of.action.confidence}) {
    CHECK(each == C::kHigh);
  }
  REQUIRE(of.deadlines.size() == 3);
  CHECK(of.deadlines[0].action == "sign");
  CHECK(of.deadlines[0].within == std::chrono::minutes(5));
  CHECK(of.deadlines[1].action == "meet");
  CHECK(of.deadlines[2].within == std::chrono::hours(2));
}

TEST_CASE("one running sentence is read too, and guesses say so") {
  const PastedInstruction of = read_instruction(
      "请速处置：我辖区居民李某（１３８１２３４５６７８）疑似遭遇冒充公检法诈骗，正与对方15500001111通话，高危，11月24"
      "日9时50分预警，尽快上门。",
      kNow);
  CHECK(of.number.value.view() == "8613812345678");
  CHECK(of.number.confidence == C::kHigh);  // the only one that nothing calls the other side's
  CHECK(of.peer.value.view() == "8615500001111");
  CHECK(of.level.value == Level::kHigh);
  CHECK(of.level.confidence == C::kLow);
  CHECK(of.fraud_type.value == FraudType::kImpersonatePolice);
  CHECK(of.fraud_type.confidence == C::kLow);
  CHECK(format_rfc3339(of.issued_at.value.value()) == "2026-11-24T01:50:00Z");
  CHECK(of.action.value == "meet");
  CHECK(of.upstream_id.confidence == C::kNone);
}

TEST_CASE("the issuer's own name is no type of fraud") {
  const PastedInstruction of =
      read_instruction("市公安局刑侦支队 编号:A-778899 等级:中 手机号:13900001111 刷单返利", kNow);
  CHECK(of.fraud_type.value == FraudType::kBrushing);
  CHECK(of.level.value == Level::kMedium);
  CHECK(of.upstream_id.value == "A-778899");
}

TEST_CASE("digits of other things are nobody's number") {
  const PastedInstruction of =
      read_instruction("身份证110101199003071234，银行卡6222021390000111122，编号 X12345，手机号13900001111", kNow);
  CHECK(of.number.value.view() == "8613900001111");
  CHECK(of.peer.confidence == C::kNone);
}

TEST_CASE("of two residents' numbers the labelled one counts, without a label neither is sure") {
  CHECK(read_instruction("家属13700002222，当事人13900001111", kNow).number.value.view() == "8613900001111");
  CHECK(read_instruction("13700002222、13900001111 高危", kNow).number.confidence == C::kLow);
}

TEST_CASE("a day of December read in January was last year's") {
  const Instant january = parse_rfc3339("2027-01-02T08:00:00+08:00").value();
  const PastedInstruction of = read_instruction("预警时间：12月31日 23:50 手机号13900001111", january);
  CHECK(format_rfc3339(of.issued_at.value.value()) == "2026-12-31T15:50:00Z");
}

TEST_CASE("what is no instruction says nothing, whatever it is") {
  for (const std::string& text : {std::string(), std::string("今天下午开会，请带笔记本。"), std::string(8000, '1'),
                                  std::string("\xFF\xFE\x80"), std::string("编号"), std::string(4000, ':')}) {
    CHECK_FALSE(read_instruction(text, kNow).is_instruction());
  }
}

}  // namespace
}  // namespace quanzu::api
