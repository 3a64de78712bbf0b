// quanzu rules new: the first text of a rule file.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "cmd/tool_rules.h"
#include "rules/author/templates.h"

namespace quanzu::tool {
namespace {

struct NewCommand {
  std::string type;
  std::string id;
  std::string language = "en";
  std::string out;
};

bool is_id(const std::string& id) {
  constexpr std::string_view kTaken = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  return id.find_first_not_of(kTaken) == std::string::npos;
}

Exit write_new(const NewCommand& command) {
  if (!is_id(command.id)) {
    complain("'" + command.id + "' is no id for a rule: use letters, digits, '_' and '-', such as my_first_rule");
    return Exit::kUsage;
  }
  const auto language =
      command.language == "zh" ? rules::TemplateLanguage::kChinese : rules::TemplateLanguage::kEnglish;
  const std::string text = rules::rule_template(command.type, command.id, language);
  if (command.out.empty()) {
    std::cout << text;
    return Exit::kOk;
  }
  if (std::filesystem::exists(command.out)) {
    complain("'" + command.out + "' is there already, and stays as it is: name another file");
    return Exit::kFailed;
  }
  std::ofstream out(command.out, std::ios::binary);
  out << text;
  out.close();
  if (!out) {
    complain("'" + command.out + "' can't be written: does its folder exist?");
    return Exit::kState;
  }
  std::cout << command.out << ": `quanzu rules test " << command.out << "` runs its tests\n";
  return Exit::kOk;
}

}  // namespace

void add_rules_new(CLI::App& rules) {
  CLI::App* sub = rules.add_subcommand("new",
                                       "A rule to begin with, by fraud type, or a correlation; it loads and passes its "
                                       "tests as it stands.\n"
                                       "Exits: 0 written; 1 the file is there already; 3 it can't be written");
  auto command = std::make_shared<NewCommand>();
  std::vector<std::string> names;
  for (const std::string_view name : rules::template_names()) names.emplace_back(name);
  sub->add_option("TYPE", command->type, "A fraud type, or correlation")->required()->check(CLI::IsMember(names));
  sub->add_option("--id", command->id, "The rule's name; without: TYPE_draft");
  sub->add_option("--lang", command->language, "Of the title and the comments")
      ->check(CLI::IsMember({"en", "zh"}))
      ->capture_default_str();
  sub->add_option("--out", command->out, "Write this file, which must not be there; without: standard output");
  sub->footer("Example: quanzu rules new loan --id loan_fee_first --out rules/packs/loan/fee.yml");
  on_chosen(sub, [command] { return write_new(*command); });
}

}  // namespace quanzu::tool
