#include "rules/text/heard.h"

#include "rules/text/utf8.h"
#include "tests/catch.h"

namespace quanzu::rules {
namespace {

std::string heard(std::string_view text) {
  std::string out;
  to_heard(text, out);
  return out;
}

TEST_CASE("listed words written by sound are put right, ordinary words stay") {
  struct Row {
    const char* text;
    const char* expected;
  };
  for (const Row& row : {
           Row{"代款", "贷款"},
           Row{"贷宽,代款", "贷款,贷款"},
           Row{"加薇信领红包", "加微信领红包"},
           Row{"银航卡", "银行卡"},      // by the reading that it has in the word
           Row{"验政玛", "验证码"},      // one after the other
           Row{"代宽", "代宽"},          // both are others
           Row{"克服困难", "克服困难"},  // 克服 sounds like 客服, and is a word
           Row{"先付保证金", "先付保证金"},  // not 付宝
           Row{"app代款5", "app贷款5"},
           Row{"", ""},
           Row{"代", "代"},
       }) {
    CHECK(heard(row.text) == row.expected);
    CHECK(heard(row.expected) == row.expected);
  }
}

TEST_CASE("what is put right is as long as before, character by character") {
  for (const std::string text : {"请加薇信,点集连接领洪包", "贷宽a代款。银航"}) {
    const std::string out = heard(text);
    CHECK(out != text);
    CHECK(out.size() == text.size());
    CHECK(find_invalid_utf8(out) == std::string::npos);
  }
}

}  // namespace
}  // namespace quanzu::rules
