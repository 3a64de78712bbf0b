// What `quanzu rules new` writes: every template loads without a word of complaint, is in the layout, and passes its tests.
#include "rules/author/templates.h"

#include "rules/author/cost.h"
#include "rules/author/inline_test.h"
#include "rules/author/layout.h"
#include "tests/catch.h"
#include "tests/rules/load_text.h"

namespace quanzu::rules {
namespace {

TEST_CASE("every template loads, is in the layout, and passes its tests", "[author]") {
  const std::vector<std::string_view> names = template_names();
  CHECK(names.size() == kFraudTypeCount);  // the ten, and the correlation in place of none
  for (const TemplateLanguage language : {TemplateLanguage::kEnglish, TemplateLanguage::kChinese}) {
    for (const std::string_view name : names) {
      const std::string text = rule_template(name, "", language);
      INFO(text);
      CHECK(lay_out("new.yml", text).text == text);
      Pack pack = testing::load_text(text);
      CHECK(testing::all_problems(pack) == "");
      CHECK(cost_warnings(pack.rules.at(0)).empty());
      if (name != "correlation") CHECK(fraud_type_name(pack.rules[0].info.fraud_type) == name);
      const auto program = Program::compile(std::move(pack));
      REQUIRE(program.has_value());
      const std::vector<TestResult> results = run_tests(**program);
      CHECK(results.size() == 2);
      for (const TestResult& result : results) CHECK(result.diff == "");
    }
  }
}

TEST_CASE("a template bears the id that was asked for", "[author]") {
  CHECK(rule_template("loan", "mine", TemplateLanguage::kEnglish).find("\nname: mine\n") != std::string::npos);
  const std::string both = rule_template("correlation", "mine", TemplateLanguage::kEnglish);
  CHECK(both.find("\nname: mine\n") != std::string::npos);
  CHECK(both.find("rules: [mine_event]") != std::string::npos);
}

}  // namespace
}  // namespace quanzu::rules
