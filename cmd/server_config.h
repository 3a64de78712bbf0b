// `quanzud serve --config`: what the file says counts as if it were given, where the command line does not say it. By hand, since
// CLI11 reads a file for the whole program alone. Used while the command line is parsed; the main thread alone.
#pragma once
#include <CLI/CLI.hpp>
#include <set>
#include <string>

namespace quanzu::cmd {

class ConfigFile {
 public:
  // From here on each of the command's options has the last of what it is given.
  explicit ConfigFile(CLI::App& serve);

  // Throws CLI::ConfigError or CLI::FileError, which say the file and what is wrong.
  void read(const std::string& file);
  // Throws CLI::ArgumentMismatch where the command line gives an option twice.
  void once() const;

 private:
  CLI::App& serve_;
  std::set<const CLI::Option*> named_;
};

}  // namespace quanzu::cmd
