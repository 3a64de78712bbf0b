#include "rules/playbook/load.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "rules/playbook/check.h"
#include "rules/playbook/read.h"

namespace quanzu::rules {
namespace {

namespace fs = std::filesystem;

class PlaybookLoader {
 public:
  void add(const std::string& file, std::string_view bytes) {
    Problems problems(file, out_.problems);
    std::optional<PlaybookFile> read = read_playbook(bytes, problems);
    if (!read) return;
    // What could not be read would be missed again by the checker.
    if (problems.errors() == 0) check_playbook(*read, problems);
    out_.files.push_back(std::move(*read));
  }

  void problem(const std::string& file, std::string reason, std::string suggestion = {}) {
    out_.problems.push_back({Severity::kError, file, {}, {}, std::move(reason), std::move(suggestion)});
  }

  Playbooks take() {
    std::sort(out_.files.begin(), out_.files.end(),
              [](const PlaybookFile& a, const PlaybookFile& b) { return a.playbook.kind < b.playbook.kind; });
    for (size_t i = 1; i < out_.files.size(); ++i) {
      if (out_.files[i].playbook.kind == out_.files[i - 1].playbook.kind) {
        problem(out_.files[i].file, "is of kind " + out_.files[i].playbook.kind + ", as " + out_.files[i - 1].file +
                                        " is: one playbook a kind");
      }
    }
    return std::move(out_);
  }

 private:
  Playbooks out_;
};

}  // namespace

bool Playbooks::ok() const {
  return std::none_of(problems.begin(), problems.end(),
                      [](const Problem& each) { return each.severity == Severity::kError; });
}

Playbooks load_playbooks(const fs::path& path) {
  PlaybookLoader loader;
  std::error_code error;
  const bool folder = fs::is_directory(path, error);
  std::vector<fs::path> files;
  if (folder) {
    for (const auto& entry : fs::directory_iterator(path, error)) {
      const fs::path ending = entry.path().extension();
      if (ending == ".yml" || ending == ".yaml") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
  } else {
    files.push_back(path);
  }
  for (const fs::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    std::stringstream bytes;
    if (in) bytes << in.rdbuf();
    if (in) {
      loader.add(file.string(), bytes.str());
    } else {
      loader.problem(file.string(), "can't be read");
    }
  }
  if (files.empty()) loader.problem(path.string(), "no playbook (.yml or .yaml) is here", "a copy of rules/playbooks");
  return loader.take();
}

}  // namespace quanzu::rules
