// The packs that were live, each in a folder of the data folder named by its hash: a rollback finds them there, and so does
// a restart after one. Any thread; one writer at a time.
#pragma once
#include <filesystem>
#include <string>

#include "engine/result.h"

namespace quanzu::runtime {

class PackArchive {
 public:
  explicit PackArchive(const std::filesystem::path& data) : root_(data / "packs") {}

  // Keeps the rule files and lists under `folder`, whose hash is `hash`; nothing where it is kept already. Errors:
  // kAborted where the files are no longer those of the hash; kUnavailable where they can't be written.
  Result<void> keep(const std::filesystem::path& folder, const std::string& hash) const;

  bool has(const std::string& hash) const;
  std::filesystem::path folder_of(const std::string& hash) const { return root_ / hash; }

 private:
  std::filesystem::path root_;
};

}  // namespace quanzu::runtime
