// The data folder: where its files and its master key lie, and the lock that keeps a second server out. The lock is the
// kernel's (flock), so it goes with the process however that ends. Held by the store; readers take none.
#pragma once
#include <filesystem>
#include <string>

#include "engine/result.h"

namespace quanzu::store {

// Where a data folder lies, and where the key that opens it does: in the folder, unless somewhere else is said.
class DataFolder {
 public:
  DataFolder() = default;
  // A path alone is the folder with its key in it.
  DataFolder(std::filesystem::path path, std::filesystem::path key_file = {})
      : path_(std::move(path)), key_file_(key_file.empty() ? path_ / "master.key" : std::move(key_file)) {}
  const std::filesystem::path& path() const { return path_; }
  const std::filesystem::path& key_file() const { return key_file_; }

 private:
  std::filesystem::path path_;
  std::filesystem::path key_file_;
};

inline std::filesystem::path database_path(const std::filesystem::path& folder) {
  return folder / "quanzu.db";
}

// Held until destroyed, or until the process ends in whatever way.
class FolderLock {
 public:
  // Makes the folder (mode 0700) where there is none. Errors, kUnavailable: another process holds it (the message names
  // it); the folder can't be made or written.
  static Result<FolderLock> acquire(const std::filesystem::path& folder);
  FolderLock(FolderLock&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace quanzu::store
