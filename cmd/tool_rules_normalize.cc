// quanzu rules normalize: what rules on `text` see, a line in, a line out.
#include <iostream>

#include "cmd/tool_rules.h"
#include "rules/text/nfkc_cf.h"
#include "rules/text/normalize.h"

namespace quanzu::tool {
namespace {

Exit normalize(const std::string& form) {
  std::ios::sync_with_stdio(false);
  rules::Normalizer normalizer;
  for (std::string line; std::getline(std::cin, line);) {
    if (form == "nfkc_cf") {
      std::cout << rules::nfkc_casefold(line) << '\n';
    } else {
      std::cout << normalizer.normalize(line) << '\n';
    }
  }
  std::cout.flush();
  return std::cout ? Exit::kOk : Exit::kState;
}

}  // namespace

void add_rules_normalize(CLI::App& rules) {
  CLI::App* sub = rules.add_subcommand("normalize",
                                       "Each line of standard input as rules on `text` see it: folded, simplified, "
                                       "without spaces beside Chinese or marks inside of it.");
  auto form = std::make_shared<std::string>("rules");
  sub->add_option("--form", *form, "rules: what rules see; nfkc_cf: Unicode's NFKC_CF and nothing more")
      ->check(CLI::IsMember({"rules", "nfkc_cf"}))
      ->capture_default_str();
  sub->footer("Example: echo '請 下載 ＡＰＰ' | quanzu rules normalize");
  on_chosen(sub, [form] { return normalize(*form); });
}

}  // namespace quanzu::tool
