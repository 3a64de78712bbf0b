#include "simulator/halves.h"

#include <set>

#include "tests/catch.h"

namespace quanzu::simulator {
namespace {

// Twelve campaigns of ten near-duplicates.
Corpus campaigns() {
  constexpr std::string_view kTexts[] = {
      "您的快递在海关被扣请联系客服缴纳关税后放行", "本店开业全场五折欢迎新老顾客光临选购",
      "公安局通知您名下银行卡涉嫌洗钱请配合调查",   "明天下午三点在会议室开会请大家准时参加",
      "贷款额度已经批下来了只要交保证金就能放款",   "妈我今天加班晚饭不用等我回来再说吧",
      "刷单一单一结每天三百元名额有限速来报名",     "天气转凉注意添衣周末要不要一起去爬山",
      "航班因故取消请拨打客服电话办理退票改签",     "孩子的作业已经发到群里请家长签字确认",
      "我是你领导明天早上到我办公室来一趟",         "水费账单已出请在月底前到营业厅缴纳",
  };
  Corpus out;
  uint64_t line = 2;
  for (size_t campaign = 0; campaign < std::size(kTexts); ++campaign) {
    for (int copy = 0; copy < 10; ++copy) {
      out.rows.push_back({line++, campaign % 2 == 0 ? "fraud" : "ham", std::string(kTexts[campaign])});
    }
  }
  return out;
}

std::set<uint64_t> lines_of(const Corpus& corpus) {
  std::set<uint64_t> out;
  for (const CorpusRow& row : corpus.rows) out.insert(row.line);
  return out;
}

TEST_CASE("a corpus is parted whole, campaigns stay together, and halves are alike in labels") {
  const Corpus corpus = campaigns();
  const Corpus read = half_of(corpus, Half::kRead, 1);
  const Corpus unread = half_of(corpus, Half::kUnread, 1);
  CHECK(read.rows.size() == 60);
  CHECK(unread.rows.size() == 60);
  std::set<uint64_t> all = lines_of(read);
  all.merge(lines_of(unread));
  CHECK(all.size() == 120);
  std::set<std::string> texts;
  size_t frauds = 0;
  for (const CorpusRow& row : read.rows) {
    texts.insert(row.text);
    frauds += row.label == "fraud" ? 1 : 0;
  }
  for (const CorpusRow& row : unread.rows) CHECK_FALSE(texts.contains(row.text));
  CHECK(frauds == 30);
}

TEST_CASE("the same seed parts the same way, another seed another") {
  const Corpus corpus = campaigns();
  CHECK(lines_of(half_of(corpus, Half::kRead, 1)) == lines_of(half_of(corpus, Half::kRead, 1)));
  CHECK(lines_of(half_of(corpus, Half::kRead, 1)) != lines_of(half_of(corpus, Half::kRead, 2)));
}

}  // namespace
}  // namespace quanzu::simulator
