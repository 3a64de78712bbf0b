#include "rules/author/templates.h"

#include <array>

#include "engine/fraud_type.h"
#include "engine/result.h"

namespace quanzu::rules {

namespace {

struct Words {  // of one fraud type
  std::string_view type;
  std::string_view title;
  std::string_view title_zh;
  std::string_view claim;  // what the fraudster says
  std::string_view ask;    // what the victim is to do
  std::array<std::string_view, 2> frauds;
  std::array<std::string_view, 2> lawful;
};

constexpr std::array<Words, 10> kTypes = {{
    {"brushing",
     "Paid tasks that begin with a small reward",
     "先给小利的刷单任务",
     "[刷单, 点赞, 做任务, 抢单]",
     "[垫付, 佣金, 返现, 加群]",
     {"手机点赞就有佣金，新人首单八元", "带您做任务，先垫付一百，马上返一百三"},
     {"谢谢大家给小店点赞，明天照常营业", "警方提醒：刷单垫付就是诈骗"}},
    {"investment",
     "A teacher whose shares only rise",
     "带单老师稳赚不赔",
     "[内部消息, 带单, 稳赚, 翻倍]",
     "[进群, 开户, 入金, 下载]",
     {"老师有内部消息，今天进群领三只牛股", "跟着带单三天翻倍，现在入金还送彩金"},
     {"本行理财有风险，请到网点开户咨询", "谨防稳赚不赔的荐股群，切勿下载陌生软件"}},
    {"shopping",
     "Goods paid for outside of the shop",
     "脱离平台的私下交易",
     "[低价转让, 内部价, 海关罚没, 代购]",
     "[先付定金, 私下转账, 加微信]",
     {"海关罚没手机，内部价一千，加微信订", "演唱会票低价转让，先付定金留票"},
     {"代购的奶粉到货了，请到店自取", "谨防低价转让，切勿私下转账"}},
    {"fake_support",
     "Support that offers a refund",
     "冒充客服退款理赔",
     "[客服, 理赔, 快递丢失, 会员扣费]",
     "[共享屏幕, 验证码, 备用金, 关闭会员]",
     {"您的快递丢失，现给您双倍理赔，请打开共享屏幕", "我是平台客服，不关闭会员每月自动扣费五百"},
     {"快递已放门卫，有事请联系客服", "民警提醒：客服让您共享屏幕的都是诈骗"}},
    {"loan",
     "A loan that asks for money first",
     "先交费后放款的贷款",
     "[贷款, 额度, 放款, 低息]",
     "[解冻, 保证金, 工本费, 刷流水]",
     {"您的贷款已批，卡号填错需交解冻金", "低息放款，先转保证金两千，随即到账"},
     {"您尾号8821的贷款本月应还1200元", "切勿向贷款平台先交保证金"}},
    {"credit",
     "Credit record to be repaired",
     "冒充金融客服消除征信",
     "[征信, 校园贷, 白条, 注销账户]",
     "[清空额度, 转入指定, 配合操作, 加qq]",
     {"您的征信有异常，请把钱转入指定账户核验", "校园贷账户未注销会影响征信，加QQ办理"},
     {"可到人民银行网点查询个人征信", "凡称能修复征信、要您转入指定账户的都是诈骗"}},
    {"impersonate_leader",
     "A leader who needs a transfer made",
     "冒充领导要求转账",
     "[我是你领导, 王书记, 局长, 换了号码]",
     "[先垫, 转到, 急用, 打给]",
     {"小李，我换了号码，有笔款先垫一下", "我是你领导，急用钱，打给这个账户"},
     {"局长明天上午到社区调研，请准备材料", "提醒：自称局长急用钱的，先打电话核实"}},
    {"impersonate_police",
     "An officer who asks for a transfer",
     "冒充公检法要求转账",
     "[警官, 检察院, 涉嫌洗钱, 通缉令]",
     "[安全账户, 资金核查, 保密, 屏幕共享]",
     {"我是李警官，您涉嫌洗钱，资金转入安全账户", "检察院通知，案件保密，请配合资金核查"},
     {"李警官今天到社区走访，欢迎咨询", "警方提醒：公检法没有安全账户"}},
    {"dating",
     "A stranger in love who asks for money",
     "网恋对象要钱",
     "[亲爱的, 宝贝, 遇见你, 奔现]",
     "[平台漏洞, 投一点, 急需, 路费]",
     {"亲爱的，我发现平台漏洞，你也投一点", "宝贝，买票去见你，路费不够了"},
     {"宝贝生日快乐，晚上回家吃饭", "网恋对象急需用钱多半是诈骗，亲爱的们当心"}},
    {"game_trade",
     "An account of a game traded outside",
     "游戏账号私下交易",
     "[游戏账号, 皮肤, 装备, 点券]",
     "[解冻, 押金, 私下交易, 免费领]",
     {"你的游戏账号我收了，平台要押金才能提现", "点赞即可免费领全套皮肤，扫码登录"},
     {"本周六更新，新皮肤上线", "谨防游戏账号私下交易被骗"}},
}};

constexpr std::string_view kCorrelation = R"(title: @event_title
name: @id_event
logsource: {product: quanzu, category: call}
detection:
  foreign:
    peer.number.raw|startswith: ["00", "+"]
  condition: foreign
antifraud: {version: "0.1", owner: me, fraud_type: impersonate_police, stage: grooming, weight: 5, half_life: 12h}
---
# @correlation_hint
title: @title
name: @id
correlation:
  type: event_count
  rules: [@id_event]
  group-by: [resident.number]
  timespan: 1h
  condition: {gte: 3}
antifraud: {version: "0.1", owner: me, fraud_type: impersonate_police, stage: grooming, weight: 25, half_life: 12h}
tests:
  - name: @fires
    events:
      - {kind: call, resident.number: "13900001111", peer.number: "0085261234567"}
      - {kind: call, resident.number: "13900001111", peer.number: "0085261234567", at: +20m}
      - {kind: call, resident.number: "13900001111", peer.number: "0085261234567", at: +50m}
    expect: [{at: +50m, group: "8613900001111"}]
  - name: @silent
    events:
      - {kind: call, resident.number: "13900001111", peer.number: "0085261234567"}
      - {kind: call, resident.number: "13900001111", peer.number: "0085261234567", at: +20m}
      - {kind: call, resident.number: "13900001111", peer.number: "0085261234567", at: +80m}
    expect: []
)";

constexpr std::string_view kRule = R"(# @head
title: @title
name: @id
logsource: {product: quanzu}
detection:
  # @claim_hint
  claim:
    text|contains: @claim
  # @ask_hint
  ask:
    text|contains: @ask
  # @filter_hint
  filter_advice:
    text|contains: [谨防, 切勿, 提醒, 诈骗]
  condition: claim and ask and not 1 of filter_*
antifraud: {version: "0.1", owner: me, fraud_type: @type, stage: hook, weight: 40, half_life: 14d}
tests:
  - name: @fires
    events:
      - {kind: sms, text: "@fraud_1"}
      - {kind: call, text: "@fraud_2"}
    expect: [{count: 2}]
  - name: @silent
    events:
      - {kind: sms, text: "@lawful_1"}
      - {kind: sms, text: "@lawful_2"}
    expect: []
)";

struct Filling {
  std::string_view place;  // behind the @
  std::string text;
};

// Each place by the first filling whose name it begins with.
std::string filled(std::string_view pattern, const std::vector<Filling>& fillings) {
  std::string out;
  for (size_t at = pattern.find('@'); at != std::string_view::npos; at = pattern.find('@')) {
    out += pattern.substr(0, at);
    pattern.remove_prefix(at + 1);
    const auto* found = fillings.data();
    while (found != fillings.data() + fillings.size() && !pattern.starts_with(found->place)) ++found;
    ENSURE(found != fillings.data() + fillings.size(), "a template names only what is filled in");
    out += found->text;
    pattern.remove_prefix(found->place.size());
  }
  return out.append(pattern);
}

std::vector<Filling> common(TemplateLanguage language) {
  const bool zh = language == TemplateLanguage::kChinese;
  return {
      {"fires", zh ? "不同说法的骗局都要报警" : "fires on differently worded frauds"},
      {"silent", zh ? "相像的正常信息不报警" : "silent on lawful look-alikes"},
      {"head", zh ? "先写清骗子说什么，再换成您自己的词和例子；docs/tutorial-rules.md 有全过程"
                  : "Put in your own words and messages; docs/tutorial-rules.md leads through it"},
      {"claim_hint", zh ? "骗子自称什么" : "What the fraudster says"},
      {"ask_hint", zh ? "要当事人做什么" : "What the victim is to do"},
      {"filter_hint", zh ? "只有提醒和正常信息才会说的话" : "What only warnings and lawful senders say"},
      {"correlation_hint", zh ? "一小时内三个境外来电，按当事人分组" : "Three within an hour, for each resident alone"},
      {"event_title", zh ? "境外来电" : "Call from abroad"},
  };
}

}  // namespace

std::vector<std::string_view> template_names() {
  std::vector<std::string_view> names;
  for (const Words& words : kTypes) names.push_back(words.type);
  names.push_back("correlation");
  return names;
}

std::string rule_template(std::string_view name, std::string_view id, TemplateLanguage language) {
  const bool zh = language == TemplateLanguage::kChinese;
  std::vector<Filling> fillings = common(language);
  const std::string chosen = id.empty() ? std::string(name) + "_draft" : std::string(id);
  if (name == "correlation") {
    fillings.push_back({"title", zh ? "一小时内三个境外来电" : "Three calls from abroad within an hour"});
    fillings.push_back({"id", chosen});
    return filled(kCorrelation, fillings);
  }
  for (const Words& words : kTypes) {
    if (words.type != name) continue;
    for (auto& [place, text] : std::vector<Filling>{{"title", std::string(zh ? words.title_zh : words.title)},
                                                    {"id", chosen},
                                                    {"claim", std::string(words.claim)},
                                                    {"ask", std::string(words.ask)},
                                                    {"type", std::string(words.type)},
                                                    {"fraud_1", std::string(words.frauds[0])},
                                                    {"fraud_2", std::string(words.frauds[1])},
                                                    {"lawful_1", std::string(words.lawful[0])},
                                                    {"lawful_2", std::string(words.lawful[1])}}) {
      fillings.push_back({place, text});
    }
    return filled(kRule, fillings);
  }
  ENSURE(false, "the name is one of template_names()");
}

}  // namespace quanzu::rules
