#include "simulator/texts.h"

#include <array>

namespace quanzu::simulator {
namespace {

using Texts = std::span<const std::string_view>;

constexpr std::array<std::string_view, 30> kLawfulTexts = {
    "妈,我今天加班到{n}点,你们先吃饭,不用等我",
    "周末回家吗?你爸买了条鱼,等你回来红烧",
    "老{s},晚上打球还差一个人,来不来",
    "【菜鸟驿站】您的包裹已到小区东门店,取件码{n},请于今日取走",
    "【顺风快运】您寄出的快件已由收件人本人签收,感谢使用",
    "【城市银行】您尾号{n}的储蓄卡收入工资{m}元,余额请以柜台查询为准",
    "【城市银行】您本期信用卡账单{m}元,到期还款日为本月25日,已关联自动还款请忽略",
    "【供电公司】您户号{n}本月电费{m}元,可到营业厅或官方渠道缴纳",
    "【第二小学】各位家长,明天上午家长会在阶梯教室举行,请准时参加",
    "【社区卫生中心】您预约的疫苗接种时间为周三上午,请携带身份证原件",
    "【市公安局】反诈提醒:凡是自称公检法要求转账到安全账户的都是诈骗,请拨打96110核实",
    "【反诈中心】刷单返利就是诈骗,不要点击陌生链接,不要向陌生人转账",
    "【街道办】本周六上午社区广场开展反诈宣传,欢迎居民参加,有小礼品",
    "您的验证码是{n},五分钟内有效,请勿告诉任何人",
    "【图书馆】您借阅的图书将于三天后到期,请及时归还或续借",
    "【物业】因管道检修,3号楼明天9时至15时停水,请提前储水",
    "【超市】会员日全场满{m}减二十,欢迎到店选购",
    "【火车票】您已购G{n}次列车二等座,请持身份证检票进站",
    "【医院】您的检查报告已出,请携带就诊卡到一楼自助机打印",
    "【12345】您反映的路灯问题已转办,编号{n},三个工作日内回复",
    "{s}姐,团购的水果到了,晚上下班到我这里拿",
    "爸,给你转了{m}块钱买药,记得收一下",
    "明天开会改到下午两点,材料请提前打印",
    "【健身房】您的会员卡还有三十天到期,到店续费可享九折",
    "【房产】您咨询的两居室已有现房,周末可预约看房",
    "【税务局】个人所得税年度汇算已开始,请通过个人所得税官方应用办理",
    "【移动营业厅】您本月套餐剩余流量{n}MB,详情请咨询营业厅",
    "奶奶今天精神好多了,医生说下周可以出院",
    "【家政】您预约的保洁师傅{s}师傅将于明天上午九点上门",
    "【驾校】科目二考试安排在下周二,请携带身份证到考场",
};

constexpr std::array<std::string_view, 8> kLawfulCalls = {
    "L:喂,您好,您有个快递放门卫了可以吗 R:可以,谢谢 L:好的再见",
    "L:您好,这里是社区居委会,做一下人口信息登记 R:好的,我家三口人 L:谢谢配合",
    "L:您好,您在我们店订的蛋糕做好了 R:好,我下班过来拿",
    "L:老{s}啊,周末爬山去不去 R:去啊,几点集合 L:早上七点北门",
    "L:您好,我是您的社区民警,提醒您近期诈骗多发,不要给陌生人转账 R:谢谢提醒",
    "L:您好,您预约的空调维修今天下午三点上门方便吗 R:方便的",
    "L:妈,药吃了没有 R:吃了吃了,你忙你的",
    "L:您好,这里是城市银行,您的信用卡已经制卡完成,请到网点领取 R:知道了,谢谢",
};

constexpr std::array<std::string_view, 4> kBrushing = {
    "招网络兼职,在家刷单每单返佣{m}元,当天结算,加QQ{n}领取任务",
    "诚聘兼职点赞员,关注公众号即可得红包,做任务日赚{m}元,进群联系导师",
    "【商城推广】帮商家提升销量,垫付下单后本金加佣金立返,联系微信wx{n}",
    "宝妈学生均可,手机做单日入{m},先垫付后返佣,下载 http://{d} 接单",
};
constexpr std::array<std::string_view, 4> kInvestment = {
    "{s}老师内部股票群限时开放,昨日推荐个股涨停,加微信wx{n}免费进群跟单",
    "专业导师带你做数字货币,稳赚不赔日收益百分之五,登录 http://{d} 注册开户",
    "内幕消息明日拉升,跟着老师操作保本高收益,名额有限,加群{n}",
    "外汇黄金平台新用户赠金{m}元,充值即可提现,收益翻倍 http://{d}",
};
constexpr std::array<std::string_view, 4> kShopping = {
    "内部渠道低价苹果手机只要{m}元,先付定金再发货,加微信wx{n}私下交易",
    "您中奖获得价值{m}元大礼,需先缴纳邮寄费和税费,点击 http://{d} 领取",
    "海外代购名包一折,不走平台直接转账更优惠,客服QQ{n}",
    "您被抽选为幸运用户,二等奖现金{m}元,请登录 http://{d} 填写银行卡领取,逾期作废",
};
constexpr std::array<std::string_view, 4> kFakeSupport = {
    "您网购的商品检测出质量问题,客服为您双倍退款理赔,请添加客服微信kf{n}",
    "【快递理赔】您的包裹丢失,可获赔{m}元,请点击 http://{d} 填写银行卡信息办理",
    "您误开通了百万保障会员,每月自动扣费{m}元,如需取消请联系客服{n}",
    "您的店铺代理权限即将生效,每月扣款{m}元,请立即致电客服{n}注销",
};
constexpr std::array<std::string_view, 4> kLoan = {
    "您的贷款额度{m}元已审批,无抵押秒到账,下载 http://{d} 提现",
    "凭身份证即可贷款{m}元,黑户可办,先交保证金解冻即可放款,联系QQ{n}",
    "银行卡号填写错误贷款被冻结,需缴纳解冻费{m}元后放款,详询客服{n}",
    "低息贷款不看征信,包装流水当天下款,缴纳手续费即可 http://{d}",
};
constexpr std::array<std::string_view, 4> kCredit = {
    "您的学生贷款账户未注销将影响个人征信,请联系客服{n}办理注销",
    "根据国家规定您的校园贷利率不符,需配合清零账户,否则上征信黑名单,致电{n}",
    "您的征信存在逾期异常,可付费修复征信记录,添加微信wx{n}",
    "【金融监管】您名下网贷账号异常,请立即登录 http://{d} 核销以免影响征信",
};
constexpr std::array<std::string_view, 4> kLeader = {
    "小{s},我是领导,换了新号码,明天上午到我办公室来一趟",
    "我是你{s}总,现在开会不方便接电话,急需给客户打款{m}元,你先帮我转一下,回头还你",
    "爸,我手机摔坏了,这是同学号码,学校要交培训费{m}元,转到{s}老师卡上",
    "猜猜我是谁,老朋友都听不出来了?我在外地出了点事,先借我{m}元,卡号稍后发你",
};
constexpr std::array<std::string_view, 4> kPolice = {
    "【公安局】您涉嫌洗钱案件,名下银行账户已被冻结,请立即回电专案组{n}配合调查",
    "【检察院】您有一份逮捕令未领取,为证清白请将资金转入安全账户核查,联系{s}警官{n}",
    "您的医保卡在外地被盗刷涉案,请联系{s}警官{n},此案保密不得告诉家人",
    "【通信管理局】您名下号码发送违法信息,两小时后强制停机,请致电{n}转公安机关报案",
};
constexpr std::array<std::string_view, 4> kDating = {
    "缘分让我们相遇,我是做跨境投资的,带你一起在平台赚钱 http://{d}",
    "亲爱的,我在平台发现漏洞可以稳赚,你先充值{m}元试试,赚了就是我们的首付",
    "附近美女真人交友,加微信wx{n}同城约会,先付诚意金{m}元",
    "宝贝我被公司派驻海外,寄给你的包裹被海关扣了,需先交清关费{m}元",
};
constexpr std::array<std::string_view, 4> kGame = {
    "高价收购游戏账号,请到 http://{d} 平台交易,缴纳保证金{m}元即可提现",
    "低价出售游戏装备和点券,先付款后发货,加QQ{n}",
    "您的账号交易资金{m}元被平台冻结,需充值同等金额解冻提现,联系客服{n}",
    "免费领取游戏皮肤,扫码进群联系客服{n},家长手机操作即可领取",
};

constexpr std::array<std::string_view, 3> kPoliceCalls = {
    "L:你好,我是市公安局刑侦支队的,你的身份证涉嫌一起洗钱案 R:啊,我没有啊 L:现在需要你配合调查,把资金转到安全账户核查,不能告诉任何人 R:那我怎么办",
    "L:我是检察院的,你的通缉令已经下来了 R:我是冤枉的 L:请你打开视频会议,下载这个软件共享屏幕做资金核查 R:好的好的",
    "L:这里是出入境管理局,你的护照在境外涉案,我帮你转接公安专案组 R:好 L:警官说要你去酒店开个房间,不要和家人联系,全程保密",
};
constexpr std::array<std::string_view, 3> kSupportCalls = {
    "L:您好,我是网购平台客服,您买的东西有质量问题要给您退款 R:怎么退 L:请您下载会议软件,打开共享屏幕,我教您操作 R:好的",
    "L:您开通的百万保障今天到期,不取消每月扣八百 R:我要取消 L:需要您把银行卡里的钱转到银联认证账户,验证后返还",
    "L:我是快递客服,您的包裹丢了,按三倍理赔 R:好 L:您的信用分不够,需要先在借款软件里借一笔钱转过来做流水",
};
constexpr std::array<std::string_view, 3> kCreditCalls = {
    "L:您好,我是某金融平台客服,您大学时注册过学生账户,现在要注销,不然影响征信 R:怎么注销 L:加一下会议软件,共享屏幕我指导您",
    "L:您的贷款利率不符合国家规定,要把额度清零 R:怎么清零 L:把各平台的额度借出来转到清算账户,核销后退还您",
    "L:您的征信有不良记录 R:会影响买房吗 L:会的,现在交一笔修复费就能消除",
};
constexpr std::array<std::string_view, 3> kOtherCalls = {
    "L:恭喜您获得内部名额,跟着老师投资稳赚不赔 R:真的吗 L:先入金三万,明天就能提现翻倍",
    "L:做任务垫付的钱已经到账,再做三单大单就能一起提现 R:我没钱了 L:可以去借,做完马上返还本金和佣金",
    "L:您的贷款已经批下来了,但是银行卡号填错被冻结 R:那怎么办 L:先交一万解冻费,放款时一起退给您",
};

}  // namespace

Texts lawful_texts() { return kLawfulTexts; }
Texts lawful_calls() { return kLawfulCalls; }

Texts hook_texts(FraudType type) {
  switch (type) {
    case FraudType::kBrushing: return kBrushing;
    case FraudType::kInvestment: return kInvestment;
    case FraudType::kShopping: return kShopping;
    case FraudType::kFakeSupport: return kFakeSupport;
    case FraudType::kLoan: return kLoan;
    case FraudType::kCredit: return kCredit;
    case FraudType::kImpersonateLeader: return kLeader;
    case FraudType::kImpersonatePolice: return kPolice;
    case FraudType::kDating: return kDating;
    case FraudType::kGameTrade: return kGame;
    case FraudType::kNone: break;
  }
  return kLawfulTexts;
}

Texts fraud_calls(FraudType type) {
  switch (type) {
    case FraudType::kImpersonatePolice: return kPoliceCalls;
    case FraudType::kFakeSupport: return kSupportCalls;
    case FraudType::kCredit: return kCreditCalls;
    default: return kOtherCalls;
  }
}

std::string fill(std::string_view pattern, Random& random) {
  static constexpr std::array<std::string_view, 12> kSurnames = {"王", "李", "张", "刘", "陈", "杨",
                                                                 "赵", "黄", "周", "吴", "徐", "孙"};
  static constexpr std::array<std::string_view, 4> kEndings = {".top", ".vip", ".cc", ".xyz"};
  std::string text;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '{' || i + 2 >= pattern.size() || pattern[i + 2] != '}') {
      text += pattern[i];
      continue;
    }
    switch (pattern[i + 1]) {
      case 'n': text += std::to_string(random.between(10000, 99999999)); break;
      case 'm': text += std::to_string(random.between(1, 500) * 100); break;
      case 's': text += random.pick(std::span<const std::string_view>(kSurnames)); break;
      case 'd':
        for (int letter = 0; letter < 6; ++letter) text += static_cast<char>('a' + random.below(26));
        text += random.pick(std::span<const std::string_view>(kEndings));
        break;
      default: text += pattern.substr(i, 3);
    }
    i += 2;
  }
  return text;
}

}  // namespace quanzu::simulator
