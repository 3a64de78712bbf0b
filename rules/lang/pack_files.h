// The files that make a pack: rule files (.yml, .yaml) anywhere under its folder, its settings (pack.yml), lists
// (lists/*.txt, lists/*.tsv) and learned models (models/*.model). Read once, in path order, so that the same bytes have the
// same hash wherever they lie. Any thread.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "rules/lang/rule.h"

namespace quanzu::rules {

struct PackFile {
  std::filesystem::path path;
  std::string inside;  // its path inside the pack
  std::string bytes;

  bool is_list() const;
  bool is_settings() const;
  bool is_model() const;
};

// Those under a folder, or the one file. What can't be read is left out and told in `problems`.
std::vector<PackFile> read_pack_files(const std::filesystem::path& path, std::vector<Problem>& problems);

// Pack::hash: SHA-256, hex, over every file's path and bytes.
std::string hash_of(const std::vector<PackFile>& files);

}  // namespace quanzu::rules
