// A part of a condition that no test misses is named; one that a test misses is not.
#include "rules/author/mutation.h"
#include "tests/catch.h"
#include "tests/rules/load_text.h"

namespace quanzu::rules {
namespace {

using namespace testing;

constexpr const char* kRule = R"(title: probe
name: probe
logsource: {product: quanzu, category: sms}
detection:
  words: {text|contains: [转账, 汇款], peer.number|startswith: '86'}
  more: {text|contains: 安全账户}
  filter_advice: {text|contains: 谨防}
  filter_bank: {text|contains: 本行}
  condition: words and more and not 1 of filter_*
antifraud: {version: '1', owner: t, fraud_type: loan, stage: hook, weight: 10, half_life: 7d}
tests:
  - name: fires
    events: [{kind: sms, text: 转账到安全账户, peer.number: '13800001111'}]
    expect: [{count: 1}]
  - name: silent
    events:
      - {kind: sms, text: 转账成功, peer.number: '13800001111'}
      - {kind: sms, text: 谨防转账到安全账户的骗局, peer.number: '13800001111'}
    expect: []
)";

TEST_CASE("a part of a condition that no test misses is named with its place") {
  const Pack pack = load_text(kRule);
  REQUIRE(pack.ok());
  const Mutations done = mutate(pack);
  std::vector<std::string> parts;
  for (const Unnoticed& each : done.unnoticed) parts.push_back(std::to_string(each.mark.line) + " " + each.part);
  CHECK(done.tried == 7);
  CHECK(parts == std::vector<std::string>{"5 the selection words", "5 the items from text|contains: 转账 on",
                                          "5 the item peer.number|startswith: 86", "8 the selection filter_bank"});
}

}  // namespace
}  // namespace quanzu::rules
