// From files to playbooks: read and checked, with the problems of all files at once. The one way into this folder for those
// who only want playbooks. Any thread; reads the files once and keeps nothing.
#pragma once
#include <filesystem>
#include <vector>

#include "rules/lang/rule.h"
#include "rules/playbook/file.h"

namespace quanzu::rules {

struct Playbooks {
  std::vector<PlaybookFile> files;  // by kind
  std::vector<Problem> problems;    // of all files

  bool ok() const;  // no problem is an error
};

// The .yml and .yaml files right in a folder, or one file. One playbook a kind.
Playbooks load_playbooks(const std::filesystem::path& path);

}  // namespace quanzu::rules
