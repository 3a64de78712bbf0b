// quanzu rules fmt: rule files in their one layout.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "cmd/tool_rules.h"
#include "rules/author/layout.h"
#include "rules/lang/problems.h"

namespace quanzu::tool {
namespace {

namespace fs = std::filesystem;

struct FmtCommand {
  std::string path;
  bool check = false;
  bool diff = false;
};

struct Counts {
  size_t files = 0;
  size_t changed = 0;
  size_t refused = 0;
  size_t unwritten = 0;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// By the longest common subsequence of what lies between the common ends.
void print_diff(const std::string& path, const std::string& before, const std::string& after) {
  const std::vector<std::string> a = lines_of(before), b = lines_of(after);
  size_t head = 0, tail = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
  while (tail < a.size() - head && tail < b.size() - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  const size_t n = a.size() - head - tail, m = b.size() - head - tail;
  std::vector<std::vector<uint32_t>> common(n + 1, std::vector<uint32_t>(m + 1));
  for (size_t i = n; i-- > 0;) {
    for (size_t j = m; j-- > 0;) {
      common[i][j] =
          a[head + i] == b[head + j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  std::cout << path << ":\n";
  for (size_t i = 0, j = 0; i < n || j < m;) {
    if (i < n && j < m && a[head + i] == b[head + j]) {
      ++i, ++j;
    } else if (j < m && (i == n || common[i][j + 1] > common[i + 1][j])) {
      std::cout << "  + " << b[head + j++] << '\n';
    } else {
      std::cout << "  " << head + i + 1 << " - " << a[head + i] << '\n';
      ++i;
    }
  }
}

// Whole or not at all.
bool replace(const fs::path& file, const std::string& text) {
  const fs::path beside = file.string() + ".new";
  std::ofstream out(beside, std::ios::binary);
  out << text;
  out.close();
  std::error_code error;
  if (out) fs::permissions(beside, fs::status(file, error).permissions(), error);
  if (out && !error) fs::rename(beside, file, error);
  if (out && !error) return true;
  fs::remove(beside, error);
  complain("'" + file.string() + "' can't be written");
  return false;
}

void format(const fs::path& file, const FmtCommand& command, Counts& counts) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  ++counts.files;
  if (!in) {
    complain("'" + file.string() + "' can't be read");
    ++counts.refused;
    return;
  }
  const rules::Layout layout = rules::lay_out(file.string(), bytes.str());
  for (const rules::Problem& problem : layout.problems) std::cerr << rules::describe(problem) << '\n';
  if (!layout.problems.empty()) {
    ++counts.refused;
    return;
  }
  if (layout.text == bytes.str()) return;
  ++counts.changed;
  if (command.diff) print_diff(file.string(), bytes.str(), layout.text);
  if (!command.check && !command.diff && !replace(file, layout.text)) {
    ++counts.unwritten;
    return;
  }
  if (!command.diff) std::cout << file.string() << '\n';
}

Exit fmt(const FmtCommand& command) {
  if (!fs::exists(command.path)) {
    complain("'" + command.path + "' does not exist: name a folder of rules, such as rules/packs, or one rule file");
    return Exit::kFailed;
  }
  Counts counts;
  for (const fs::path& file : rule_files(command.path)) format(file, command, counts);
  if (counts.files == 0) {
    complain("no rule file (.yml or .yaml) is under '" + command.path + "'");
    return Exit::kFailed;
  }
  const bool dry = command.check || command.diff;
  std::cerr << counts.changed << (dry ? " to change, " : " changed, ") << counts.files - counts.changed - counts.refused
            << " as they should be, " << counts.refused << " refused\n";
  if (counts.unwritten > 0) return Exit::kState;
  return counts.refused > 0 || (dry && counts.changed > 0) ? Exit::kFailed : Exit::kOk;
}

}  // namespace

void add_rules_fmt(CLI::App& rules) {
  CLI::App* sub =
      rules.add_subcommand("fmt",
                           "Bring rule files into their one layout, in place, and name those that changed.\n"
                           "What a file says, its order and its comments stay; a file that can't be laid out without a "
                           "change of what it says is refused and "
                           "left alone.\n"
                           "Exits: 0 all files are in it now; 1 a file is refused, or with --check or "
                           "--diff one would change; 3 a file can't be written");
  auto command = std::make_shared<FmtCommand>();
  sub->add_option("PATH", command->path, "A folder of rules, or one rule file")->required();
  sub->add_flag("--check", command->check, "Write nothing: name the files that would change");
  sub->add_flag("--diff", command->diff, "Write nothing: show the lines that would change");
  sub->footer("Example: quanzu rules fmt rules/packs --check");
  on_chosen(sub, [command] { return fmt(*command); });
}

}  // namespace quanzu::tool
