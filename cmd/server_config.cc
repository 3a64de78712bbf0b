#include "cmd/server_config.h"

#include "engine/result.h"

namespace quanzu::cmd {

ConfigFile::ConfigFile(CLI::App& serve) : serve_(serve) {
  for (CLI::Option* option : serve_.get_options()) option->take_last();
}

void ConfigFile::read(const std::string& file) {
  for (const CLI::ConfigItem& item : CLI::ConfigTOML().from_file(file)) {
    if (item.name == "++" || item.name == "--") continue;  // a section begins or ends: its items are refused
    const std::string name = file + ": " + quanzu::quoted(item.fullname());
    CLI::Option* option = serve_.get_option_no_throw("--" + item.name);
    if (option == nullptr || !item.parents.empty() || item.name == "config" || item.name == "help") {
      throw CLI::ConfigError(name + " is no option of serve; `quanzud serve --help` names them");
    }
    if (item.inputs.size() != 1)
      throw CLI::ConfigError(name + " has one value; one with a comma in it stands in quotes");
    if (item.inputs.front().find('"') != std::string::npos) {
      throw CLI::ConfigError(name + " has a quote inside, or a # inside quotes, which this file can't have");
    }
    if (!named_.insert(option).second) throw CLI::ConfigError(name + " stands there twice");
    if (option->empty()) option->add_result(item.inputs.front());
  }
}

void ConfigFile::once() const {
  for (const CLI::Option* option : serve_.get_options()) {
    if (option->count() > (named_.count(option) != 0 ? 2U : 1U)) {
      throw CLI::ArgumentMismatch(option->get_name() + " is given twice");
    }
  }
}

}  // namespace quanzu::cmd
